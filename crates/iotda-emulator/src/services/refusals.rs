//! Errors with which IAM and STS reject a request, and the check that both make.

use hyper::StatusCode;
use time::Duration;

use crate::http::reply::Reply;

/// Creates the error for a caller without permission, or an object that does not exist.
pub(super) fn not_authorized() -> Reply {
    let message = "You are not authorized to perform the requested action.";
    Reply::service_error(StatusCode::FORBIDDEN, "IAM.0002", message)
}

/// Creates the error for a parameter that is missing or out of range.
pub(super) fn invalid_parameter(name: &str) -> Reply {
    let message = format!("Request parameter {name} is invalid.");
    Reply::service_error(StatusCode::BAD_REQUEST, "IAM.0007", &message)
}

/// Returns the lifetime of a temporary key, which is at least a quarter of an hour.
pub(super) fn life(seconds: Option<i64>, default: Duration, longest: Duration) -> Result<Duration, Reply> {
    let life = seconds.map_or(default, Duration::seconds);
    let allowed = Duration::minutes(15)..=longest;
    if allowed.contains(&life) { Ok(life) } else { Err(invalid_parameter("duration_seconds")) }
}
