//! What data sources and the provider block have in common in their arguments.

pub(super) mod documented;
pub(super) mod timeouts;
pub(crate) mod validators;
