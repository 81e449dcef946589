//! Authentication of a request: a key that signed it, or a token.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::signature::Authorization;
use crate::cloud::credentials::{Credentials, Scope};
use crate::http::request::Request;

const LARGEST_SKEW: Duration = Duration::minutes(15);
const SDK_DATE: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// The authenticated sender of a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account_id: String,
    /// The scope of the token; a key is valid for all projects of its account.
    pub(crate) token_scope: Option<Scope>,
    /// `X-Domain-Id`, if the signature covers it.
    pub(crate) signed_domain: Option<String>,
}

impl Caller {
    /// Whether the caller's credential covers a project of the caller's own account.
    pub(crate) fn covers(&self, project_id: &str) -> bool {
        self.token_scope.as_ref().is_none_or(|it| matches!(it, Scope::Project(id) if id == project_id))
    }
}

/// Authenticates a request. The error is the reason after "Incorrect IAM authentication information: ". The reasons
/// that have a source use the gateway's text: the unknown key, the lock, the expired signature, the bad token.
pub(crate) fn authenticate(
    request: &Request,
    credentials: &mut Credentials,
    now: OffsetDateTime,
) -> Result<Caller, String> {
    if let Some(header) = request.header("authorization") {
        return by_signature(request, header, credentials, now);
    }
    let Some(id) = request.header("x-auth-token") else {
        return Err("neither Authorization nor X-Auth-Token was sent".to_owned());
    };
    let token = credentials.token(id, now).ok_or("decrypt token fail")?;
    let (account_id, scope) = (token.account_id.clone(), token.scope.clone());
    Ok(Caller { account_id, token_scope: Some(scope), signed_domain: None })
}

fn by_signature(
    request: &Request,
    header: &str,
    credentials: &mut Credentials,
    now: OffsetDateTime,
) -> Result<Caller, String> {
    let authorization = Authorization::parse(header)?;
    let access_key = authorization.access_key;
    let key = credentials.keys.get_mut(access_key).ok_or_else(|| format!("ak {access_key} not exist"))?;
    if key.is_locked(now) {
        return Err("AK access failed to reach the limit,forbidden".to_owned());
    }
    check_date(request, now)?;
    authorization.verify(request, &key.secret).inspect_err(|_| key.failed(now))?;
    // A temporary key requires its own token, and a permanent one has none.
    let token = key.session.as_ref().map(|session| session.security_token.as_str());
    let expired = key.session.as_ref().is_some_and(|session| now >= session.expires_at);
    if expired || request.header("x-security-token") != token {
        return Err("decrypt token fail".to_owned());
    }
    key.failures = 0;
    let signed_domain = request.header("x-domain-id").filter(|_| authorization.covers("x-domain-id"));
    let signed_domain = signed_domain.map(str::to_owned);
    Ok(Caller { account_id: key.account_id.clone(), token_scope: None, signed_domain })
}

fn check_date(request: &Request, now: OffsetDateTime) -> Result<(), String> {
    let date = request.header("x-sdk-date").unwrap_or_default();
    let signed_at = PrimitiveDateTime::parse(date, SDK_DATE)
        .map_err(|_| "x-sdk-date is not of the form 20060102T150405Z")?
        .assume_utc();
    if (now - signed_at).abs() > LARGEST_SKEW {
        return Err("calc ak sk signature fail:signature expired".to_owned());
    }
    Ok(())
}
