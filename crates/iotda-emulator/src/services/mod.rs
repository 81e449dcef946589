//! The services behind the gateway.

pub(crate) mod iam;
pub(crate) mod instances;
pub(crate) mod metadata;
pub(crate) mod oidc;
mod paging;
mod refusals;
pub(crate) mod security_tokens;
pub(crate) mod sts;
mod tasks;
pub(crate) mod tokens;
