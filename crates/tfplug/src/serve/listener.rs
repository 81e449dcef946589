//! The address to which the host connects: a Unix socket that only this user can reach, or a loopback port.

use std::fmt;
use std::io;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

#[cfg(unix)]
use super::directory::SocketDirectory;

/// A system without Unix sockets needs no directory for them.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) enum SocketDirectory {}

/// A bound listener, with its address.
pub(super) struct Bound {
    pub(super) listener: Listener,
    pub(super) address: Address,
    /// Directory of the socket, which is not needed any more once the host has connected.
    pub(super) directory: Option<SocketDirectory>,
}

pub(super) enum Listener {
    #[cfg(unix)]
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// A connection, of either type and with TLS or without.
pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// The address in the form of the handshake line: `unix|/tmp/…` or `tcp|127.0.0.1:…`.
pub(super) struct Address {
    pub(super) network: &'static str,
    pub(super) address: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.network, self.address)
    }
}

impl Listener {
    /// Binds a Unix socket in a new directory below the first usable parent, or else a loopback port. The error has the
    /// reason for each address that was tried.
    pub(super) async fn bind(parents: &[PathBuf], ports: RangeInclusive<u16>) -> Result<Bound, String> {
        let mut reasons = Vec::new();
        #[cfg(unix)]
        for parent in parents {
            match bind_unix(parent) {
                Ok(bound) => return Ok(bound),
                Err(error) => {
                    tracing::debug!(directory = %parent.display(), %error, "a Unix socket is not possible in this directory");
                    reasons.push(format!("no socket in {} ({error})", parent.display()));
                }
            }
        }
        #[cfg(not(unix))]
        let _ = parents;
        match bind_tcp(ports.clone()).await {
            Ok(bound) => return Ok(bound),
            Err(error) => {
                let (first, last) = ports.into_inner();
                reasons.push(format!("no port from {first} to {last} ({error})"));
            }
        }
        Err(format!("no address to listen on: {}", reasons.join("; ")))
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Transport>> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // An error is ignored: if the peer is gone, the next read reports it.
                let _ = stream.set_nodelay(true);
                Ok(Box::new(stream))
            }
        }
    }
}

#[cfg(unix)]
fn bind_unix(parent: &std::path::Path) -> io::Result<Bound> {
    let directory = SocketDirectory::create(parent)?;
    let path = directory.socket();
    let address = path.to_str().ok_or_else(|| io::Error::other("its path is not UTF-8"))?.to_owned();
    // The handshake line is split at bars and line ends.
    if address.contains(['|', '\n', '\r']) {
        return Err(io::Error::other("its path contains `|` or a line break"));
    }
    let listener = Listener::Unix(UnixListener::bind(&path)?);
    Ok(Bound { listener, address: Address { network: "unix", address }, directory: Some(directory) })
}

async fn bind_tcp(ports: RangeInclusive<u16>) -> io::Result<Bound> {
    // Each process begins at a different port: several start at once, and a port in use costs a system call.
    let count = u32::from(*ports.end()) - u32::from(*ports.start()) + 1;
    let first = std::process::id().wrapping_mul(2_654_435_761) % count;
    let mut last_error = io::Error::from(io::ErrorKind::AddrInUse);
    for step in 0..count {
        let offset = u16::try_from((first + step) % count).unwrap_or_default();
        match TcpListener::bind(("127.0.0.1", ports.start().saturating_add(offset))).await {
            Ok(listener) => {
                let address = listener.local_addr()?.to_string();
                let address = Address { network: "tcp", address };
                return Ok(Bound { listener: Listener::Tcp(listener), address, directory: None });
            }
            Err(error) => last_error = error,
        }
    }
    Err(last_error)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_directory_that_can_be_used_is() {
        let parent = tempfile::tempdir().unwrap();
        let parents = [parent.path().join("absent"), parent.path().to_owned()];
        let bound = Listener::bind(&parents, 10_000..=25_000).await.unwrap();
        assert_eq!(bound.address.network, "unix");
        assert!(bound.address.address.starts_with(parent.path().to_str().unwrap()));
        drop(bound);
        assert_eq!(parent.path().read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn where_no_socket_can_be_it_is_a_port_in_the_range() {
        let parent = tempfile::tempdir().unwrap();
        let long = parent.path().join("x".repeat(120));
        let strange = parent.path().join("a|b");
        for path in [&long, &strange] {
            std::fs::create_dir(path).unwrap();
        }
        for path in [&long, &strange, &parent.path().join("absent")] {
            let bound = Listener::bind(std::slice::from_ref(path), 20_000..=20_999).await.unwrap();
            let port: u16 = bound.address.address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
            assert!((20_000..=20_999).contains(&port), "{}", bound.address);
        }
        assert_eq!(strange.read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn where_nothing_can_be_every_reason_is_told() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let absent = PathBuf::from("/nonexistent");
        let error = Listener::bind(&[absent], port..=port).await.err().unwrap();
        let expected = format!(
            "no address to listen on: no socket in /nonexistent (No such file or directory (os error 2)); no port \
             from {port} to {port} (Address "
        );
        assert!(error.starts_with(&expected), "{error}");
    }
}
