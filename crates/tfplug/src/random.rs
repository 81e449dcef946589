//! Random bytes from the operating system, through the generator that TLS uses.

use rustls::crypto::ring::default_provider;

/// Returns `N` random bytes; `None` if the system cannot provide any.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    default_provider().secure_random.fill(&mut bytes).ok()?;
    Some(bytes)
}
