//! An agency, assumed with the credential below it: by account name through IAM v3, by account ID through STS v5.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::Method;
use tokio::time::Instant;

use super::Source;
use super::account::Account;
use super::body::{Value, json};
use super::renewing::{Held, Renewing};
use super::temporary_key::{self, Credentials, StsCredentials};
use crate::endpoints::{IAM, STS};
use crate::error::{CredentialSource, Error, Kind};
use crate::request::call::Call;
use crate::request::cloud::Cloud;
use crate::request::credential::{Bearer, Credential, Form};
use crate::request::response::Response;
use crate::scope::Scope;
use crate::settings::{Domain, Hop};

/// Lifetime that the official provider requests from IAM v3, in seconds.
const DEFAULT_V3_DURATION: u64 = 43_200;
/// Assumed lifetime of a key from STS without an expiry: the minimum, in seconds.
const SHORTEST: u64 = 900;

pub(super) struct AssumeRole {
    below: Arc<Renewing>,
    account: Account,
    hop: Hop,
}

impl AssumeRole {
    /// `account` is the account of the credential `below`.
    pub(super) fn new(below: Arc<Renewing>, account: Account, hop: Hop) -> Self {
        Self { below, account, hop }
    }
}

#[async_trait]
impl Source for AssumeRole {
    async fn obtain(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Credential, Error> {
        let scope = Scope { region: None, ..scope };
        let below = self.below.credential(cloud, scope).await?;
        let bearer = Held { source: &self.below, cloud, scope };
        assume(cloud, &below, Some(&bearer), &self.account, &self.hop, scope.deadline).await
    }

    fn source(&self) -> Arc<CredentialSource> {
        source(&self.hop, self.below.source())
    }
}

/// Creates the source for an agency assumed with the credential `below`.
pub(super) fn source(hop: &Hop, below: Arc<CredentialSource>) -> Arc<CredentialSource> {
    Arc::new(CredentialSource::Agency { name: hop.agency.clone(), below })
}

/// Exchanges the credential `below`, which `bearer` renews and which belongs to `account`, for a temporary access key of
/// the agency.
pub(super) async fn assume(
    cloud: &Cloud,
    below: &Credential,
    bearer: Option<&dyn Bearer>,
    account: &Account,
    hop: &Hop,
    deadline: Option<Instant>,
) -> Result<Credential, Error> {
    let (service, path, body): (_, &[&str], _) = match &hop.domain {
        Domain::Id(id) => (STS, &["v5", "agencies", "assume"], v5(hop, id)?),
        Domain::Name(name) => (IAM, temporary_key::PATH, v3(hop, name)?),
    };
    let domain = match (&hop.domain, &below.form) {
        (Domain::Name(_), Form::Key { .. }) => Some(account.id(cloud, below, bearer, deadline).await?),
        _ => None,
    };
    let endpoint = cloud.endpoints.of(service, &cloud.region);
    let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
    let call = Call {
        operation: "assume",
        subject: format!("the agency {}", hop.agency).into(),
        path,
        body: Some(body),
        domain: domain.as_deref(),
        credential: Some(below),
        bearer,
        deadline,
        ..Call::new(Method::POST, service, &endpoint, &cloud.region)
    };
    let answer: Response =
        cloud.sender.send(&call).await.map_err(|error| advise(error, hop, domain.and(account.given_by())))?;
    let (key, lifetime) = match hop.domain {
        Domain::Id(_) => {
            (answer.object_with_secrets::<StsCredentials>()?.into(), Some(hop.duration.unwrap_or(SHORTEST)))
        }
        Domain::Name(_) => (answer.object_with_secrets::<Credentials>()?, None),
    };
    key.into_credential(&answer, source(hop, Arc::clone(&below.source)), cloud.now(), lifetime)
}

/// Names the arguments to check if the agency is rejected: IAM does not distinguish a missing one from a forbidden one.
/// `sent` is the argument whose account ID was sent as that of the credentials.
fn advise(error: Error, hop: &Hop, sent: Option<&str>) -> Error {
    let account = match hop.domain {
        Domain::Id(_) => "`domain_id` (or HW_ASSUME_ROLE_DOMAIN_ID)",
        Domain::Name(_) => "`domain_name` (or HW_ASSUME_ROLE_DOMAIN_NAME)",
    };
    let error = match error.kind() {
        Kind::Rejected => error.and(format!(
            "Check `agency_name` (or HW_ASSUME_ROLE_AGENCY_NAME), {account} and `duration` (or HW_ASSUME_ROLE_DURATION)."
        )),
        Kind::Forbidden | Kind::NotFound => error.and(format!(
            "Check `agency_name` (or HW_ASSUME_ROLE_AGENCY_NAME) and {account}: the agency must exist in that account and delegate to the account of these credentials."
        )),
        _ => error,
    };
    match (error.kind(), sent) {
        (Kind::Unauthorized | Kind::Rejected | Kind::Forbidden | Kind::NotFound, Some(argument)) => error
            .and(format!("Also check {argument}: it must be the ID of the account of these credentials.")),
        _ => error,
    }
}

fn v3(hop: &Hop, account: &str) -> Result<Bytes, Error> {
    let assume = [
        ("agency_name", Value::Text(&hop.agency)),
        ("domain_name", Value::Text(account)),
        ("duration_seconds", Value::Number(hop.duration.unwrap_or(DEFAULT_V3_DURATION))),
    ];
    let identity = [("methods", Value::List(&["assume_role"])), ("assume_role", Value::Object(&assume))];
    let auth = [("identity", Value::Object(&identity))];
    json(&[("auth", Value::Object(&auth))])
}

fn v5(hop: &Hop, account: &str) -> Result<Bytes, Error> {
    let urn = format!("iam::{account}:agency:{}", hop.agency);
    let mut fields =
        vec![("agency_session_name", Value::Text(&hop.agency)), ("agency_urn", Value::Text(&urn))];
    fields.extend(hop.duration.map(|seconds| ("duration_seconds", Value::Number(seconds))));
    fields.extend(hop.external_id.as_deref().map(|id| ("external_id", Value::Text(id))));
    json(&fields)
}
