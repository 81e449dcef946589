//! What a configuration of the provider becomes.

use tokio::sync::Semaphore;

use crate::iotda::InstanceClient;

/// Reads of details that listings have under way together: the API's limits are for the account, not for a listing.
pub(super) const DETAILS: usize = 16;

/// Shared by all reads of a configuration.
#[derive(Debug)]
pub struct ProviderClient {
    /// The instance API.
    pub(super) instances: InstanceClient,
    /// The queue of the listings; single reads pass it by.
    pub(super) details: Semaphore,
}

impl ProviderClient {
    pub(super) fn new(instances: InstanceClient) -> Self {
        Self { instances, details: Semaphore::new(DETAILS) }
    }

    /// The instance API, for who reads without Terraform.
    pub(crate) fn instances(&self) -> &InstanceClient {
        &self.instances
    }

    /// The region that is asked, by a data source's argument or the configuration.
    pub(super) fn region<'a>(&'a self, argument: Option<&'a str>) -> &'a str {
        argument.unwrap_or_else(|| self.instances.region())
    }
}
