//! Temporary access keys: the formats of the services, and the exchange of a token for one.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use super::Source;
use super::body::{Value, json};
use super::expiry;
use super::renewing::{Held, Renewing};
use crate::endpoints::IAM;
use crate::error::{CredentialSource, Error, Kind};
use crate::request::call::Call;
use crate::request::cloud::Cloud;
use crate::request::credential::{Bearer, Credential, Form};
use crate::request::response::Response;
use crate::scope::Scope;

/// Segments of the path of `securitytokens`, below the endpoint of IAM.
pub(super) const PATH: &[&str] = &["v3.0", "OS-CREDENTIAL", "securitytokens"];

/// Response of IAM's `securitytokens` and of the metadata service.
#[derive(Deserialize)]
pub(super) struct Credentials {
    credential: TemporaryKey,
}

/// Response of STS.
#[derive(Deserialize)]
pub(super) struct StsCredentials {
    credentials: TemporaryKey,
}

/// The same four fields under either naming.
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
    /// Returns the credential. Without an expiry it lives for `lifetime` seconds, if that is known.
    pub(super) fn into_credential(
        self,
        answer: &Response,
        source: Arc<CredentialSource>,
        now: SystemTime,
        lifetime: Option<u64>,
    ) -> Result<Credential, Error> {
        let TemporaryKey { access, secret, securitytoken, expires_at } = self.credential;
        if [&access, &secret, &securitytoken].iter().any(|it| it.expose_secret().is_empty()) {
            let text = "The temporary access key in the response is incomplete: a field is empty.";
            return Err(answer.error(Kind::CredentialSource, text));
        }
        let form = Form::Key { access_key: access, secret_key: secret, security_token: Some(securitytoken) };
        let told = expires_at.map(|text| expiry::life(answer, "a temporary access key", &text, now));
        Ok(match told.transpose()?.or(lifetime.map(Duration::from_secs)) {
            Some(life) => Credential::expiring(form, source, now, life),
            None => Credential::lasting(form, source),
        })
    }
}

/// The key for which a token is exchanged, where a service accepts signatures only.
pub(super) struct KeyOfToken(pub(super) Renewing);

#[async_trait]
impl Source for KeyOfToken {
    async fn obtain(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Credential, Error> {
        let token = self.0.credential(cloud, scope).await?;
        of_token(cloud, &token, Some(&Held { source: &self.0, cloud, scope }), scope.deadline).await
    }

    fn source(&self) -> Arc<CredentialSource> {
        self.0.source()
    }
}

/// Exchanges a token, which `bearer` renews, for a temporary access key. The key can sign, and is valid for fifteen
/// minutes.
pub(super) async fn of_token(
    cloud: &Cloud,
    token: &Credential,
    bearer: Option<&dyn Bearer>,
    deadline: Option<Instant>,
) -> Result<Credential, Error> {
    let endpoint = cloud.endpoints.of(IAM, &cloud.region);
    let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
    let auth = [("identity", Value::Object(&[("methods", Value::List(&["token"]))]))];
    let call = Call {
        operation: "obtain",
        subject: "a temporary access key for the user".into(),
        path: PATH,
        body: Some(json(&[("auth", Value::Object(&auth))])?),
        credential: Some(token),
        bearer,
        deadline,
        ..Call::new(Method::POST, IAM, &endpoint, &cloud.region)
    };
    let response = cloud.sender.send(&call).await?;
    let key: Credentials = response.object_with_secrets()?;
    key.into_credential(&response, Arc::clone(&token.source), cloud.now(), None)
}
