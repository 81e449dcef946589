//! Mutual TLS with exactly one peer: the host whose certificate is in the environment.

use std::sync::Arc;

use p521::ecdsa::signature::Verifier as _;
use p521::ecdsa::{Signature, VerifyingKey};
use p521::pkcs8::DecodePublicKey as _;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, PeerMisbehaved, ServerConfig,
    SignatureScheme,
};
use webpki::EndEntityCert;

use super::process::Failure;

/// A key and a certificate of this process, which the handshake line announces to the host.
pub(crate) struct Identity {
    pub(super) certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    host: CertificateDer<'static>,
}

/// Creates a key and a certificate for one host, which has the certificate `host`.
pub(crate) fn identity(host: CertificateDer<'static>) -> Result<Identity, Failure> {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut parameters = rcgen::CertificateParams::new(["localhost".to_owned()])?;
    parameters.extended_key_usages.push(rcgen::ExtendedKeyUsagePurpose::ServerAuth);
    let certificate = parameters.self_signed(&key)?.der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    Ok(Identity { certificate, key, host })
}

/// Creates a configuration that accepts only the identity's host.
pub(crate) fn config(Identity { certificate, key, host }: Identity) -> Result<Arc<ServerConfig>, Failure> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Pinned { host, provider: Arc::clone(&provider) });
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)?;
    // Newer hosts reject a connection that did not negotiate HTTP/2.
    config.alpn_protocols = vec![b"h2".to_vec()];
    // There is one host with one connection, so sessions are never resumed.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// Accepts one certificate, byte for byte, from a peer that can sign with its key.
///
/// The certificate is public in the environment, so the signature is the proof. No certificate path is built: the
/// hosts' certificates claim to be authorities, which path building rejects in a peer.
#[derive(Debug)]
struct Pinned {
    host: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Pinned {
    /// Hosts written in Go send no certificate unless the list is empty or contains their certificate's issuer.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *certificate == self.host {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if signed.scheme == SignatureScheme::ECDSA_NISTP521_SHA512 {
            verify_p521(message, certificate, signed.signature())
        } else {
            let algorithms = &self.provider.signature_verification_algorithms;
            verify_tls13_signature(message, certificate, signed, algorithms)
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // The signature scheme of the hosts, which ring cannot verify.
        let mut schemes = vec![SignatureScheme::ECDSA_NISTP521_SHA512];
        schemes.extend(self.provider.signature_verification_algorithms.supported_schemes());
        schemes
    }
}

pub(crate) fn verify_p521(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &[u8],
) -> Result<HandshakeSignatureValid, Error> {
    let certificate = EndEntityCert::try_from(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let key = certificate.subject_public_key_info();
    let key = VerifyingKey::from_public_key_der(&key).map_err(|_| CertificateError::BadEncoding)?;
    let bad_signature = |_| CertificateError::BadSignature;
    let signature = Signature::from_der(signature).map_err(bad_signature)?;
    key.verify(message, &signature).map_err(bad_signature)?;
    Ok(HandshakeSignatureValid::assertion())
}
