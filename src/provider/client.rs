//! The client that a provider configuration creates, and its use for one read.

use huaweicloud::{Client, Error, Kind, Scope};
use tfplug::{Diagnostic, ReadContext};
use tokio::sync::Semaphore;

use super::audience::{Argument, Audience};
use crate::iotda::Instances;

/// Maximum number of concurrent detail reads of all listings: the API's limits apply to the account, not to a listing.
pub(super) const DETAILS: usize = 16;

/// What all reads of a provider configuration share.
pub struct ProviderClient {
    /// The client of the cloud.
    pub(crate) cloud: Client,
    /// Limits the concurrent detail reads of listings. Single reads do not use it.
    pub(super) details: Semaphore,
    /// Whether messages are for a host or for a person.
    pub(crate) audience: Audience,
}

impl ProviderClient {
    pub(super) fn new(cloud: Client) -> Self {
        Self { cloud, details: Semaphore::new(DETAILS), audience: Audience::default() }
    }
}

/// One read of a data source.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The instance API.
    pub(super) instances: Instances<'a>,
    pub(super) shared: &'a ProviderClient,
}

impl<'a> Reading<'a> {
    pub(super) fn new(cx: &'a ReadContext<ProviderClient>, region: Option<&'a str>) -> Self {
        let shared = cx.client();
        let scope = Scope { region, deadline: cx.deadline() };
        Self { instances: Instances { client: &shared.cloud, scope }, shared }
    }

    /// Returns the diagnostic for the error of a request. It points at `region` if that argument is set and at fault.
    pub(super) fn error(&self, mut error: Error) -> Diagnostic {
        if error.is_of_time() {
            let timeout = self.shared.audience.name(Argument::TIMEOUT);
            error = error.and(format!("To allow more time, raise {timeout}."));
        }
        let diagnostic = Diagnostic::error(error.summary(), error.detail());
        match error.kind() {
            Kind::Argument | Kind::NoProject if self.instances.scope.region.is_some() => {
                diagnostic.at("region")
            }
            _ => diagnostic,
        }
    }
}
