//! Errors with which IAM and STS reject a request.

use hyper::StatusCode;

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
