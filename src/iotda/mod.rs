//! Typed client of the IoTDA instance API. Knows nothing of Terraform.

mod instances;
mod lists;
mod model;

pub use instances::InstanceClient;
pub use lists::ListFilter;
pub use model::{
    AccessInfo, AdditionalParams, AllowedAddress, Flavor, ForwardingInfo, Instance, InstanceFlavor,
    InstanceSummary, InstanceTask, IpWhitelist, OperateWindow, Tag, TargetConfig,
};

use huaweicloud::Service;

/// The management service, which knows the instances; not the instances' own data plane.
pub const SERVICE: Service = Service {
    key: "iotda_mgmt",
    host: "iotda-mgmt",
    misspellings: &["iotda-mgmt", "iotda_management", "iotdm", "iotda-mgt", "iotda_mgt"],
};
