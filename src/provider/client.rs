//! The client that a provider configuration creates.

use huaweicloud::Scope;
use tfplug::ReadContext;
use tokio::sync::Semaphore;

use super::audience::Audience;
use crate::iotda::{InstanceClient, Instances};

/// Maximum number of concurrent detail reads of all listings: the API's limits apply to the account, not to a listing.
pub(super) const DETAILS: usize = 16;

/// What all reads of a provider configuration share.
#[derive(Debug)]
pub struct ProviderClient {
    /// The instance API.
    pub(super) instances: InstanceClient,
    /// Limits the concurrent detail reads of listings. Single reads do not use it.
    pub(super) details: Semaphore,
    /// Whether messages are for a host or for a person.
    pub(super) audience: Audience,
}

impl ProviderClient {
    pub(super) fn new(instances: InstanceClient) -> Self {
        Self { instances, details: Semaphore::new(DETAILS), audience: Audience::default() }
    }

    /// Returns whether messages are for a host or for a person.
    pub(crate) fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Returns the instance API, for reads without Terraform.
    pub(crate) fn instances(&self) -> &InstanceClient {
        &self.instances
    }

    /// Returns the instance API for one read.
    pub(super) fn within<'a>(&'a self, region: Option<&'a str>, cx: &ReadContext<Self>) -> Instances<'a> {
        self.instances.within(Scope { region, deadline: cx.deadline() })
    }
}
