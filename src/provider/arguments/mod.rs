//! What data sources and the provider block have in common in their arguments.

pub(super) mod documented;
pub(crate) mod validators;
