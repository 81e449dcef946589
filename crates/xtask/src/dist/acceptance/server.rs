//! Files over HTTPS, as any web server has them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Serves a directory until the test's runtime ends.
pub(super) struct FileServer {
    /// Of the directory, with a slash at its end.
    pub(super) url: String,
    /// Whom to trust.
    pub(super) certificate_pem: String,
}

impl FileServer {
    /// Serves a directory below a path, which begins and ends with a slash.
    pub(super) async fn start(
        directory: PathBuf,
        path: &'static str,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("localhost", 0)).await?;
        let url = format!("https://localhost:{}{path}", listener.local_addr()?.port());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, directory) = (acceptor.clone(), directory.clone());
                // The client reports what goes wrong with a connection, and the test reads that.
                tokio::spawn(async move { answer(acceptor, stream, &directory, path).await.is_ok() });
            }
        });
        Ok(Self { url, certificate_pem: certified.cert.pem() })
    }
}

/// One request, one response.
async fn answer(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    directory: &Path,
    path: &str,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(acceptor.accept(stream).await?);
    let mut request = String::new();
    let mut line = String::new();
    stream.read_line(&mut request).await?;
    while stream.read_line(&mut line).await? > 0 && line != "\r\n" {
        line.clear();
    }
    let file = request.split(' ').nth(1).and_then(|target| target.strip_prefix(path));
    let contents = file.and_then(|file| std::fs::read(directory.join(file)).ok());
    let is_json = file.is_some_and(|file| Path::new(file).extension().is_some_and(|end| end == "json"));
    let kind = if is_json { "application/json" } else { "application/zip" };
    let (status, contents) = contents.map_or(("404 Not Found", Vec::new()), |contents| ("200 OK", contents));
    let length = contents.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&contents).await?;
    stream.shutdown().await
}
