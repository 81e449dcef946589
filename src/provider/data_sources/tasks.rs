//! The data source `iotda_instance_tasks`.

use std::cmp::Reverse;
use std::time::Duration;

use tfplug::{DataSource, Diagnostics, Object, ReadContext, Timeouts, async_trait};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::iotda::InstanceTask;
use crate::provider::arguments::documented::{TASK_STATUSES, TASK_TYPES, doubts, given, matches};
use crate::provider::arguments::validators::{filter, instance_id, region};
use crate::provider::client::{ProviderClient, Reading};
use crate::provider::state::task::TaskAttributes;

/// Lists an instance's current and past tasks: creation, and changes of flavor, addresses and allow lists. The API returns
/// the tasks of the last 180 days, at most 20. Requires the IAM permission `iotda:instance:queryTaskList`.
#[derive(Object)]
pub(super) struct TasksSource {
    /// ID of the instance.
    #[tf(required, validate = instance_id)]
    instance_id: String,
    /// Status of the tasks to list: `PENDING`, `RUNNING`, `SUCCESS` or `FAILED`.
    #[tf(optional, validate = filter)]
    status: Option<String>,
    /// Type of the tasks to list: `CREATE`, `MODIFY`, `DELETE`, `FREEZE`, `UNFREEZE`, `UPDATE_ACCESS_CONFIG`,
    /// `UPDATE_ALLOW_LISTS` or `OPEN_SNAT`.
    #[tf(optional, validate = filter)]
    r#type: Option<String>,
    /// Region to read from. Defaults to the provider's region.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// Timeout of the read. Defaults to `5m`.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// Tasks, newest first.
    #[tf(computed)]
    tasks: Vec<Task>,
}

/// A task in the list.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
struct Task {
    /// ID of the task, for the data source `iotda_instance_task`.
    task_id: Option<String>,
    #[tf(flatten)]
    attributes: TaskAttributes,
}

#[async_trait]
impl DataSource<ProviderClient> for TasksSource {
    const NAME: &'static str = "iotda_instance_tasks";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        let (status, kind) = (given(self.status.as_ref()), given(self.r#type.as_ref()));
        doubts([("status", status, TASK_STATUSES), ("type", kind, TASK_TYPES)])
            .for_each(|doubt| cx.warn(doubt));
        let reading = Reading::new(cx, self.region.as_deref());
        let listed = reading.instances.tasks(&self.instance_id).await;
        let mut listed = listed.map_err(|error| reading.error(error))?;
        listed.retain(|task| matches(status, task.status.as_deref()) && matches(kind, task.kind.as_deref()));
        newest_first(&mut listed);
        let task = |task: InstanceTask| Task { task_id: task.task_id.clone(), attributes: task.into() };
        let tasks = listed.into_iter().map(task).collect();
        let region = Some(reading.instances.region().to_owned());
        Ok(Self { region, tasks, ..self })
    }
}

/// Sorts by creation time, newest first, and then by ID. A time that is not RFC 3339 counts as the oldest.
pub(super) fn newest_first(tasks: &mut [InstanceTask]) {
    let created = |task: &InstanceTask| OffsetDateTime::parse(task.create_time.as_deref()?, &Rfc3339).ok();
    tasks.sort_by_cached_key(|task| (Reverse(created(task)), task.task_id.clone()));
}
