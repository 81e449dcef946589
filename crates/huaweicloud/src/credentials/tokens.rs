//! Tokens of IAM: for a user's password, and for the caller's own token.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Source;
use super::account::Account;
use super::body::{Value, auth};
use super::renewing::Held;
use crate::error::{Error, Kind};
use crate::request::{Call, Caller, Credential, Form, Guard, ProjectRef, Response, skew};
use crate::settings::{Domain, Login, User};

/// Segments of the path below the endpoint of IAM.
const PATH: &[&str] = &["v3", "auth", "tokens"];

/// A user's password, exchanged for a token: of the project that is read, or of the account if the token only assumes an
/// agency.
pub(super) struct Password {
    pub(super) login: Login,
    /// The account of the token, if the token only assumes an agency; without one, tokens are for projects.
    pub(super) account: Option<Domain>,
    /// Guards the password, for all regions: users can be locked too.
    pub(super) guard: Guard,
}

impl Password {
    /// Returns the body of the request for a token of the account, otherwise of `project`.
    fn body(&self, project: ProjectRef<'_>) -> Result<Bytes, Error> {
        let Login { user, password, domain, .. } = &self.login;
        let password = ("password", Value::Text(password.expose_secret()));
        let user = match user {
            User::Name(name, domain) => vec![("name", Value::Text(name)), password, domain.field()],
            User::Id(id) => vec![("id", Value::Text(id)), password],
        };
        let scope = match (&self.account, project) {
            (Some(account), _) => account.field(),
            (None, ProjectRef::Id(id)) => ("project", Value::Object(vec![("id", Value::Text(id))])),
            // The name is unique only within the account.
            (None, ProjectRef::Name(name)) => {
                let fields =
                    [("name", Value::Text(name))].into_iter().chain(domain.as_ref().map(Domain::field));
                ("project", Value::Object(fields.collect()))
            }
        };
        body("password", Value::Object(vec![("user", Value::Object(user))]), scope)
    }
}

#[async_trait]
impl Source for Password {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        let Held { cloud, scope, .. } = *held;
        let region = scope.region_or(&cloud.region);
        let call = Call {
            operation: "obtain",
            subject: "a token for the user".into(),
            path: PATH,
            body: Some(self.body(cloud.project_in(region))?),
            secrets: vec![&self.login.password],
            source: Some(held.described()),
            deadline: scope.deadline,
            region,
            ..cloud.identity_call(Method::POST)?
        };
        let turn = self.guard.enter().await?;
        let response = cloud.sender.send(call).await.map_err(|error| match (error.kind(), &self.account) {
            (Kind::Unauthorized, None) => error.and("Also check that the user may use the project."),
            _ => error,
        });
        turn.report(&response);
        credential(held, &response?)
    }
}

/// The caller's own token, exchanged for a token of the account: a project-scoped token does not include the permission
/// to assume agencies.
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
        let id = Value::Object(vec![("id", Value::Text(self.token.expose_secret()))]);
        let call = Call {
            operation: "obtain",
            subject: "a token for the account".into(),
            path: PATH,
            body: Some(body("token", id, domain.field())?),
            secrets: vec![&self.token],
            source: Some(held.described()),
            deadline,
            ..cloud.identity_call(Method::POST)?
        };
        let response = cloud.sender.send(call).await?;
        credential(held, &response)
    }
}

/// The response, limited to the fields in use.
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

impl Domain {
    /// Returns the field that identifies the account.
    fn field(&self) -> (&'static str, Value<'_>) {
        let (name, value) = match self {
            Self::Id(id) => ("id", id),
            Self::Name(name) => ("name", name),
        };
        ("domain", Value::Object(vec![(name, Value::Text(value))]))
    }
}

/// Returns the body of a request: `method` names the authentication method, `proof` is its data, and `scope` is the
/// project or account that the token is for.
fn body<'a>(method: &'a str, proof: Value<'a>, scope: (&'a str, Value<'a>)) -> Result<Bytes, Error> {
    let identity = vec![("methods", Value::List(vec![method])), (method, proof)];
    auth(vec![("identity", Value::Object(identity)), ("scope", Value::Object(vec![scope]))])
}

/// Returns the token of a response, and the project it is limited to.
fn credential(held: &Held<'_>, response: &Response) -> Result<Credential, Error> {
    let Tokens { token } = response.object()?;
    let form = Form::Token(subject_token(response)?);
    let now = held.cloud.now();
    let life = life(response, "a token", token.expires_at, now)?;
    let mut credential = Credential::lasting(form, held.described()).expiring(now, life);
    credential.project_id = token.project.and_then(|project| project.id);
    Ok(credential)
}

/// Returns the token in the headers of a response.
pub(super) fn subject_token(response: &Response) -> Result<SecretString, Error> {
    let token = response.headers.get("x-subject-token").and_then(|value| value.to_str().ok());
    let token = token.filter(|token| !token.is_empty()).map(SecretString::from);
    let missing = "The response does not contain a token (X-Subject-Token).";
    token.ok_or_else(|| response.error(Kind::CredentialSource, missing))
}

/// Returns the remaining lifetime, if there is an expiry, by the clock of the server that set the expiry: this machine's
/// clock may be wrong.
///
/// # Errors
///
/// The date is not an RFC 3339 timestamp, or it has passed.
pub(super) fn life(
    response: &Response,
    what: &str,
    expires_at: Option<String>,
    now: SystemTime,
) -> Result<Option<Duration>, Error> {
    let Some(expires_at) = expires_at else { return Ok(None) };
    let broken = |text: String| response.error(Kind::CredentialSource, text);
    let expires_at = OffsetDateTime::parse(&expires_at, &Rfc3339)
        .map_err(|_| broken(format!("The expiry of {what} is not an RFC 3339 timestamp.")))?;
    let left = SystemTime::from(expires_at).duration_since(skew::server_time(&response.headers, now));
    match left {
        Ok(left) if !left.is_zero() => Ok(Some(left)),
        _ => Err(broken(format!(
            "The server returned {what} that has already expired: check this machine's clock."
        ))),
    }
}
