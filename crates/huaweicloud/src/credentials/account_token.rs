//! The caller's own token, exchanged for a token of the account: a project-scoped token does not include the permission
//! to assume agencies.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use super::Source;
use super::account::Account;
use super::body::Value;
use super::renewing::{Caller, Held};
use super::tokens;
use crate::endpoints::IAM;
use crate::error::{Error, Kind};
use crate::request::call::Call;
use crate::request::credential::{Credential, Form};
use crate::settings::Domain;

pub(super) struct AccountToken {
    pub(super) token: SecretString,
    /// The configured account.
    pub(super) domain: Option<Domain>,
    /// The account that is looked up with the token if none is configured.
    pub(super) account: Account,
}

#[async_trait]
impl Source for AccountToken {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        let (cloud, deadline) = (held.cloud, held.scope.deadline);
        let domain = match &self.domain {
            Some(domain) => domain.clone(),
            None => {
                let own = Credential::lasting(Form::Token(self.token.clone()), held.described());
                let caller = Caller { cloud, credential: Arc::new(own), bearer: None, deadline };
                Domain::Id(self.account.id(&caller).await?.to_string())
            }
        };
        let endpoint = cloud.endpoints.identity(&cloud.region);
        let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
        let id = Value::Object(vec![("id", Value::Text(self.token.expose_secret()))]);
        let call = Call {
            operation: "obtain",
            subject: "a token for the account".into(),
            path: tokens::PATH,
            body: Some(tokens::body("token", id, domain.field())?),
            secrets: vec![&self.token],
            source: Some(held.described()),
            deadline,
            ..Call::new(Method::POST, IAM, &endpoint, &cloud.region)
        };
        let response = cloud.sender.send(call).await?;
        tokens::credential(held, &response)
    }
}
