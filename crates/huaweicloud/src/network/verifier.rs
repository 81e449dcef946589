//! Verification of server certificates.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};

use super::handshakes::Handshakes;

/// The trusted roots.
#[derive(Clone, Debug, Default)]
pub(crate) enum Roots {
    /// The system's own roots.
    #[default]
    System,
    /// Exactly these: authorities, or servers' own certificates.
    Bundle(Arc<[CertificateDer<'static>]>),
}

/// Verifies chains against [`Roots`], which it loads at the first handshake.
#[derive(Debug)]
pub(crate) struct Verifier {
    roots: Roots,
    insecure: bool,
    provider: Arc<CryptoProvider>,
    handshakes: Handshakes,
    chain: OnceLock<Result<Arc<WebPkiServerVerifier>, Error>>,
}

impl Verifier {
    pub(crate) fn new(
        roots: Roots,
        insecure: bool,
        provider: Arc<CryptoProvider>,
        handshakes: Handshakes,
    ) -> Self {
        Self { roots, insecure, provider, handshakes, chain: OnceLock::new() }
    }

    /// Whether a chain is trusted, regardless of `insecure`.
    pub(crate) fn judge(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        let chain = self.chain()?;
        if !self.roots.contain(end_entity) {
            return chain.verify_server_cert(end_entity, intermediates, server_name, &[], now).map(drop);
        }
        match chain.verify_server_cert(end_entity, &[], server_name, &[], now) {
            Err(error) if is_unrooted(&error) => {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)
            }
            result => result.map(drop),
        }
    }

    fn chain(&self) -> Result<&WebPkiServerVerifier, Error> {
        let loaded = self.chain.get_or_init(|| {
            let store = Arc::new(self.roots.load()?);
            WebPkiServerVerifier::builder_with_provider(store, Arc::clone(&self.provider))
                .build()
                .map_err(|error| Error::Other(OtherError(Arc::new(error))))
        });
        loaded.as_deref().map_err(Clone::clone)
    }

    /// Verifies a signature with the key of the server's certificate, which settles the version.
    fn settle(
        &self,
        cert: &CertificateDer<'_>,
        version: &'static str,
        verify: impl FnOnce(&WebPkiSupportedAlgorithms) -> Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        // The parser used by the verification rejects certificates of old appliances.
        let valid =
            if self.insecure { HandshakeSignatureValid::assertion() } else { verify(self.algorithms())? };
        self.handshakes.settle(cert, version);
        Ok(valid)
    }

    fn algorithms(&self) -> &WebPkiSupportedAlgorithms {
        &self.provider.signature_verification_algorithms
    }
}

impl Roots {
    fn load(&self) -> Result<RootCertStore, Error> {
        let mut store = RootCertStore::empty();
        match self {
            Self::Bundle(certificates) => {
                store.add_parsable_certificates(certificates.iter().cloned());
            }
            Self::System => {
                let loaded = rustls_native_certs::load_native_certs();
                for error in &loaded.errors {
                    tracing::warn!(%error, "some of the system's root certificates could not be loaded");
                }
                store.add_parsable_certificates(loaded.certs);
                if store.is_empty() {
                    return Err(Error::General("this system has no root certificates".to_owned()));
                }
            }
        }
        Ok(store)
    }

    fn contain(&self, certificate: &CertificateDer<'_>) -> bool {
        matches!(self, Self::Bundle(certificates) if certificates.iter().any(|known| known == certificate))
    }
}

/// Whether a chain failed only because its authority is unknown. The dates have been checked by then: the library
/// checks them before it searches for an issuer.
fn is_unrooted(error: &Error) -> bool {
    let Error::InvalidCertificate(error) = error else { return false };
    match error {
        CertificateError::UnknownIssuer => true,
        CertificateError::Other(OtherError(inner)) => {
            matches!(inner.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
        }
        _ => false,
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.handshakes.begin(server_name, end_entity, intermediates, now);
        if !self.insecure {
            self.judge(end_entity, intermediates, server_name, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.settle(cert, "TLS 1.2", |algorithms| verify_tls12_signature(message, cert, dss, algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.settle(cert, "TLS 1.3", |algorithms| verify_tls13_signature(message, cert, dss, algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms().supported_schemes()
    }
}
