//! The data source `iotda_instance_task`.

use std::time::Duration;

use tfplug::{DataSource, Diagnostics, Object, ReadContext, Timeouts, async_trait};

use crate::provider::arguments::validators::{instance_id, region, task_id};
use crate::provider::client::{ProviderClient, Reading};
use crate::provider::state::task::TaskAttributes;

/// Reads one task of an instance by its ID, with its progress. Requires the IAM permission
/// `iotda:instance:queryTask`.
#[derive(Object)]
pub(super) struct TaskSource {
    /// ID of the instance.
    #[tf(required, validate = instance_id)]
    instance_id: String,
    /// ID of the task. The data source `iotda_instance_tasks` lists the IDs.
    #[tf(required, validate = task_id)]
    task_id: String,
    /// Region to read from. Defaults to the provider's region.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// Timeout of the read. Defaults to `5m`.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    #[tf(flatten)]
    attributes: TaskAttributes,
    /// Progress, in percent.
    #[tf(computed)]
    progress: Option<i64>,
}

#[async_trait]
impl DataSource<ProviderClient> for TaskSource {
    const NAME: &'static str = "iotda_instance_task";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        let reading = Reading::new(cx, self.region.as_deref());
        let task = reading.instances.task(&self.instance_id, &self.task_id).await;
        let task = task.map_err(|error| reading.error(error))?;
        let region = Some(reading.instances.region().to_owned());
        Ok(Self { region, progress: task.progress, attributes: task.into(), ..self })
    }
}
