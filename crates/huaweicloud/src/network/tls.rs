//! TLS configuration: which roots are trusted, and the client certificate.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rustls::client::ResolvesClientCert;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, Error, RootCertStore, SignatureScheme};

use super::certificate::Certificate;
use super::handshakes::{Handshake, Handshakes, Shown};
use super::verifier::{Roots, Verifier};
use crate::error::text::tidy;

/// Checked TLS settings. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Tls {
    roots: Roots,
    pub(super) client: Arc<ClientCertificate>,
    pub(crate) insecure: bool,
    handshakes: Handshakes,
}

impl Tls {
    /// Trusts the certificates of a PEM bundle instead of the system's.
    ///
    /// # Errors
    ///
    /// A clause that describes what is wrong with the bundle.
    pub(crate) fn trust(&mut self, pem: &[u8]) -> Result<(), String> {
        let certificates = certificates(pem)?;
        let mut store = RootCertStore::empty();
        for (position, certificate) in certificates.iter().enumerate() {
            let added = store.add(certificate.clone());
            added.map_err(|error| format!("its certificate {} is not valid ({error})", position + 1))?;
        }
        self.roots = Roots::Bundle(certificates.into());
        Ok(())
    }

    /// Sets the client certificate.
    ///
    /// # Errors
    ///
    /// A clause that describes what is wrong with the pair.
    pub(crate) fn show(&mut self, certificate: &[u8], key: &[u8]) -> Result<(), String> {
        let chain = certificates(certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| "`key` contains no unencrypted private key in PEM format".to_owned())?;
        let key = provider().key_provider.load_private_key(key);
        let key = key.map_err(|_| "`key` has a type that TLS does not support".to_owned())?;
        let pair = CertifiedKey::new(chain, key);
        match pair.keys_match() {
            Ok(()) | Err(Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
            Err(_) => return Err("`key` is not the key of the certificate `cert`".to_owned()),
        }
        self.client = Arc::new(ClientCertificate { pair: Some(Arc::new(pair)), ..Default::default() });
        Ok(())
    }

    /// Whether the system's roots are trusted, because no bundle replaces them.
    pub(crate) fn trusts_the_system(&self) -> bool {
        matches!(self.roots, Roots::System)
    }

    /// Returns the last handshake with a host that reached its certificates, if any.
    pub(crate) fn handshake(&self, host: &str) -> Option<Handshake> {
        let Shown { server, chain, at, version } = self.handshakes.with(host)?;
        let (own, others) = chain.split_first()?;
        let trust = self.verifier(provider()).judge(own, others, &server, at);
        let trust = trust.map_err(|error| tidy(&error.to_string()).unwrap_or_default());
        Some(Handshake { version, chain: chain.iter().filter_map(Certificate::read).collect(), trust })
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> Verifier {
        let (roots, handshakes) = (self.roots.clone(), self.handshakes.clone());
        Verifier { roots, insecure: self.insecure, provider, handshakes, chain: OnceLock::new() }
    }

    /// Returns the configuration of the TLS library. The system's roots are loaded only when a handshake needs them.
    pub(crate) fn config(&self) -> Result<ClientConfig, Error> {
        let provider = provider();
        let verifier = self.verifier(Arc::clone(&provider));
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_client_cert_resolver(Arc::<ClientCertificate>::clone(&self.client));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|_| "its PEM text is damaged".to_owned())?;
    if certificates.is_empty() {
        return Err("it contains no certificate in PEM format".to_owned());
    }
    Ok(certificates)
}

/// Responds to a server's certificate request, and remembers it: a server that gets no certificate may close the
/// connection without an explanation.
#[derive(Default)]
pub(crate) struct ClientCertificate {
    pair: Option<Arc<CertifiedKey>>,
    asked: AtomicBool,
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
