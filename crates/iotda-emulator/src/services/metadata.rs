//! The metadata service of a cloud server: no gateway in front of it, no JSON in its errors.

use hyper::{Method, StatusCode};
use serde_json::json;
use time::Duration;

use super::security_tokens;
use crate::cloud::metadata::MetadataMode;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

const KEY_LIFE: Duration = Duration::hours(6);
const LONGEST_TOKEN_LIFE: i64 = 6 * 60 * 60;

/// Handles `PUT /meta-data/latest/api/token`.
pub(crate) fn token(exchange: &mut Exchange<'_>, method: &Method) -> Result<Reply, Reply> {
    match exchange.state.metadata.mode {
        MetadataMode::Refusing => return Err(refusal(StatusCode::FORBIDDEN)),
        MetadataMode::V1Only => return Err(refusal(StatusCode::NOT_FOUND)),
        MetadataMode::V2Required | MetadataMode::Either | MetadataMode::NoAgency => {}
    }
    if method != Method::PUT {
        return Err(refusal(StatusCode::METHOD_NOT_ALLOWED));
    }
    let life = exchange.request.header("x-metadata-token-ttl-seconds").and_then(|it| it.parse().ok());
    let life = life.filter(|life| (1..=LONGEST_TOKEN_LIFE).contains(life));
    let life = Duration::seconds(life.ok_or_else(|| refusal(StatusCode::BAD_REQUEST))?);
    let token = exchange.state.credentials.issue_metadata_token(exchange.now, life);
    Ok(Reply::text(StatusCode::OK, token))
}

/// Handles `GET /openstack/latest/securitykey`, with a new key every time.
pub(crate) fn security_key(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let mode = exchange.state.metadata.mode;
    if mode == MetadataMode::Refusing {
        return Err(refusal(StatusCode::FORBIDDEN));
    }
    let sent = exchange.request.header("x-metadata-token");
    let good = sent.map(|token| exchange.state.credentials.metadata_token_is_good(token, exchange.now));
    // If tokens are not supported, none is checked.
    let needed = matches!(mode, MetadataMode::V2Required | MetadataMode::NoAgency);
    if mode != MetadataMode::V1Only && !good.unwrap_or(!needed) {
        return Err(refusal(StatusCode::UNAUTHORIZED));
    }
    if mode == MetadataMode::NoAgency {
        let message = "Please configure Cloud Service Agency first";
        return Err(Reply::text(StatusCode::UNAUTHORIZED, message));
    }
    let owner = exchange.state.account_named(&exchange.state.metadata.account);
    let account_id = owner.ok_or_else(|| refusal(StatusCode::NOT_FOUND))?.id.clone();
    let key = exchange.state.credentials.issue_key(&account_id, exchange.now, KEY_LIFE);
    Ok(Reply::value(StatusCode::OK, &json!({ "credential": security_tokens::document(&key) })))
}

fn refusal(status: StatusCode) -> Reply {
    Reply::text(status, status.canonical_reason().unwrap_or_default())
}
