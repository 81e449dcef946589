//! Where the host connects: a Unix socket that only this user can reach, or a loopback port.

use std::fmt;
use std::io;
use std::ops::RangeInclusive;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;

use tokio::net::TcpListener;

#[cfg(unix)]
use tokio::net::UnixListener;

/// What fits into a socket's address: 104 bytes on macOS and the BSDs, 108 on Linux, the last of them zero.
#[cfg(unix)]
const MAX_SOCKET_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A listener that has been bound.
pub(super) enum Listener {
    #[cfg(unix)]
    /// The directory goes with the listener.
    Unix(UnixListener, #[expect(dead_code, reason = "held for its drop")] SocketDirectory),
    Tcp(TcpListener),
}

/// A connection of either kind.
pub(super) enum Socket {
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
    Tcp(tokio::net::TcpStream),
}

/// The address, as the handshake line tells it: `unix|/tmp/…` or `tcp|127.0.0.1:…`.
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
    /// Binds a Unix socket in a directory of its own below `parent`, or a loopback port where that cannot be.
    pub(super) async fn bind(parent: &Path, ports: RangeInclusive<u16>) -> io::Result<(Self, Address)> {
        #[cfg(unix)]
        match bind_unix(parent) {
            Ok(Some(bound)) => return Ok(bound),
            Ok(None) => tracing::debug!("the temporary directory's path is too long for a socket"),
            Err(error) => tracing::debug!(%error, "no Unix socket in the temporary directory"),
        }
        #[cfg(not(unix))]
        let _ = parent;
        let listener = bind_tcp(ports).await?;
        let address = listener.local_addr()?.to_string();
        Ok((Self::Tcp(listener), Address { network: "tcp", address }))
    }

    pub(super) async fn accept(&self) -> io::Result<Socket> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener, _) => Ok(Socket::Unix(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // A peer that is gone already is found out by whoever reads from it.
                let _ = stream.set_nodelay(true);
                Ok(Socket::Tcp(stream))
            }
        }
    }
}

#[cfg(unix)]
fn bind_unix(parent: &Path) -> io::Result<Option<(Listener, Address)>> {
    let parent = std::path::absolute(parent)?;
    let Some(directory) = SocketDirectory::create(&parent)? else { return Ok(None) };
    let path = directory.socket();
    let Some(address) = path.to_str().map(str::to_owned) else { return Ok(None) };
    // The handshake line is split at bars and line ends.
    if address.contains(['|', '\n', '\r']) {
        return Ok(None);
    }
    let listener = UnixListener::bind(&path)?;
    Ok(Some((Listener::Unix(listener, directory), Address { network: "unix", address })))
}

async fn bind_tcp(ports: RangeInclusive<u16>) -> io::Result<TcpListener> {
    // A start of its own for each process: several start at once, and a port in use costs a call.
    let count = u32::from(*ports.end()) - u32::from(*ports.start()) + 1;
    let first = std::process::id().wrapping_mul(2_654_435_761) % count;
    let mut last_error = io::Error::from(io::ErrorKind::AddrInUse);
    for step in 0..count {
        let offset = u16::try_from((first + step) % count).unwrap_or_default();
        match TcpListener::bind(("127.0.0.1", ports.start().saturating_add(offset))).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last_error = error,
        }
    }
    Err(last_error)
}

/// A directory that only this user can enter, removed with its socket when dropped.
#[cfg(unix)]
pub(super) struct SocketDirectory(PathBuf);

#[cfg(unix)]
impl SocketDirectory {
    fn create(parent: &Path) -> io::Result<Option<Self>> {
        use std::os::unix::fs::DirBuilderExt as _;
        for attempt in 0..1_000_u32 {
            let path = parent.join(format!("tfplug-{}-{attempt}", std::process::id()));
            let directory = Self(path);
            if directory.socket().as_os_str().len() > MAX_SOCKET_PATH {
                std::mem::forget(directory);
                return Ok(None);
            }
            match std::fs::DirBuilder::new().mode(0o700).create(&directory.0) {
                Ok(()) => return Ok(Some(directory)),
                Err(error) => {
                    // It is somebody else's: not ours to remove.
                    std::mem::forget(directory);
                    if error.kind() != io::ErrorKind::AlreadyExists {
                        return Err(error);
                    }
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn socket(&self) -> PathBuf {
        self.0.join("plugin")
    }
}

#[cfg(unix)]
impl Drop for SocketDirectory {
    fn drop(&mut self) {
        // Nobody is left to tell, and a cleaner of temporary files may have been here before.
        let _ = std::fs::remove_file(self.socket());
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn the_socket_is_for_this_user_alone_and_goes_with_the_listener() {
        let parent = tempfile::tempdir().unwrap();
        let (listener, address) = Listener::bind(parent.path(), 10_000..=25_000).await.unwrap();
        let socket = PathBuf::from(&address.address);
        let mode = socket.parent().unwrap().metadata().unwrap().permissions().mode();
        assert_eq!((address.network, mode & 0o777), ("unix", 0o700));
        drop(listener);
        assert_eq!(parent.path().read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_path_that_cannot_be_a_socket_gives_a_port_in_the_range() {
        let parent = tempfile::tempdir().unwrap();
        let long = parent.path().join("x".repeat(120));
        std::fs::create_dir(&long).unwrap();
        for path in [long, parent.path().join("absent")] {
            let (_listener, address) = Listener::bind(&path, 20_000..=20_999).await.unwrap();
            let port: u16 = address.address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
            assert!((20_000..=20_999).contains(&port), "{address}");
        }
        let strange = parent.path().join("a|b");
        std::fs::create_dir(&strange).unwrap();
        let (_listener, address) = Listener::bind(&strange, 20_000..=20_999).await.unwrap();
        assert_eq!(address.network, "tcp");
        assert_eq!(strange.read_dir().unwrap().count(), 0);
    }
}
