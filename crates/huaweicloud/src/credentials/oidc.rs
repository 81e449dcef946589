//! An `OpenID` Connect token, exchanged for a temporary access key that assumes an agency.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::Source;
use super::assume_role::Agency;
use super::body::{Value, auth};
use super::renewing::Held;
use super::temporary_key;
use super::tokens::subject_token;
use crate::endpoints::IAM;
use crate::error::{CredentialSource, Error, Kind};
use crate::request::{Call, Caller, Cloud, Credential, Form};
use crate::settings::{IdToken, fault_of_secret};

/// Usual maximum length of a path component.
const MAX_NAME: usize = 128;

pub(super) struct Oidc {
    pub(super) idp_id: String,
    pub(super) token: IdToken,
    /// Describes the token.
    pub(super) source: Arc<CredentialSource>,
    pub(super) agency: Agency,
}

#[async_trait]
impl Source for Oidc {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        let (cloud, deadline) = (held.cloud, held.scope.deadline);
        let token = self.federated_token(held).await?;
        let token = Credential::lasting(Form::Token(token), Arc::clone(&self.source));
        let mut caller = Caller { cloud, credential: Arc::new(token), bearer: None, deadline };
        caller.credential = Arc::new(temporary_key::of_token(&caller).await?);
        self.agency.assume(&caller).await
    }
}

impl Oidc {
    fn id_token(&self, cloud: &Cloud) -> Result<SecretString, Error> {
        let path = match &self.token {
            IdToken::Text(text) => return Ok(text.clone()),
            IdToken::File(path) => path,
        };
        // If the token itself was set in place of a path, it is not repeated: tokens are long, or start with the prefix
        // of a JWT.
        let is_path = !path.starts_with("eyJ") && path.split(['/', '\\']).all(|name| name.len() <= MAX_NAME);
        let shown = if is_path { format!("{path} (`id_token_file`)") } else { "`id_token_file`".to_owned() };
        let unusable = |reason: String| {
            let text = format!("The file of the OpenID Connect token, {shown}, {reason}.");
            Error::new(Kind::CredentialSource, None, text)
                .and("Check the path in `id_token_file` or HW_ASSUME_ROLE_ID_TOKEN_FILE.")
        };
        let content =
            cloud.environment.read(path).map_err(|error| unusable(format!("cannot be read: {error}")))?;
        let text = std::str::from_utf8(&content).map_err(|_| unusable("is not text".to_owned()))?.trim();
        if text.is_empty() {
            return Err(unusable("is empty".to_owned()));
        }
        if let Some(fault) = fault_of_secret(text) {
            return Err(unusable(format!("is not a token: its content {fault}")));
        }
        Ok(text.into())
    }

    async fn federated_token(&self, held: &Held<'_>) -> Result<SecretString, Error> {
        let cloud = held.cloud;
        let call = cloud.call(Method::POST, IAM)?;
        let id_token = self.id_token(cloud)?;
        let idp = HeaderValue::from_str(&self.idp_id);
        let idp = idp.map_err(|_| {
            let reason = "`idp_id` (or HW_ASSUME_ROLE_IDP_ID) contains characters that are not valid in an HTTP header.";
            Error::new(Kind::Argument, None, reason)
        })?;
        let id = vec![("id", Value::Text(id_token.expose_secret()))];
        let call = Call {
            operation: "exchange",
            subject: "the OpenID Connect token".into(),
            path: &["v3.0", "OS-AUTH", "id-token", "tokens"],
            headers: vec![(HeaderName::from_static("x-idp-id"), idp)],
            body: Some(auth(vec![("id_token", Value::Object(id))])?),
            secrets: vec![&id_token],
            source: Some(Arc::clone(&self.source)),
            deadline: held.scope.deadline,
            ..call
        };
        let check = "Check that `id_token`, or the content of `id_token_file`, has not expired, and that `idp_id` names the identity provider that issued it.";
        let refused = [Kind::Unauthorized, Kind::Forbidden, Kind::Rejected];
        let answer = cloud.sender.send(call).await.map_err(|error| error.and_for(&refused, check))?;
        subject_token(&answer)
    }
}
