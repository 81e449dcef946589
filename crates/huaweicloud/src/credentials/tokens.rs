//! The common parts of requests for IAM tokens, whatever proves the identity: their body, and the token in the
//! response.

use bytes::Bytes;
use secrecy::SecretString;
use serde::Deserialize;

use super::body::{Value, auth};
use super::expiry;
use super::renewing::Held;
use crate::error::{Error, Kind};
use crate::request::credential::{Credential, Form};
use crate::request::response::Response;
use crate::settings::Domain;

/// Segments of the path below the endpoint of IAM.
pub(super) const PATH: &[&str] = &["v3", "auth", "tokens"];

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
    pub(super) fn field(&self) -> (&'static str, Value<'_>) {
        let (name, value) = match self {
            Self::Id(id) => ("id", id),
            Self::Name(name) => ("name", name),
        };
        ("domain", Value::Object(vec![(name, Value::Text(value))]))
    }
}

/// Returns the body of a request: `method` names the authentication method, `proof` is its data, and `scope` is the
/// project or account that the token is for.
pub(super) fn body<'a>(
    method: &'a str,
    proof: Value<'a>,
    scope: (&'a str, Value<'a>),
) -> Result<Bytes, Error> {
    let identity = vec![("methods", Value::List(vec![method])), (method, proof)];
    auth(vec![("identity", Value::Object(identity)), ("scope", Value::Object(vec![scope]))])
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
