//! Whose request it is.

pub(crate) mod authentication;
mod signature;
