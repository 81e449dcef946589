//! The certificate and key that identify a host.

use std::sync::Arc;

use p521::ecdsa::SigningKey as P521Key;
use p521::ecdsa::signature::Signer as _;
use p521::pkcs8::DecodePrivateKey as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

use super::HostError;

/// A host's certificate and key.
#[derive(Clone, Debug)]
pub struct Identity {
    pub(super) pem: String,
    pub(super) key: Arc<CertifiedKey>,
}

impl Identity {
    /// Generates a new identity on the curve P-256.
    ///
    /// # Errors
    /// Returns an error if the system provides no random numbers.
    pub fn generate() -> Result<Self, HostError> {
        let key =
            rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(HostError::from_error)?;
        let parameters =
            rcgen::CertificateParams::new(["localhost".to_owned()]).map_err(HostError::from_error)?;
        let certificate = parameters.self_signed(&key).map_err(HostError::from_error)?;
        Self::from_pem(&certificate.pem(), &key.serialize_pem())
    }

    /// Creates an identity from PEM texts, with the key in PKCS #8, on any curve. Terraform's and OpenTofu's are on
    /// P-521.
    ///
    /// # Errors
    /// Returns an error if one of the texts is invalid.
    pub fn from_pem(certificate: &str, key: &str) -> Result<Self, HostError> {
        let der = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(HostError::from_error)?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(key.as_bytes()).map_err(HostError::from_error)?;
        let signer: Arc<dyn SigningKey> = match P521Key::from_pkcs8_der(key.secret_pkcs8_der()) {
            Ok(key) => Arc::new(P521Signer(Arc::new(key))),
            Err(_) => rustls::crypto::ring::sign::any_supported_type(&PrivateKeyDer::from(key))
                .map_err(HostError::from_error)?,
        };
        Ok(Self { pem: certificate.to_owned(), key: Arc::new(CertifiedKey::new(vec![der], signer)) })
    }

    /// Returns this identity's certificate with another identity's key: what an attacker has who can read the
    /// environment.
    #[must_use]
    pub fn with_key_of(&self, other: &Self) -> Self {
        let key = CertifiedKey::new(self.key.cert.clone(), Arc::clone(&other.key.key));
        Self { pem: self.pem.clone(), key: Arc::new(key) }
    }
}

/// A signer for P-521, which ring does not support.
#[derive(Debug)]
struct P521Signer(Arc<P521Key>);

impl SigningKey for P521Signer {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let offered = offered.contains(&SignatureScheme::ECDSA_NISTP521_SHA512);
        offered.then(|| Box::new(Self(Arc::clone(&self.0))) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let signature: p521::ecdsa::Signature = self.0.sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}
