//! Expiry of tokens and temporary keys.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::error::{Error, Kind};
use crate::request::response::Response;
use crate::request::skew;

/// Returns the remaining lifetime, if there is an expiry, by the clock of the server that set the expiry: this machine's clock may be wrong.
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
