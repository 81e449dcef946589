//! Code that the arguments of data sources and of the provider block share.

pub(super) mod documented;
pub(crate) mod validators;
