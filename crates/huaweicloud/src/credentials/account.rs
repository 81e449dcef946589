//! The account of a credential. IAM requires it in signed requests that concern an account and no project.

use std::sync::Arc;

use reqwest::Method;
use serde::Deserialize;

use crate::error::{Error, Kind};
use crate::request::{Call, Caller, SingleFlight, objects};
use crate::settings::Domain;

/// The account that a credential belongs to: configured, otherwise looked up once.
pub(super) struct Account {
    known: Option<Arc<str>>,
    /// The argument that sets its ID.
    argument: &'static str,
    found: SingleFlight<Arc<str>>,
}

/// Response of IAM to `GET /v3/auth/domains`, limited to the fields in use.
#[derive(Deserialize)]
struct List {
    #[serde(default, deserialize_with = "objects")]
    domains: Option<Vec<Found>>,
}

#[derive(Deserialize)]
struct Found {
    id: Option<String>,
}

impl Account {
    /// The account of the configured credentials.
    pub(super) fn of_credentials(domain: Option<&Domain>) -> Self {
        Self::new(domain, "`domain_id` (or HW_DOMAIN_ID, OS_DOMAIN_ID)")
    }

    /// The account of an agency.
    pub(super) fn of_agency(domain: &Domain) -> Self {
        Self::new(Some(domain), "`domain_id` of the agency assumed before it")
    }

    fn new(domain: Option<&Domain>, argument: &'static str) -> Self {
        let known = match domain {
            Some(Domain::Id(id)) => Some(id.as_str().into()),
            Some(Domain::Name(_)) | None => None,
        };
        Self { known, argument, found: SingleFlight::default() }
    }

    /// The argument that supplied its ID.
    pub(super) fn given_by(&self) -> Option<&'static str> {
        self.known.as_ref().map(|_| self.argument)
    }

    /// Returns its ID. Concurrent callers share one lookup.
    pub(super) async fn id(&self, caller: &Caller<'_>) -> Result<Arc<str>, Error> {
        match &self.known {
            Some(id) => Ok(Arc::clone(id)),
            None => self.found.get(|_| true, |_| false, self.look_up(caller)).await,
        }
    }

    async fn look_up(&self, caller: &Caller<'_>) -> Result<Arc<str>, Error> {
        let advice = || format!("To skip the lookup, set {} to the account ID.", self.argument);
        let call = Call {
            operation: "look up",
            subject: "the account of the credentials".into(),
            path: &["v3", "auth", "domains"],
            ..caller.cloud.identity_call(Method::GET)?.by(caller)
        };
        let response = caller.cloud.sender.send(call).await;
        let response = response.map_err(|error| error.and_for(&[Kind::Forbidden], advice()))?;
        let list: List = response.object()?;
        let Some(domains) = list.domains else {
            return Err(response.unexpected("domains", "The response is not a list: it has no `domains`."));
        };
        let mut ids = domains.into_iter().filter_map(|domain| domain.id).filter(|id| !id.is_empty());
        match (ids.next(), ids.next()) {
            (Some(id), None) => Ok(id.into()),
            (first, _) => {
                let count = if first.is_none() { "no account" } else { "several accounts" };
                let cause = format!("IAM returned {count} for {}.", caller.credential.source);
                Err(response.error(Kind::CredentialSource, cause).and(advice()))
            }
        }
    }
}
