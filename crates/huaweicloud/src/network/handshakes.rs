//! Certificates and versions from TLS handshakes, to diagnose why a server is trusted or not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::SystemTime;

use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::Decode as _;

use crate::error::text::tidy;
use crate::sync::lock;

/// The last handshake with each server, by host name.
#[derive(Clone, Default)]
pub(crate) struct Handshakes(Arc<Mutex<BTreeMap<String, Shown>>>);

/// Data from one handshake.
#[derive(Clone)]
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

/// The readable fields of a certificate. Each text from the certificate is on one line, at most 1 KiB, without control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Subject in the format of RFC 4514: `CN=example.com,O=Example`. Empty if the certificate has names only among its
    /// alternative names.
    pub subject: String,
    /// Issuer, in the same format.
    pub issuer: String,
    /// End of validity.
    pub not_after: SystemTime,
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
        self.all().insert(server.to_str().into_owned(), shown);
    }

    /// Records the version, which is known from the check of the signature.
    pub(crate) fn settle(&self, own: &CertificateDer<'_>, version: &'static str) {
        for shown in self.all().values_mut().filter(|shown| shown.chain.first() == Some(own)) {
            shown.version = Some(version);
        }
    }

    /// Returns the last handshake with a host.
    pub(crate) fn with(&self, host: &str) -> Option<Shown> {
        self.all().get(host).cloned()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Shown>> {
        // No code that runs under the lock can leave the data half-changed.
        lock(&self.0)
    }
}

impl Certificate {
    /// Parses a certificate; `None` if it is invalid.
    pub(crate) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        // This profile accepts what old authorities issued, such as negative serial numbers.
        let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
        let certificate = certificate.tbs_certificate();
        let tidy = |name: String| tidy(&name).unwrap_or_default();
        Some(Self {
            subject: tidy(certificate.subject().to_string()),
            issuer: tidy(certificate.issuer().to_string()),
            not_after: SystemTime::UNIX_EPOCH + certificate.validity().not_after.to_unix_duration(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, CertifiedIssuer, DnType, KeyPair, date_time_ymd};

    fn certificate() -> CertificateDer<'static> {
        let name = |organization: Option<&str>, common: &str| {
            let mut params = CertificateParams::default();
            if let Some(organization) = organization {
                params.distinguished_name.push(DnType::OrganizationName, organization);
            }
            params.distinguished_name.push(DnType::CommonName, common);
            params
        };
        let authority = name(None, "Example\u{9b} Authority");
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let mut params = name(Some("Example Ltd"), "host.example.com");
        params.not_after = date_time_ymd(2031, 1, 1);
        params.signed_by(&KeyPair::generate().unwrap(), &authority).unwrap().der().clone()
    }

    #[test]
    fn a_certificate_tells_whose_it_is_and_until_when() {
        let read = Certificate::read(&certificate()).unwrap();
        assert_eq!(read.subject, "O=Example Ltd,CN=host.example.com");
        assert_eq!(read.issuer, "CN=Example Authority");
        assert_eq!(httpdate::fmt_http_date(read.not_after), "Wed, 01 Jan 2031 00:00:00 GMT");
        assert_eq!(Certificate::read(&CertificateDer::from_slice(b"\x30\x03\x02\x01")), None);
    }

    #[test]
    fn each_server_has_its_last_handshake() {
        let (handshakes, own) = (Handshakes::default(), certificate());
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
