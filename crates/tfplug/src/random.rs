//! Random bytes of the system, from the generator that TLS uses.

use rustls::crypto::ring::default_provider;

/// So many random bytes; nothing where the system gives none.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    default_provider().secure_random.fill(&mut bytes).ok()?;
    Some(bytes)
}
