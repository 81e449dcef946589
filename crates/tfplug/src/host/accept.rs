//! Connections: each is let in on its own, so that one that says nothing holds up no other.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;

use super::listener::{Listener, Socket};

/// A host's handshake takes milliseconds.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Connections that have not shown who they are; beyond it the oldest goes, after its time of grace.
const MAX_STRANGERS: usize = 128;
/// The host is a stranger too at first: a crowd must not push it out while it shows who it is.
const GRACE: Duration = Duration::from_secs(1);

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// A connection of the host's.
pub(super) struct HostStream {
    transport: Box<dyn Transport>,
    _open: OpenConnection,
}

/// Counts a connection as long as it lives.
struct OpenConnection(watch::Sender<Connections>);

/// The connections that the host has and had.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Connections {
    pub(super) open: usize,
    pub(super) ever: usize,
}

impl OpenConnection {
    fn new(connections: watch::Sender<Connections>) -> Self {
        connections.send_modify(|count| {
            count.open += 1;
            count.ever += 1;
        });
        Self(connections)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.send_modify(|count| count.open -= 1);
    }
}

/// Accepts connections for ever, and passes on those that are the host's.
pub(super) async fn accept(
    listener: &Listener,
    tls: Option<Arc<rustls::ServerConfig>>,
    admitted: mpsc::Sender<io::Result<HostStream>>,
    connections: watch::Sender<Connections>,
) {
    let tls = tls.map(TlsAcceptor::from);
    let mut strangers: VecDeque<Stranger> = VecDeque::new();
    loop {
        make_room(&mut strangers).await;
        let socket = match listener.accept().await {
            Ok(socket) => socket,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Out of descriptors, most likely: the oldest stranger holds one.
                if let Some(oldest) = strangers.pop_front() {
                    oldest.task.abort();
                }
                sleep(Duration::from_millis(10)).await;
                continue;
            }
        };
        let (tls, admitted, connections) = (tls.clone(), admitted.clone(), connections.clone());
        let task = tokio::spawn(async move {
            match timeout(HANDSHAKE_LIMIT, admit(socket, tls.as_ref())).await {
                Ok(Ok(transport)) => {
                    let stream = HostStream { transport, _open: OpenConnection::new(connections) };
                    // The server is gone only when the process is about to end.
                    let _ = admitted.send(Ok(stream)).await;
                }
                Ok(Err(error)) => tracing::warn!(%error, "refused a connection that is not the host's"),
                Err(_) => tracing::warn!("refused a connection that did not say who it is"),
            }
        });
        strangers.push_back(Stranger { since: Instant::now(), task: task.abort_handle() });
    }
}

/// A connection that has not shown who it is.
struct Stranger {
    since: Instant,
    task: AbortHandle,
}

/// Waits until there may be one more stranger. New connections wait in the system's queue meanwhile.
async fn make_room(strangers: &mut VecDeque<Stranger>) {
    loop {
        strangers.retain(|stranger| !stranger.task.is_finished());
        match strangers.front() {
            Some(oldest) if strangers.len() >= MAX_STRANGERS => {
                if oldest.since.elapsed() >= GRACE {
                    oldest.task.abort();
                    strangers.pop_front();
                } else {
                    sleep(Duration::from_millis(10)).await;
                }
            }
            _ => return,
        }
    }
}

async fn admit(socket: Socket, tls: Option<&TlsAcceptor>) -> io::Result<Box<dyn Transport>> {
    Ok(match (socket, tls) {
        #[cfg(unix)]
        (Socket::Unix(stream), None) => Box::new(stream),
        #[cfg(unix)]
        (Socket::Unix(stream), Some(tls)) => Box::new(tls.accept(stream).await?),
        (Socket::Tcp(stream), None) => Box::new(stream),
        (Socket::Tcp(stream), Some(tls)) => Box::new(tls.accept(stream).await?),
    })
}

impl Connected for HostStream {
    type ConnectInfo = ();
    fn connect_info(&self) {}
}

impl AsyncRead for HostStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_read(cx, buf)
    }
}

impl AsyncWrite for HostStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }
}
