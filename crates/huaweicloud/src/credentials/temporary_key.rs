//! Temporary access keys as the services word them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use serde::Deserialize;

use super::expiry;
use crate::error::{CredentialSource, Error};
use crate::request::credential::{Credential, Form};
use crate::request::response::Response;

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
        answer: &Response,
        source: Arc<CredentialSource>,
        now: SystemTime,
        lifetime: Option<u64>,
    ) -> Result<Credential, Error> {
        let TemporaryKey { access, secret, securitytoken, expires_at } = self.credential;
        let form = Form::Key { access_key: access, secret_key: secret, security_token: Some(securitytoken) };
        let told = expires_at.map(|text| expiry::life(answer, "a temporary access key", &text, now));
        Ok(match told.transpose()?.or(lifetime.map(Duration::from_secs)) {
            Some(life) => Credential::expiring(form, source, now, life),
            None => Credential::lasting(form, source),
        })
    }
}
