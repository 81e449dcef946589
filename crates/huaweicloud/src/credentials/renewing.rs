//! A caching source: each credential is obtained once, shared by all requests, and renewed before it expires.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::Source;
use crate::error::{CredentialSource, Error, Kind};
use crate::request::{Bearer, Caller, Cloud, Credential, Flights};
use crate::scope::Scope;

/// How long a still valid credential remains in use after its renewal failed.
const POSTPONED: Duration = Duration::from_secs(30);

/// Maximum time that a renewal takes from the read that triggers it: the old credential still works for that read.
const RENEWAL: Duration = Duration::from_secs(10);

pub(crate) struct Renewing {
    source: Box<dyn Source>,
    /// Describes the credential, before it is obtained.
    pub(super) described: Arc<CredentialSource>,
    /// Whether a credential is valid in one region only.
    is_regional: bool,
    /// Keyed by region for regional sources, otherwise a single entry.
    flights: Flights<Arc<Credential>>,
}

impl Renewing {
    pub(super) fn new(source: Box<dyn Source>, described: Arc<CredentialSource>, is_regional: bool) -> Self {
        Self { source, described, is_regional, flights: Flights::default() }
    }
}

/// A source as the identity of requests: of a read, or of those that obtain the next credential with it.
pub(crate) struct Held<'a> {
    pub(super) source: &'a Renewing,
    pub(super) cloud: &'a Cloud,
    pub(super) scope: Scope<'a>,
}

impl Held<'_> {
    /// Returns the same for the source below, whose credentials serve all regions.
    pub(super) fn below<'b>(&'b self, source: &'b Renewing) -> Held<'b> {
        Held { source, cloud: self.cloud, scope: Scope { region: None, ..self.scope } }
    }

    pub(crate) async fn caller(&self) -> Result<Caller<'_>, Error> {
        let (credential, deadline) = (self.credential().await?, self.scope.deadline);
        Ok(Caller { cloud: self.cloud, credential, bearer: Some(self), deadline })
    }

    /// Returns the description of the credential.
    pub(super) fn described(&self) -> Arc<CredentialSource> {
        Arc::clone(&self.source.described)
    }
}

#[async_trait]
impl Bearer for Held<'_> {
    async fn credential(&self) -> Result<Arc<Credential>, Error> {
        let Self { source, cloud, scope } = *self;
        let flight = source.flights.of(if source.is_regional { scope.region_or(&cloud.region) } else { "" });
        let fresh = |credential: &Arc<Credential>| credential.is_fresh(cloud.now());
        let alive = |credential: &Arc<Credential>| credential.is_alive(cloud.now());
        let obtain = async {
            let old = flight.peek();
            let renewal = old.as_ref().is_some_and(alive);
            let scope = if renewal { scope.until(renewal_end(scope.deadline)) } else { scope };
            let result = source.source.obtain(&Held { source, cloud, scope }).await;
            if let Ok(credential) = &result {
                tracing::info!(source = %credential.source, "credentials in use");
            }
            match (result, old) {
                (Err(error), Some(old)) if alive(&old) => {
                    tracing::warn!(source = %old.source, summary = error.summary(), "the credentials could not be renewed ahead of their expiry");
                    old.postpone(cloud.now() + POSTPONED);
                    Ok(old)
                }
                // A source that supplied a credential once may do so again.
                (Err(error), Some(_)) if *error.kind() == Kind::NoCredentials => {
                    Err(error.of_kind(Kind::CredentialSource))
                }
                (result, _) => result.map(Arc::new),
            }
        };
        flight.get(fresh, alive, obtain).await
    }
}

/// Returns when an early renewal is abandoned, so that the read keeps half of its own time.
fn renewal_end(deadline: Option<Instant>) -> Instant {
    let now = Instant::now();
    let left = deadline.map(|deadline| deadline.saturating_duration_since(now) / 2);
    now + left.map_or(RENEWAL, |left| left.min(RENEWAL))
}
