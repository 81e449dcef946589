//! IAM v3.0: temporary keys, for an agency or for a token.

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;
use time::Duration;

use super::refusals::{invalid_parameter, life, not_authorized};
use crate::auth::authentication::Caller;
use crate::cloud::clock::iam_timestamp;
use crate::cloud::credentials::{Scope, TemporaryKey};
use crate::exchange::Exchange;
use crate::http::reply::Reply;

const DEFAULT_LIFE: Duration = Duration::minutes(15);
const LONGEST_LIFE: Duration = Duration::DAY;

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    assume_role: Option<AssumeRole>,
    token: Option<Token>,
}

#[derive(Deserialize)]
struct AssumeRole {
    agency_name: String,
    domain_id: Option<String>,
    domain_name: Option<String>,
    duration_seconds: Option<i64>,
}

#[derive(Deserialize)]
struct Token {
    id: Option<String>,
    duration_seconds: Option<i64>,
}

/// Handles `POST /v3.0/OS-CREDENTIAL/securitytokens`.
pub(crate) fn issue(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let identity: Identity =
        exchange.request.json("/auth/identity").ok_or_else(|| invalid_parameter("auth"))?;
    match (identity.methods.as_slice(), identity.assume_role, identity.token) {
        ([method], Some(role), None) if method == "assume_role" => assume(exchange, &role),
        ([method], None, token) if method == "token" => from_token(exchange, token),
        _ => Err(invalid_parameter("methods")),
    }
}

fn assume(exchange: &mut Exchange<'_>, role: &AssumeRole) -> Result<Reply, Reply> {
    let caller = exchange.caller()?;
    check_account(&caller)?;
    let life = life(role.duration_seconds, DEFAULT_LIFE, LONGEST_LIFE)?;
    let account = match (&role.domain_id, &role.domain_name) {
        (None, None) => return Err(invalid_parameter("domain_name")),
        (Some(id), _) => exchange.state.account(id),
        (None, Some(name)) => exchange.state.account_named(name),
    };
    let account = account.filter(|it| exchange.state.may_assume(&caller.account_id, it, &role.agency_name));
    let account_id = account.ok_or_else(not_authorized)?.id.clone();
    Ok(created(&exchange.state.credentials.issue_key(&account_id, exchange.now, life)))
}

/// Agencies are assumed for an account: that of the token, or the one that the signature covers.
fn check_account(caller: &Caller) -> Result<(), Reply> {
    match (&caller.token_scope, &caller.signed_domain) {
        (Some(Scope::Domain), _) => Ok(()),
        (Some(Scope::Project(_) | Scope::Unscoped), _) => Err(not_authorized()),
        (None, None) => Err(invalid_parameter("X-Domain-Id")),
        (None, Some(id)) => (*id == caller.account_id).then_some(()).ok_or_else(not_authorized),
    }
}

/// The token is in the body or, as for any other call, in its header.
fn from_token(exchange: &mut Exchange<'_>, body: Option<Token>) -> Result<Reply, Reply> {
    let (id, duration) = body.map_or((None, None), |token| (token.id, token.duration_seconds));
    let id = id.as_deref().or(exchange.request.header("x-auth-token")).unwrap_or_default();
    let life = life(duration, DEFAULT_LIFE, LONGEST_LIFE)?;
    let token = exchange.state.credentials.token(id, exchange.now);
    let account_id = token
        .map(|token| token.account_id.clone())
        .ok_or_else(|| Reply::unauthenticated("decrypt token fail", exchange.request_id))?;
    Ok(created(&exchange.state.credentials.issue_key(&account_id, exchange.now, life)))
}

fn created(key: &TemporaryKey) -> Reply {
    Reply::value(StatusCode::CREATED, &json!({ "credential": document(key) }))
}

/// Formats a temporary key as IAM v3.0 and the metadata service do.
pub(super) fn document(key: &TemporaryKey) -> serde_json::Value {
    json!({
        "access": key.access_key,
        "secret": key.secret_key,
        "securitytoken": key.security_token,
        "expires_at": iam_timestamp(key.expires_at),
    })
}
