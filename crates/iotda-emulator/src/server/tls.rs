//! The emulator's own certificate authority, and the certificates it issues.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

/// The server's certificate: valid, or with a defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerCertificate {
    /// Signed by the emulator's authority, for loopback and for the cloud's hosts.
    #[default]
    Trusted,
    /// Self-signed.
    SelfSigned,
    /// Signed by the authority, for another host.
    WrongHost,
    /// Signed by the authority, but expired since 2001.
    Expired,
}

/// A client certificate and its key, both as PEM.
#[derive(Clone, Debug)]
pub struct ClientIdentity {
    /// The certificate.
    pub certificate_pem: String,
    /// Its private key.
    pub key_pem: String,
}

/// The certificates generated for one emulator.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
    pub(crate) server_pem: String,
    pub(crate) client: Option<ClientIdentity>,
}

impl Tls {
    pub(crate) fn generate(
        kind: ServerCertificate,
        client_certificates: bool,
        regions: &BTreeSet<String>,
    ) -> anyhow::Result<Self> {
        let authority = authority().context("making the certificate authority")?;
        let key = KeyPair::generate()?;
        let certificate =
            server_certificate(kind, &key, &authority, regions).context("making the server's certificate")?;
        let client = client_certificates.then(|| client_identity(&authority)).transpose()?;

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = if client.is_some() {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der().clone())?;
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let mut config = builder.with_single_cert(vec![certificate.der().clone()], private)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self { acceptor, ca_pem: authority.pem(), server_pem: certificate.pem(), client })
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "iotda-emulator CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server_certificate(
    kind: ServerCertificate,
    key: &KeyPair,
    authority: &CertifiedIssuer<'static, KeyPair>,
    regions: &BTreeSet<String>,
) -> Result<Certificate, rcgen::Error> {
    let names = match kind {
        ServerCertificate::WrongHost => vec!["elsewhere.example".to_owned()],
        _ => names(regions),
    };
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "iotda-emulator");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    if kind == ServerCertificate::Expired {
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
    }
    if kind == ServerCertificate::SelfSigned {
        return params.self_signed(key);
    }
    params.signed_by(key, authority)
}

/// Returns loopback, and the hosts of the cloud in each region, which the emulator serves when it is used as a proxy.
fn names(regions: &BTreeSet<String>) -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    for domain in ["myhuaweicloud.com", "myhuaweicloud.eu"] {
        names.push(format!("*.{domain}"));
        names.extend(regions.iter().map(|region| format!("*.{region}.{domain}")));
    }
    names
}

fn client_identity(authority: &CertifiedIssuer<'static, KeyPair>) -> anyhow::Result<ClientIdentity> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "client");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.signed_by(&key, authority).context("making the client's certificate")?;
    Ok(ClientIdentity { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
}
