//! A source with a memory: each credential is obtained once, shared by all, and renewed ahead of its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Source;
use crate::error::{Error, Kind};
use crate::request::cloud::Cloud;
use crate::request::credential::Credential;
use crate::request::single_flight::SingleFlight;

/// How long a credential that is still good is used on after its renewal failed.
const POSTPONED: Duration = Duration::from_secs(30);

/// What a renewal may take of the time of the read that comes by: the old credential serves it as well.
const RENEWAL: Duration = Duration::from_secs(10);

type Flight = Arc<SingleFlight<Arc<Credential>>>;

pub(crate) struct Renewing {
    source: Box<dyn Source>,
    /// By region for sources that differ by region, else one.
    flights: Mutex<BTreeMap<String, Flight>>,
}

impl Renewing {
    pub(crate) fn new(source: Box<dyn Source>) -> Self {
        Self { source, flights: Mutex::default() }
    }

    /// Words that name the source.
    pub(crate) fn name(&self) -> Arc<str> {
        self.source.name()
    }

    pub(crate) async fn credential(
        &self,
        cloud: &Cloud,
        region: &str,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credential>, Error> {
        let flight = self.flight(if self.source.is_regional() { region } else { "" });
        let fresh = |credential: &Arc<Credential>| credential.is_fresh(cloud.now());
        let alive = |credential: &Arc<Credential>| credential.is_alive(cloud.now());
        let obtain = async {
            let old = flight.peek();
            let deadline =
                if old.as_ref().is_some_and(alive) { Some(renewal_end(deadline)) } else { deadline };
            let result = self.source.obtain(cloud, region, deadline).await;
            if let Ok(credential) = &result {
                tracing::info!(source = %credential.name, "credentials in use");
            }
            match (result, old) {
                (Err(error), Some(old)) if alive(&old) => {
                    tracing::warn!(source = %old.name, summary = error.summary(), "the credentials could not be renewed ahead of their expiry");
                    old.postpone(cloud.now() + POSTPONED);
                    Ok(old)
                }
                // Where there was a credential once, there may be one again.
                (Err(error), Some(_)) if *error.kind() == Kind::NoCredentials => {
                    Err(error.of_kind(Kind::CredentialSource))
                }
                (result, _) => result.map(Arc::new),
            }
        };
        flight.get(fresh, alive, obtain).await
    }

    fn flight(&self, region: &str) -> Flight {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(region) {
            return Arc::clone(flight);
        }
        Arc::clone(flights.entry(region.to_owned()).or_default())
    }
}

/// When a renewal ahead of time is given up, so that the read still has half of its own time.
fn renewal_end(deadline: Option<Instant>) -> Instant {
    let now = Instant::now();
    let left = deadline.map(|deadline| deadline.saturating_duration_since(now) / 2);
    now + left.map_or(RENEWAL, |left| left.min(RENEWAL))
}
