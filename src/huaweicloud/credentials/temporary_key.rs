//! Temporary access keys as the services word them.

use std::sync::Arc;
use std::time::SystemTime;

use secrecy::SecretString;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::super::client::Answer;
use super::super::error::{Error, Kind};
use super::{Credential, Form};

/// The answer of IAM's `securitytokens` and of the metadata service.
#[derive(Deserialize)]
pub(super) struct Credentials {
    credential: TemporaryKey,
}

/// The answer of the STS.
#[derive(Deserialize)]
pub(super) struct StsCredentials {
    credentials: TemporaryKey,
}

/// Either naming of the same four fields.
#[derive(Deserialize)]
struct TemporaryKey {
    #[serde(alias = "access_key_id")]
    access: SecretString,
    #[serde(alias = "secret_access_key")]
    secret: SecretString,
    #[serde(alias = "security_token")]
    securitytoken: SecretString,
    #[serde(alias = "expiration", alias = "expired_at")]
    expires_at: Option<String>,
}

impl From<StsCredentials> for Credentials {
    fn from(answer: StsCredentials) -> Self {
        Self { credential: answer.credentials }
    }
}

impl Credentials {
    /// The credential. Without an expiry of its own it lives for `lifetime` seconds, if that is known.
    pub(super) fn into_credential(
        self,
        answer: &Answer,
        name: Arc<str>,
        now: SystemTime,
        lifetime: Option<u64>,
    ) -> Result<Credential, Error> {
        let TemporaryKey { access, secret, securitytoken, expires_at } = self.credential;
        let form = Form::Key { access_key: access, secret_key: secret, security_token: Some(securitytoken) };
        let told = expires_at.map(|text| {
            OffsetDateTime::parse(&text, &Rfc3339).map(SystemTime::from).map_err(|_| {
                answer.error(
                    Kind::CredentialSource,
                    "The expiry of the temporary access key is no RFC 3339 date.",
                )
            })
        });
        let known = lifetime.and_then(|seconds| now.checked_add(std::time::Duration::from_secs(seconds)));
        match told.transpose()?.or(known) {
            Some(expires_at) if expires_at <= now => Err(answer.error(
                Kind::CredentialSource,
                "The temporary access key it gave has expired already: check this machine's clock.",
            )),
            Some(expires_at) => Ok(Credential::expiring(form, name, now, expires_at)),
            None => Ok(Credential::lasting(form, name)),
        }
    }
}
