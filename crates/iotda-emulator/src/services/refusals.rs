//! How IAM and STS refuse a request.

use hyper::StatusCode;

use crate::http::reply::Reply;

/// The caller may not do what it asks, or what it names does not exist.
pub(super) fn not_authorized() -> Reply {
    let message = "You are not authorized to perform the requested action.";
    Reply::service_error(StatusCode::FORBIDDEN, "IAM.0002", message)
}

/// A parameter is missing or out of range.
pub(super) fn invalid_parameter(name: &str) -> Reply {
    let message = format!("Request parameter {name} is invalid.");
    Reply::service_error(StatusCode::BAD_REQUEST, "IAM.0007", &message)
}
