//! STS: temporary keys for an agency, identified by its URN.

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;
use time::Duration;

use super::refusals::{invalid_parameter, life, not_authorized};
use crate::cloud::clock::second_timestamp;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

const LONGEST: Duration = Duration::hours(12);

#[derive(Deserialize)]
struct Body {
    agency_urn: String,
    agency_session_name: String,
    duration_seconds: Option<i64>,
}

/// Handles `POST /v5/agencies/assume`.
pub(crate) fn assume(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let caller = exchange.caller()?;
    if caller.token_scope.is_some() {
        return Err(Reply::unauthenticated("Authorization was not sent", exchange.request_id));
    }
    let body: Body = exchange.request.json("").ok_or_else(|| invalid_parameter("agency_urn"))?;
    let (domain_id, agency) = parse_urn(&body.agency_urn).ok_or_else(|| invalid_parameter("agency_urn"))?;
    let session = body.agency_session_name.as_str();
    if !is_session_name(session) {
        return Err(invalid_parameter("agency_session_name"));
    }
    let life = life(body.duration_seconds, Duration::HOUR, LONGEST)?;
    let account = exchange.state.account(domain_id);
    let account = account.filter(|it| exchange.state.may_assume(&caller.account_id, it, agency));
    let account_id = account.ok_or_else(not_authorized)?.id.clone();
    let key = exchange.state.credentials.issue_key(&account_id, exchange.now, life);
    let body = json!({
        "assumed_agency": {
            "urn": format!("sts::{domain_id}:assumed-agency:{agency}/{session}"),
            "id": format!("{agency}:{session}"),
        },
        "credentials": {
            "access_key_id": key.access_key,
            "secret_access_key": key.secret_key,
            "security_token": key.security_token,
            "expiration": second_timestamp(key.expires_at),
        },
    });
    Ok(Reply::value(StatusCode::OK, &body))
}

/// Parses `iam::<domain_id>:agency:<agency_name>`; the name may include a path.
fn parse_urn(urn: &str) -> Option<(&str, &str)> {
    let (domain_id, agency) = urn.strip_prefix("iam::")?.split_once(":agency:")?;
    let plain = !domain_id.is_empty() && domain_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && !agency.is_empty() && !agency.contains(':')).then_some((domain_id, agency))
}

fn is_session_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=64).contains(&name.len()) && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_urn_names_a_domain_and_an_agency() {
        assert_eq!(parse_urn("iam::acc1:agency:reader"), Some(("acc1", "reader")));
        for bad in [
            "",
            "iam::agency:reader",
            "iam:::agency:reader",
            "iam::a:agency:",
            "iam::a:agency:x:y",
            "sts::a:agency:r",
        ] {
            assert_eq!(parse_urn(bad), None, "{bad}");
        }
    }

    #[test]
    fn session_names_have_their_characters_and_length() {
        assert!(is_session_name("iotda-reader") && is_session_name("a@b"));
        assert!(!is_session_name("a") && !is_session_name("a b") && !is_session_name(&"x".repeat(65)));
    }
}
