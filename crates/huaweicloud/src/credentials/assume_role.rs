//! An agency, assumed with the credential below it: by account name through IAM v3, by account ID through STS v5.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::Method;

use super::Source;
use super::account::Account;
use super::body::{Value, auth, json};
use super::renewing::{Held, Renewing};
use super::temporary_key::{self, Credentials, StsCredentials};
use crate::endpoints::{IAM, STS};
use crate::error::{CredentialSource, Error, Kind};
use crate::request::{Call, Caller, Credential, Form};
use crate::settings::{Domain, Hop};

/// Lifetime that the official provider requests from IAM v3, in seconds.
const DEFAULT_V3_DURATION: u64 = 43_200;
/// Assumed lifetime of a key from STS without an expiry: the minimum, in seconds.
const SHORTEST: u64 = 900;

/// An agency, and the account of the credential with which it is assumed.
pub(super) struct Agency {
    pub(super) hop: Hop,
    pub(super) account: Account,
}

pub(super) struct AssumeRole {
    pub(super) below: Renewing,
    pub(super) agency: Agency,
}

#[async_trait]
impl Source for AssumeRole {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        self.agency.assume(&held.below(&self.below).caller().await?).await
    }
}

impl Hop {
    /// Describes the temporary key of the agency, assumed with the credential `below`.
    pub(super) fn source(&self, below: &Arc<CredentialSource>) -> Arc<CredentialSource> {
        Arc::new(CredentialSource::Agency { name: self.agency.clone(), below: Arc::clone(below) })
    }
}

impl Agency {
    /// Exchanges the caller's credential for a temporary access key of the agency.
    pub(super) async fn assume(&self, caller: &Caller<'_>) -> Result<Credential, Error> {
        let Self { hop, account } = self;
        let Caller { cloud, credential: below, .. } = caller;
        let (service, path, body): (_, &[&str], _) = match &hop.domain {
            Domain::Id(id) => (STS, &["v5", "agencies", "assume"], v5(hop, id)?),
            Domain::Name(name) => (IAM, temporary_key::PATH, v3(hop, name)?),
        };
        let domain = match (&hop.domain, &below.form) {
            (Domain::Name(_), Form::Key { .. }) => Some(account.id(caller).await?),
            _ => None,
        };
        let call = Call {
            operation: "assume",
            subject: format!("the agency {}", hop.agency).into(),
            path,
            body: Some(body),
            domain: domain.as_deref(),
            ..cloud.call(Method::POST, service)?.by(caller)
        };
        let sent = domain.as_ref().and(account.given_by());
        let answer = cloud.sender.send(call).await.map_err(|error| advise(error, hop, sent))?;
        let (key, lifetime) = match hop.domain {
            Domain::Id(_) => {
                let StsCredentials { credentials } = answer.object_with_secrets()?;
                (credentials, Some(hop.duration.unwrap_or(SHORTEST)))
            }
            Domain::Name(_) => (answer.object_with_secrets::<Credentials>()?.credential, None),
        };
        key.into_credential(&answer, hop.source(&below.source), cloud.now(), lifetime)
    }
}

/// Names the arguments to check if the agency is rejected: IAM does not distinguish a missing one from a forbidden one.
/// `sent` is the argument whose account ID was sent as that of the credentials.
fn advise(error: Error, hop: &Hop, sent: Option<&str>) -> Error {
    let account = match hop.domain {
        Domain::Id(_) => "`domain_id` (or HW_ASSUME_ROLE_DOMAIN_ID)",
        Domain::Name(_) => "`domain_name` (or HW_ASSUME_ROLE_DOMAIN_NAME)",
    };
    let error = error
        .and_for(&[Kind::Rejected], format!(
            "Check `agency_name` (or HW_ASSUME_ROLE_AGENCY_NAME), {account} and `duration` (or HW_ASSUME_ROLE_DURATION)."
        ))
        .and_for(&[Kind::Forbidden, Kind::NotFound], format!(
            "Check `agency_name` (or HW_ASSUME_ROLE_AGENCY_NAME) and {account}: the agency must exist in that account and delegate to the account of these credentials."
        ));
    let Some(argument) = sent else { return error };
    error.and_for(
        &[Kind::Unauthorized, Kind::Rejected, Kind::Forbidden, Kind::NotFound],
        format!("Also check {argument}: it must be the ID of the account of these credentials."),
    )
}

fn v3(hop: &Hop, account: &str) -> Result<Bytes, Error> {
    let assume = vec![
        ("agency_name", Value::Text(&hop.agency)),
        ("domain_name", Value::Text(account)),
        ("duration_seconds", Value::Number(hop.duration.unwrap_or(DEFAULT_V3_DURATION))),
    ];
    let identity =
        vec![("methods", Value::List(vec!["assume_role"])), ("assume_role", Value::Object(assume))];
    auth(vec![("identity", Value::Object(identity))])
}

fn v5(hop: &Hop, account: &str) -> Result<Bytes, Error> {
    let urn = format!("iam::{account}:agency:{}", hop.agency);
    let mut fields =
        vec![("agency_session_name", Value::Text(&hop.agency)), ("agency_urn", Value::Text(&urn))];
    fields.extend(hop.duration.map(|seconds| ("duration_seconds", Value::Number(seconds))));
    fields.extend(hop.external_id.as_deref().map(|id| ("external_id", Value::Text(id))));
    json(&Value::Object(fields))
}
