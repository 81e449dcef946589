//! The metadata service of a cloud server: no gateway in front of it, no JSON in its errors.

use hyper::header::HeaderValue;
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
pub(crate) fn token(exchange: &mut Exchange<'_>, method: &Method) -> Reply {
    match exchange.state.metadata.mode {
        MetadataMode::Refusing => return Reply::text(StatusCode::FORBIDDEN, "Forbidden"),
        MetadataMode::V1Only => return Reply::text(StatusCode::NOT_FOUND, "Not Found"),
        MetadataMode::V2Required | MetadataMode::Either | MetadataMode::NoAgency => {}
    }
    if method != Method::PUT {
        return Reply::text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    let life = exchange.request.header("x-metadata-token-ttl-seconds").and_then(|it| it.parse::<i64>().ok());
    let Some(life) = life.filter(|life| (1..=LONGEST_TOKEN_LIFE).contains(life)) else {
        return Reply::text(StatusCode::BAD_REQUEST, "Bad Request");
    };
    let token = exchange.state.credentials.issue_metadata_token(exchange.now, Duration::seconds(life));
    let plain = HeaderValue::from_static("text/plain");
    Reply::typed(StatusCode::OK, plain, token)
}

/// Handles `GET /openstack/latest/securitykey`, with a new key every time.
pub(crate) fn security_key(exchange: &mut Exchange<'_>) -> Reply {
    let mode = exchange.state.metadata.mode;
    if mode == MetadataMode::Refusing {
        return Reply::text(StatusCode::FORBIDDEN, "Forbidden");
    }
    let sent = exchange.request.header("x-metadata-token");
    let good = sent.map(|token| exchange.state.credentials.metadata_token_is_good(token, exchange.now));
    // If tokens are not supported, none is checked.
    let needed = matches!(mode, MetadataMode::V2Required | MetadataMode::NoAgency);
    if mode != MetadataMode::V1Only && !good.unwrap_or(!needed) {
        return Reply::text(StatusCode::UNAUTHORIZED, "Unauthorized");
    }
    if mode == MetadataMode::NoAgency {
        return Reply::text(StatusCode::UNAUTHORIZED, "Please configure Cloud Service Agency first");
    }
    let owner = exchange.state.account_named(&exchange.state.metadata.account);
    let Some(account_id) = owner.map(|account| account.id.clone()) else {
        return Reply::text(StatusCode::NOT_FOUND, "Not Found");
    };
    let key = exchange.state.credentials.issue_key(&account_id, exchange.now, KEY_LIFE);
    Reply::value(StatusCode::OK, &json!({ "credential": security_tokens::document(&key) }))
}
