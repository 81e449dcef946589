//! What a configuration of the provider becomes.

use huaweicloud::Scope;
use tfplug::ReadContext;
use tokio::sync::Semaphore;

use super::audience::Audience;
use crate::iotda::{InstanceClient, Instances};

/// Reads of details that listings have under way together: the API's limits are for the account, not for a listing.
pub(super) const DETAILS: usize = 16;

/// Shared by all reads of a configuration.
#[derive(Debug)]
pub struct ProviderClient {
    /// The instance API.
    pub(super) instances: InstanceClient,
    /// The queue of the listings; single reads pass it by.
    pub(super) details: Semaphore,
    /// Who reads.
    pub(super) audience: Audience,
}

impl ProviderClient {
    pub(super) fn new(instances: InstanceClient) -> Self {
        Self { instances, details: Semaphore::new(DETAILS), audience: Audience::default() }
    }

    /// Who reads.
    pub(crate) fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The instance API, for reads without Terraform.
    pub(crate) fn instances(&self) -> &InstanceClient {
        &self.instances
    }

    /// The instance API for one read.
    pub(super) fn within<'a>(&'a self, region: Option<&'a str>, cx: &ReadContext<Self>) -> Instances<'a> {
        self.instances.within(Scope { region, deadline: cx.deadline() })
    }
}
