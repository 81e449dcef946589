//! A source with a memory: each credential is obtained once, shared by all, and renewed ahead of its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::super::cloud::Cloud;
use super::super::error::Error;
use super::super::single_flight::SingleFlight;
use super::{Credential, Source};

/// How long a credential that is still good is used on after its renewal failed.
const POSTPONED: Duration = Duration::from_secs(30);

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

    pub(crate) async fn credential(
        &self,
        cloud: &Cloud,
        region: &str,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credential>, Error> {
        let flight = self.flight(if self.source.is_regional() { region } else { "" });
        let fresh = |credential: &Arc<Credential>| credential.is_fresh(cloud.now());
        let obtain = async {
            let result = self.source.obtain(cloud, region, deadline).await;
            if let Ok(credential) = &result {
                tracing::info!(source = %credential.name, "credentials in use");
            }
            match (result, flight.peek().filter(|old| old.is_alive(cloud.now()))) {
                (Err(error), Some(old)) => {
                    tracing::warn!(source = %old.name, summary = error.summary(), "the credentials could not be renewed ahead of their expiry");
                    old.postpone(cloud.now() + POSTPONED);
                    Ok(old)
                }
                (result, _) => result.map(Arc::new),
            }
        };
        flight.get(fresh, obtain).await
    }

    fn flight(&self, region: &str) -> Flight {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(region) {
            return Arc::clone(flight);
        }
        Arc::clone(flights.entry(region.to_owned()).or_default())
    }
}
