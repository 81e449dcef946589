//! IAM: an unscoped token for the id token of an identity provider.

use hyper::StatusCode;
use serde_json::json;

use super::refusals::invalid_parameter;
use super::tokens::SUBJECT_TOKEN;
use crate::cloud::clock::iam_timestamp;
use crate::cloud::credentials::Scope;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

/// Handles `POST /v3.0/OS-AUTH/id-token/tokens`.
pub(crate) fn exchange(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let provider_id = exchange.request.header("x-idp-id").ok_or_else(|| invalid_parameter("X-Idp-Id"))?;
    let id_token = exchange.request.json("/auth/id_token/id").ok_or_else(|| invalid_parameter("auth"))?;
    let vouched_for = exchange.state.accounts.iter().find(|account| {
        let mut own = account.identity_providers.iter().filter(|provider| provider.id == provider_id);
        own.any(|provider| provider.id_tokens.contains(&id_token))
    });
    let account = vouched_for.ok_or_else(|| {
        Reply::keystone_error(
            StatusCode::UNAUTHORIZED,
            "The id token is not good for this identity provider.",
        )
    })?;
    let (account_id, account_name) = (account.id.clone(), account.name.clone());
    let now = exchange.now;
    let (id, expires_at) =
        exchange.state.credentials.issue_token(&account_id, None, Scope::Unscoped, now, None);
    let token = json!({
        "methods": ["mapped"],
        "issued_at": iam_timestamp(now),
        "expires_at": iam_timestamp(expires_at),
        "user": {
            "id": format!("{provider_id}-user"),
            "name": "FederationUser",
            "domain": { "id": account_id, "name": account_name },
        },
    });
    Ok(Reply::value(StatusCode::CREATED, &json!({ "token": token })).with_header(SUBJECT_TOKEN, &id))
}
