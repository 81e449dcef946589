//! The attributes of a task in the state, and the conversion from the API's model.

use tfplug::Object;

use super::attributes::{Flavor, OperateWindow};
use crate::iotda::{self, InstanceTask};

/// Everything about a task that both the list and the single read return, except its ID.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct TaskAttributes {
    /// Type: `CREATE`, `MODIFY`, `DELETE`, `FREEZE`, `UNFREEZE`, `UPDATE_ACCESS_CONFIG`, `UPDATE_ALLOW_LISTS` or
    /// `OPEN_SNAT`.
    r#type: Option<String>,
    /// Status: `PENDING`, `RUNNING`, `SUCCESS` or `FAILED`.
    status: Option<String>,
    /// Reason for the status, such as an error message.
    status_detail: Option<String>,
    /// Creation time in UTC, such as `2023-01-28T06:57:52.123Z`.
    create_time: Option<String>,
    /// Start time, in the form of `create_time`.
    start_time: Option<String>,
    /// End time, in the form of `create_time`.
    end_time: Option<String>,
    /// Configuration that the task gives to the instance.
    target_config: Option<TargetConfig>,
    /// Daily window in which the task may run.
    operate_window: Option<OperateWindow>,
}

/// Configuration that a task gives to an instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
struct TargetConfig {
    /// New flavor (specification).
    flavor: Option<Flavor>,
    /// New billing mode: `prePaid` (yearly or monthly) or `postPaid` (pay per use).
    charge_mode: Option<String>,
}

impl From<InstanceTask> for TaskAttributes {
    fn from(task: InstanceTask) -> Self {
        Self {
            r#type: task.kind,
            status: task.status,
            status_detail: task.status_detail,
            create_time: task.create_time,
            start_time: task.start_time,
            end_time: task.end_time,
            target_config: task.target_config.map(Into::into),
            operate_window: task.operate_window.map(Into::into),
        }
    }
}

impl From<iotda::TargetConfig> for TargetConfig {
    fn from(target: iotda::TargetConfig) -> Self {
        Self { flavor: target.flavor.map(Into::into), charge_mode: target.charge_mode }
    }
}
