//! Connections to a plugin, with the TLS of hosts or without TLS.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, RootCertStore};
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

/// Presents the host's identity, and accepts only the plugin of the handshake as peer: as in hosts, its certificate is
/// the only root. Offers these application protocols.
pub(super) async fn secure(
    connection: Connection,
    handshake: &Handshake,
    identity: Option<&Identity>,
    protocols: &[&[u8]],
) -> io::Result<Connection> {
    let mut plugin = RootCertStore::empty();
    plugin.add(CertificateDer::from(handshake.certificate.clone())).map_err(io::Error::other)?;
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(io::Error::other)?
        .with_root_certificates(plugin);
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
