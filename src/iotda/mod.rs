//! Typed client of the IoTDA instance API. Does not depend on Terraform.

mod instances;
mod listing;
mod model;

pub use instances::Instances;
pub use model::{
    AccessInfo, AdditionalParams, AllowedAddress, Flavor, ForwardingInfo, Instance, InstanceFlavor,
    InstanceSummary, InstanceTask, IpWhitelist, OperateWindow, Tag, TargetConfig,
};

use huaweicloud::Service;

/// IAM action of `ShowInstance`.
const SHOW_ACTION: &str = "iotda:instance:query";
/// IAM action of `ListInstances`.
const LIST_ACTION: &str = "iotda:instance:queryList";
/// IAM action of `ListInstanceTasks`.
const LIST_TASKS_ACTION: &str = "iotda:instance:queryTaskList";
/// IAM action of `ShowInstanceTask`.
const SHOW_TASK_ACTION: &str = "iotda:instance:queryTask";

/// The management service, which manages the instances; not the data plane of an instance.
pub const SERVICE: Service = Service {
    // The last is what Pulumi's bridge makes of the key in descriptions.
    misspellings: &["iotda-mgmt", "iotda_management", "iotdm", "iotda-mgt", "iotda_mgt", "iotdaMgmt"],
    throttling_codes: &["IOTDA.021101", "IOTDA.021102"],
    // "Invalid access token."
    foreign_token_code: Some("IOTDA.000004"),
    ..Service::new("iotda_mgmt", "iotda-mgmt")
};
