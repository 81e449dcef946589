//! Connections to a plugin, with the TLS of hosts or without TLS.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

use super::{Handshake, HostError, Identity};

pub(super) trait Transport: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Transport for T {}
pub(super) type Connection = Pin<Box<dyn Transport>>;

/// Opens the socket that a handshake names.
pub(super) async fn open(handshake: &Handshake) -> io::Result<Connection> {
    match handshake.network.as_str() {
        #[cfg(unix)]
        "unix" => Ok(Box::pin(tokio::net::UnixStream::connect(&handshake.address).await?)),
        "tcp" => Ok(Box::pin(tokio::net::TcpStream::connect(&handshake.address).await?)),
        other => Err(io::Error::other(format!("unknown network {other:?}"))),
    }
}

/// Presents the host's identity, and accepts only the plugin of the handshake as peer. Offers these application
/// protocols.
pub(super) async fn secure(
    connection: Connection,
    handshake: &Handshake,
    identity: Option<&Identity>,
    protocols: &[&[u8]],
) -> io::Result<Connection> {
    let provider = Arc::new(ring::default_provider());
    let plugin = CertificateDer::from(handshake.certificate.clone());
    let verifier = Pinned { plugin, provider: Arc::clone(&provider) };
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        Some(identity) => {
            let key = SingleCertAndKey::from(Arc::clone(&identity.key));
            builder.with_client_cert_resolver(Arc::new(key))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, connection).await?;
    Ok(Box::pin(stream))
}

/// Creates a gRPC channel over one connection. It does not reconnect.
pub(super) async fn channel(connection: Connection) -> Result<Channel, HostError> {
    let mut connection = Some(connection);
    let connector = tower::service_fn(move |_| {
        let connection = connection.take().ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected));
        async move { connection.map(TokioIo::new) }
    });
    let endpoint = Endpoint::from_static("http://localhost");
    endpoint.connect_with_connector(connector).await.map_err(HostError::from_error)
}

/// Accepts one certificate, byte for byte.
#[derive(Debug)]
struct Pinned {
    plugin: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *certificate == self.plugin {
            Ok(ServerCertVerified::assertion())
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
        Err(Error::General("only TLS 1.3 is offered".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
