//! The services behind the gateway.

pub(crate) mod iam;
pub(crate) mod instances;
pub(crate) mod metadata;
pub(crate) mod oidc;
mod paging;
pub(crate) mod security_tokens;
pub(crate) mod sts;
mod tasks;
pub(crate) mod tokens;

use hyper::StatusCode;

use crate::reply::Reply;

/// IAM's refusal when a caller may not do what it asks, or what it names is not there.
fn not_authorized() -> Reply {
    let message = "You are not authorized to perform the requested action.";
    Reply::service_error(StatusCode::FORBIDDEN, "IAM.0002", message)
}

/// IAM's refusal of a parameter.
fn invalid_parameter(name: &str) -> Reply {
    let message = format!("Request parameter {name} is invalid.");
    Reply::service_error(StatusCode::BAD_REQUEST, "IAM.0007", &message)
}
