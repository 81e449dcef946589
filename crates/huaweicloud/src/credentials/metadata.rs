//! The agency of the elastic cloud server that this process runs on, through the metadata service.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use tokio::time::Instant;

use super::Source;
use super::renewing::Held;
use super::temporary_key::Credentials;
use crate::endpoints::METADATA;
use crate::error::{Asked, Error, Kind};
use crate::request::{Call, Credential, Response, secret_header};
use crate::settings::WhyMetadata;

/// Timeout of one attempt. The service is local: a slower response means that it is unavailable.
const ATTEMPT: Duration = Duration::from_secs(2);
/// Timeout of the whole exchange, including retries.
const TOTAL: Duration = Duration::from_secs(5);
/// Maximum number of retries of each request, fewer if configured so: the service occasionally resets connections and
/// throttles.
const RETRIES: u32 = 3;
/// Requested lifetime of the session token of version 2, in seconds; it is used once.
const SESSION: &str = "60";

/// Advice for a response that the metadata service cannot have sent.
const STRANGER: &str = "Something other than the metadata service may be answering. Set credentials in the configuration or the environment, or check the endpoint `metadata` (or HW_METADATA_ENDPOINT) if you set it.";

pub(super) struct Metadata(pub(super) WhyMetadata);

#[async_trait]
impl Source for Metadata {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        let Held { cloud, scope, .. } = *held;
        let own_end = Instant::now() + TOTAL;
        let hurried = scope.deadline.is_some_and(|deadline| deadline < own_end);
        let deadline = scope.until(own_end).deadline;
        let unusable = |error: Error| {
            // Another caller may have more time than this one.
            if hurried && error.is_of_time() { error } else { unusable(error, &self.0) }
        };
        let call = |method| {
            let call = cloud.call(method, METADATA)?;
            let (attempt_limit, max_retries) = (Some(ATTEMPT), Some(RETRIES));
            Ok::<_, Error>(Call { operation: "obtain", deadline, attempt_limit, max_retries, ..call })
        };
        let lifetime = HeaderValue::from_static(SESSION);
        let request = Call {
            subject: "a session of the metadata service".into(),
            path: &["meta-data", "latest", "api", "token"],
            headers: vec![(HeaderName::from_static("x-metadata-token-ttl-seconds"), lifetime)],
            ..call(Method::PUT)?
        };
        let session = match cloud.sender.send(request).await {
            Ok(response) => Some(session_token(&response)?),
            // The service supports version 1 only, which has no sessions.
            Err(error) if matches!(error.status(), Some(400..=428 | 430..=499 | 503)) => None,
            Err(error) => return Err(unusable(error)),
        };
        let headers = match &session {
            Some(token) => vec![(HeaderName::from_static("x-metadata-token"), session_header(token)?)],
            None => Vec::new(),
        };
        let request = Call {
            subject: "a temporary access key".into(),
            path: &["openstack", "latest", "securitykey"],
            headers,
            secrets: session.iter().collect(),
            ..call(Method::GET)?
        };
        let response = cloud.sender.send(request).await.map_err(unusable)?;
        let key = response.object_with_secrets::<Credentials>().and_then(|answer| {
            answer.credential.into_credential(&response, held.described(), cloud.now(), None)
        });
        key.map_err(|error| error.and(STRANGER))
    }
}

/// Returns the session token of version 2.
fn session_token(response: &Response) -> Result<SecretString, Error> {
    match std::str::from_utf8(&response.body).map(str::trim) {
        Ok(token) if !token.is_empty() => Ok(token.into()),
        _ => {
            let reason = "The response does not contain a session token.";
            Err(response.error(Kind::CredentialSource, reason).and(STRANGER))
        }
    }
}

fn session_header(token: &SecretString) -> Result<HeaderValue, Error> {
    let reason = "The metadata service responded with something that is not a session token.";
    let unusable = |_| Error::new(Kind::CredentialSource, None, reason).and(STRANGER);
    secret_header(token).map_err(unusable)
}

/// Explains why the service returned no key: it is unavailable, or most often its server has no agency.
fn unusable(error: Error, why: &WhyMetadata) -> Error {
    let host = error.asked().map(Asked::host).unwrap_or_default();
    let (kind, reason) = match error.status() {
        None => {
            let failure = error.summary().to_lowercase();
            (Kind::NoCredentials, format!("but the request failed ({host}: {failure})."))
        }
        Some(401 | 404) => {
            let reason =
                format!("but {host} returned no key. Check that an agency is assigned to this server.");
            (Kind::CredentialSource, reason)
        }
        Some(429 | 500..) => {
            (Kind::CredentialSource, format!("but {host} failed to return a key. Try again later."))
        }
        Some(_) => (Kind::NoCredentials, format!("but {host} rejected the request. {STRANGER}")),
    };
    let unusable = error.reworded(kind, format!("{}, {reason}", why.reason));
    why.hint.iter().fold(unusable, Error::and)
}
