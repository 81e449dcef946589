//! The caller's own token, exchanged for a token of the account: a project-scoped token does not include the permission
//! to assume agencies.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use super::Source;
use super::account::Account;
use super::body::Value;
use super::tokens::{self, Target};
use crate::endpoints::IAM;
use crate::error::{CredentialSource, Error, Kind};
use crate::request::call::Call;
use crate::request::cloud::Cloud;
use crate::request::credential::{Credential, Form};
use crate::scope::Scope;
use crate::settings::Domain;

pub(super) struct AccountToken {
    token: SecretString,
    source: Arc<CredentialSource>,
    domain: Option<Domain>,
    account: Account,
}

impl AccountToken {
    /// `domain` is the account; if `None`, it is looked up with the token.
    pub(super) fn new(token: SecretString, source: Arc<CredentialSource>, domain: Option<Domain>) -> Self {
        Self { token, source, domain, account: Account::of_credentials(None) }
    }

    async fn domain(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Domain, Error> {
        if let Some(domain) = &self.domain {
            return Ok(domain.clone());
        }
        let own = Credential::lasting(Form::Token(self.token.clone()), self.source());
        Ok(Domain::Id(self.account.id(cloud, &own, None, scope.deadline).await?.to_string()))
    }
}

#[async_trait]
impl Source for AccountToken {
    async fn obtain(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Credential, Error> {
        let domain = self.domain(cloud, scope).await?;
        let endpoint = cloud.endpoints.identity(&cloud.region);
        let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
        let id = [("id", Value::Text(self.token.expose_secret()))];
        let call = Call {
            operation: "obtain",
            subject: "a token for the account".into(),
            path: tokens::PATH,
            body: Some(tokens::body("token", Value::Object(&id), &Target::Account(&domain))?),
            secrets: vec![&self.token],
            source: Some(self.source()),
            deadline: scope.deadline,
            ..Call::new(Method::POST, IAM, &endpoint, &cloud.region)
        };
        let response = cloud.sender.send(&call).await?;
        tokens::credential(cloud, &response, &self.source)
    }

    fn source(&self) -> Arc<CredentialSource> {
        Arc::clone(&self.source)
    }
}
