//! Certificates and versions from TLS handshakes, to diagnose why a server is trusted or not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::certificate::Certificate;
use crate::sync::lock;

/// The last handshake with each server, by host name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handshakes(Arc<Mutex<BTreeMap<String, Shown>>>);

/// Data from one handshake.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) server: ServerName<'static>,
    /// The certificate chain, the server's own certificate first.
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) at: UnixTime,
    /// TLS version, known once the server has proven that it has the key of its certificate.
    pub(crate) version: Option<&'static str>,
}

/// The result of a TLS handshake.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// `TLS 1.3` or `TLS 1.2`; `None` if the handshake ended before the version was settled.
    pub version: Option<&'static str>,
    /// The certificate chain, the server's own certificate first.
    pub chain: Vec<Certificate>,
    /// Whether the chain is trusted, regardless of `insecure`; otherwise the TLS library's reason.
    pub trust: Result<(), String>,
}

impl Handshakes {
    /// Records the certificates that a server presents, before they are verified.
    pub(crate) fn begin(
        &self,
        server: &ServerName<'_>,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        at: UnixTime,
    ) {
        let chain = std::iter::once(own).chain(others).map(|one| one.clone().into_owned()).collect();
        let shown = Shown { server: server.to_owned(), chain, at, version: None };
        lock(&self.0).insert(server.to_str().into_owned(), shown);
    }

    /// Records the version, which is known from the check of the signature.
    pub(crate) fn settle(&self, own: &CertificateDer<'_>, version: &'static str) {
        for shown in lock(&self.0).values_mut().filter(|shown| shown.chain.first() == Some(own)) {
            shown.version = Some(version);
        }
    }

    /// Returns the last handshake with a host.
    pub(crate) fn with(&self, host: &str) -> Option<Shown> {
        lock(&self.0).get(host).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn each_server_has_its_last_handshake() {
        let (handshakes, own) = (Handshakes::default(), CertificateDer::from_slice(b"own"));
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1));
        let server = |name: &'static str| ServerName::try_from(name).unwrap();
        handshakes.begin(&server("a.example.com"), &own, &[], at);
        handshakes.begin(
            &server("127.0.0.1"),
            &CertificateDer::from_slice(b"other"),
            std::slice::from_ref(&own),
            at,
        );
        handshakes.settle(&own, "TLS 1.3");
        let told = |host| handshakes.with(host).map(|shown| (shown.chain.len(), shown.version));
        assert_eq!(told("a.example.com"), Some((1, Some("TLS 1.3"))));
        assert_eq!(told("127.0.0.1"), Some((2, None)));
        assert_eq!(told("b.example.com"), None);
    }
}
