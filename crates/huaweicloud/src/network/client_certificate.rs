//! The TLS client certificate, and whether a server has requested one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;

/// Responds to a server's certificate request, and remembers it: a server that gets no certificate may close the
/// connection without an explanation.
#[derive(Default)]
pub(crate) struct ClientCertificate {
    pub(super) pair: Option<Arc<CertifiedKey>>,
    pub(super) asked: AtomicBool,
}

impl ClientCertificate {
    /// Whether a server requested a certificate and none is configured.
    pub(crate) fn is_missing(&self) -> bool {
        self.pair.is_none() && self.asked.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl ResolvesClientCert for ClientCertificate {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.pair.clone()
    }

    fn has_certs(&self) -> bool {
        // Otherwise rustls would not call `resolve`.
        true
    }
}
