//! Proof of a request's identity: a signature, or a token.

pub(crate) mod authorize;
pub(crate) mod signer;
