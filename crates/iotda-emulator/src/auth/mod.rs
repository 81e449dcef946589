//! Authentication of requests.

pub(crate) mod authentication;
mod signature;
