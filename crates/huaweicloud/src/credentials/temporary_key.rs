//! Temporary access keys: the formats of the services, and the exchange of a token for one.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Source;
use super::body::{Value, auth};
use super::expiry;
use super::renewing::{Caller, Held, Renewing};
use crate::endpoints::IAM;
use crate::error::{CredentialSource, Error, Kind};
use crate::request::call::Call;
use crate::request::credential::{Credential, Form};
use crate::request::response::Response;

/// Segments of the path of `securitytokens`, below the endpoint of IAM.
pub(super) const PATH: &[&str] = &["v3.0", "OS-CREDENTIAL", "securitytokens"];

/// Response of IAM's `securitytokens` and of the metadata service.
#[derive(Deserialize)]
pub(super) struct Credentials {
    pub(super) credential: TemporaryKey,
}

/// Response of STS.
#[derive(Deserialize)]
pub(super) struct StsCredentials {
    pub(super) credentials: TemporaryKey,
}

/// The same four fields under either naming.
#[derive(Deserialize)]
pub(super) struct TemporaryKey {
    #[serde(alias = "access_key_id")]
    access: SecretString,
    #[serde(alias = "secret_access_key")]
    secret: SecretString,
    #[serde(alias = "security_token")]
    securitytoken: SecretString,
    #[serde(alias = "expiration", alias = "expired_at")]
    expires_at: Option<String>,
}

impl TemporaryKey {
    /// Returns the credential. Without an expiry it lives for `lifetime` seconds, if that is known.
    pub(super) fn into_credential(
        self,
        answer: &Response,
        source: Arc<CredentialSource>,
        now: SystemTime,
        lifetime: Option<u64>,
    ) -> Result<Credential, Error> {
        let Self { access, secret, securitytoken, expires_at } = self;
        if [&access, &secret, &securitytoken].iter().any(|it| it.expose_secret().is_empty()) {
            let text = "The temporary access key in the response is incomplete: a field is empty.";
            return Err(answer.error(Kind::CredentialSource, text));
        }
        let form = Form::Key { access_key: access, secret_key: secret, security_token: Some(securitytoken) };
        let told = expiry::life(answer, "a temporary access key", expires_at, now)?;
        let life = told.or(lifetime.map(Duration::from_secs));
        Ok(Credential::lasting(form, source).expiring(now, life))
    }
}

/// The key for which a token is exchanged, where a service accepts signatures only.
pub(super) struct KeyOfToken(pub(super) Renewing);

#[async_trait]
impl Source for KeyOfToken {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        of_token(&held.below(&self.0).caller().await?).await
    }
}

/// Exchanges the caller's token for a temporary access key. The key can sign, and is valid for fifteen minutes.
pub(super) async fn of_token(caller: &Caller<'_>) -> Result<Credential, Error> {
    let Caller { cloud, credential: token, bearer, deadline } = caller;
    let endpoint = cloud.endpoints.of(IAM, &cloud.region);
    let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
    let identity = Value::Object(vec![("methods", Value::List(vec!["token"]))]);
    let call = Call {
        operation: "obtain",
        subject: "a temporary access key for the user".into(),
        path: PATH,
        body: Some(auth(vec![("identity", identity)])?),
        credential: Some(Arc::clone(token)),
        bearer: *bearer,
        deadline: *deadline,
        ..Call::new(Method::POST, IAM, &endpoint, &cloud.region)
    };
    let response = cloud.sender.send(call).await?;
    let Credentials { credential } = response.object_with_secrets()?;
    credential.into_credential(&response, Arc::clone(&token.source), cloud.now(), None)
}
