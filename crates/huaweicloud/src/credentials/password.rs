//! A user's password, exchanged for a token of the project that is read.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::body::{Value, json};
use super::{Source, expiry};
use crate::endpoints::IAM;
use crate::error::{CredentialSource, Error, Kind};
use crate::request::call::Call;
use crate::request::cloud::{Cloud, ProjectRef};
use crate::request::credential::{Credential, Form};
use crate::request::guard::Guard;
use crate::request::response::Response;
use crate::scope::Scope;
use crate::settings::{Domain, Login, User};

pub(super) struct Password {
    login: Login,
    /// Whether the token only assumes an agency: the configured project is then of the agency's account.
    below_an_agency: bool,
    /// Of the password, for all regions: users are locked too.
    guard: Guard,
}

/// `POST /v3/auth/tokens` of IAM, as much of the answer as is needed.
#[derive(Deserialize)]
struct Tokens {
    token: Token,
}

#[derive(Deserialize)]
struct Token {
    expires_at: Option<String>,
    project: Option<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: Option<String>,
}

impl Password {
    pub(super) fn new(login: Login, below_an_agency: bool) -> Self {
        Self { login, below_an_agency, guard: Guard::default() }
    }
}

impl Domain {
    /// The field and value that name the account.
    pub(super) fn field(&self) -> (&'static str, Value<'_>) {
        match self {
            Self::Id(id) => ("id", Value::Text(id)),
            Self::Name(name) => ("name", Value::Text(name)),
        }
    }
}

#[async_trait]
impl Source for Password {
    async fn obtain(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Credential, Error> {
        let region = scope.region_or(&cloud.region);
        let endpoint = cloud.endpoints.identity(&cloud.region);
        let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
        let project = if self.below_an_agency { ProjectRef::Name(region) } else { cloud.project_in(region) };
        let body = self.request(project);
        let call = Call {
            operation: "obtain",
            subject: Cow::Borrowed("a token for the user"),
            path: &["v3", "auth", "tokens"],
            body: Some(body.map_err(|error| Error::new(Kind::CredentialSource, None, error.to_string()))?),
            secrets: vec![&self.login.password],
            source: Some(Arc::clone(&self.login.source)),
            deadline: scope.deadline,
            ..Call::new(Method::POST, IAM, &endpoint, region)
        };
        let turn = self.guard.enter().await?;
        let answer = cloud.sender.send(&call).await.map_err(|error| match error.kind() {
            Kind::Unauthorized => error.and(
                "User, password and account (`domain_name` or `domain_id`) have to belong together, and the user has to have access to the project.",
            ),
            _ => error,
        });
        turn.report(&answer);
        let answer = answer?;
        let Tokens { token } = answer.object()?;
        let form = Form::Token(subject_token(&answer)?);
        let now = cloud.now();
        let life = token.expires_at.map(|text| expiry::life(&answer, "a token", &text, now)).transpose()?;
        let credential = match life {
            Some(life) => Credential::expiring(form, Arc::clone(&self.login.source), now, life),
            None => Credential::lasting(form, Arc::clone(&self.login.source)),
        };
        Ok(credential.of_project(token.project.and_then(|project| project.id)))
    }

    fn source(&self) -> Arc<CredentialSource> {
        Arc::clone(&self.login.source)
    }

    fn is_regional(&self) -> bool {
        true
    }
}

impl Password {
    fn request(&self, project: ProjectRef<'_>) -> Result<bytes::Bytes, serde_json::Error> {
        let password = ("password", Value::Text(self.login.password.expose_secret()));
        let account;
        let user: &[_] = match &self.login.user {
            User::Name(name, domain) => {
                account = [domain.field()];
                &[("name", Value::Text(name)), password, ("domain", Value::Object(&account))]
            }
            User::Id(id) => &[("id", Value::Text(id)), password],
        };
        let domain = self.login.domain.as_ref().map(|domain| [domain.field()]);
        let scope: &[_] = match (project, &domain) {
            (ProjectRef::Id(id), _) => &[("id", Value::Text(id))],
            (ProjectRef::Name(name), Some(domain)) => {
                &[("name", Value::Text(name)), ("domain", Value::Object(domain))]
            }
            (ProjectRef::Name(name), None) => &[("name", Value::Text(name))],
        };
        let login = [("user", Value::Object(user))];
        let identity = [("methods", Value::List(&["password"])), ("password", Value::Object(&login))];
        let scope = [("project", Value::Object(scope))];
        let auth = [("identity", Value::Object(&identity)), ("scope", Value::Object(&scope))];
        json(&[("auth", Value::Object(&auth))])
    }
}

/// The token in the answer's headers.
pub(super) fn subject_token(answer: &Response) -> Result<SecretString, Error> {
    let token = answer.headers.get("x-subject-token").and_then(|value| value.to_str().ok());
    let token = token.filter(|token| !token.is_empty()).map(SecretString::from);
    token.ok_or_else(|| answer.error(Kind::CredentialSource, "The answer has no token (X-Subject-Token)."))
}
