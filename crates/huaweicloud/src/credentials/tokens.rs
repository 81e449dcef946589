//! The common parts of requests for IAM tokens, whatever proves the identity: their body, and the token in the
//! response.

use bytes::Bytes;
use secrecy::SecretString;
use serde::Deserialize;

use super::body::{Value, json};
use super::expiry;
use super::renewing::Held;
use crate::error::{Error, Kind};
use crate::request::cloud::ProjectRef;
use crate::request::credential::{Credential, Form};
use crate::request::response::Response;
use crate::settings::Domain;

/// Segments of the path below the endpoint of IAM.
pub(super) const PATH: &[&str] = &["v3", "auth", "tokens"];

/// Scope of a token.
pub(super) enum Target<'a> {
    /// A project, whose name is unique only within the account.
    Project(ProjectRef<'a>, Option<&'a Domain>),
    /// The account as a whole, as required for agencies.
    Account(&'a Domain),
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
    /// Returns the field and value that identify the account.
    pub(super) fn field(&self) -> (&'static str, Value<'_>) {
        match self {
            Self::Id(id) => ("id", Value::Text(id)),
            Self::Name(name) => ("name", Value::Text(name)),
        }
    }
}

/// Returns the body of a request: `method` names the authentication method, and `proof` is its data.
pub(super) fn body(method: &str, proof: Value<'_>, target: &Target<'_>) -> Result<Bytes, Error> {
    let methods = [method];
    let identity = [("methods", Value::List(&methods)), (method, proof)];
    let scoped = |kind: &str, fields: &[(&str, Value<'_>)]| {
        let scope = [(kind, Value::Object(fields))];
        let auth = [("identity", Value::Object(&identity)), ("scope", Value::Object(&scope))];
        json(&[("auth", Value::Object(&auth))])
    };
    match *target {
        Target::Account(account) => scoped("domain", &[account.field()]),
        Target::Project(ProjectRef::Id(id), _) => scoped("project", &[("id", Value::Text(id))]),
        Target::Project(ProjectRef::Name(name), None) => scoped("project", &[("name", Value::Text(name))]),
        Target::Project(ProjectRef::Name(name), Some(account)) => {
            let account = [account.field()];
            scoped("project", &[("name", Value::Text(name)), ("domain", Value::Object(&account))])
        }
    }
}

/// Returns the token of a response, and the project it is limited to.
pub(super) fn credential(held: &Held<'_>, response: &Response) -> Result<Credential, Error> {
    let Tokens { token } = response.object()?;
    let form = Form::Token(subject_token(response)?);
    let now = held.cloud.now();
    let life = expiry::life(response, "a token", token.expires_at, now)?;
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
