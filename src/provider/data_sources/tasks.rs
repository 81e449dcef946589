//! The data source `iotda_instance_tasks`.

use std::cmp::Reverse;
use std::time::Duration;

use tfplug::{DataSource, Diagnostics, Object, ReadContext, Timeouts, async_trait};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::iotda::InstanceTask;
use crate::provider::arguments::documented::{TASK_STATUSES, TASK_TYPES, miscased};
use crate::provider::arguments::validators::{instance_id, region};
use crate::provider::client::ProviderClient;
use crate::provider::diagnostic::read_error;
use crate::provider::state::attributes::{Flavor, OperateWindow};

/// Reads what is and was done to an instance: creations, changes of specifications, of addresses and of allow lists.
#[derive(Object)]
pub(super) struct TasksSource {
    /// Instance ID.
    #[tf(required, validate = instance_id)]
    instance_id: String,
    /// Only tasks of this status: `PENDING`, `RUNNING`, `SUCCESS` or `FAILED`.
    #[tf(optional)]
    status: Option<String>,
    /// Only tasks of this type: `CREATE`, `MODIFY`, `DELETE`, `FREEZE`, `UNFREEZE`, `UPDATE_ACCESS_CONFIG`,
    /// `UPDATE_ALLOW_LISTS` or `OPEN_SNAT`.
    #[tf(optional)]
    r#type: Option<String>,
    /// Region to read from. The provider's when not given.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// How long the read may take: `5m` when not given.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// The tasks, the newest first.
    #[tf(computed)]
    tasks: Vec<Task>,
}

/// Something that is or was done to an instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
#[expect(clippy::struct_field_names, reason = "the name is the API's")]
struct Task {
    /// Task ID.
    task_id: Option<String>,
    /// Type, such as `CREATE`.
    r#type: Option<String>,
    /// Status, such as `SUCCESS`.
    status: Option<String>,
    /// What the API says about the status.
    status_detail: Option<String>,
    /// When the task was made, in UTC: `2023-01-28T06:57:52.123Z`.
    create_time: Option<String>,
    /// When the task began, in UTC.
    start_time: Option<String>,
    /// When the task ended, in UTC.
    end_time: Option<String>,
    /// What the instance is to become.
    target_config: Option<TargetConfig>,
    /// Window in which the task may run.
    operate_window: Option<OperateWindow>,
}

/// What an instance is to become.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
struct TargetConfig {
    /// Specifications.
    flavor: Option<Flavor>,
    /// Billing mode: `prePaid` or `postPaid`.
    charge_mode: Option<String>,
}

#[async_trait]
impl DataSource<ProviderClient> for TasksSource {
    const NAME: &'static str = "iotda_instance_tasks";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        for (argument, value, known) in
            [("status", &self.status, TASK_STATUSES), ("type", &self.r#type, TASK_TYPES)]
        {
            if let Some(warning) = miscased(argument, value.as_deref(), known) {
                cx.warn(warning);
            }
        }
        let instances = cx.client().within(self.region.as_deref(), cx);
        let listed = instances.tasks(&self.instance_id).await;
        let mut listed = listed.map_err(|error| read_error(&error, instances.scope()))?;
        let fits = |filter: &Option<String>, value: &Option<String>| filter.is_none() || filter == value;
        listed.retain(|task| fits(&self.status, &task.status) && fits(&self.r#type, &task.kind));
        newest_first(&mut listed);
        let tasks = listed.into_iter().map(flatten).collect();
        let region = Some(instances.region().to_owned());
        Ok(Self { region, tasks, ..self })
    }
}

/// A time that cannot be read counts as the oldest.
fn created(task: &InstanceTask) -> Option<OffsetDateTime> {
    task.create_time.as_deref().and_then(|time| OffsetDateTime::parse(time, &Rfc3339).ok())
}

/// Puts the newest first; of tasks of the same time the one with the smallest ID.
pub(super) fn newest_first(tasks: &mut [InstanceTask]) {
    tasks.sort_by_cached_key(|task| (Reverse(created(task)), task.task_id.clone()));
}

fn flatten(task: InstanceTask) -> Task {
    Task {
        task_id: task.task_id,
        r#type: task.kind,
        status: task.status,
        status_detail: task.status_detail,
        create_time: task.create_time,
        start_time: task.start_time,
        end_time: task.end_time,
        target_config: task.target_config.map(|target| TargetConfig {
            flavor: target.flavor.map(Into::into),
            charge_mode: target.charge_mode,
        }),
        operate_window: task.operate_window.map(Into::into),
    }
}
