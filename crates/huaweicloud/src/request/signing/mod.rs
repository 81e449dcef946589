//! What proves who sends a request: a signature, or a token.

pub(crate) mod authorize;
pub(crate) mod signer;
