//! Connections. Each is admitted independently, so that a silent one does not block the others.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::listener::{Listener, Transport};

/// Time limit of a TLS handshake. A host's handshake takes milliseconds.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Maximum number of unauthenticated connections. Beyond it the oldest is closed, after its grace period.
const MAX_STRANGERS: usize = 128;
/// Grace period of a connection. The host is also unauthenticated at first: many strangers must not displace it during
/// its handshake.
const GRACE: Duration = Duration::from_secs(1);

/// Counts a connection during its lifetime.
struct OpenConnection(watch::Sender<Connections>);

/// Numbers of the host's open and previous connections.
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

/// Accepts connections indefinitely, and serves those of the host.
pub(super) async fn accept<S: Future<Output = ()> + Send + 'static>(
    listener: &Listener,
    tls: Option<Arc<rustls::ServerConfig>>,
    connections: watch::Sender<Connections>,
    serve: impl Fn(Box<dyn Transport>) -> S + Clone + Send + 'static,
) {
    let tls = tls.map(TlsAcceptor::from);
    let mut strangers: VecDeque<Stranger> = VecDeque::new();
    let mut pause = Duration::ZERO;
    loop {
        make_room(&mut strangers).await;
        let stream = match listener.accept().await {
            Ok(stream) => stream,
            Err(error) => {
                pause = longer(pause);
                if pause == FIRST_PAUSE {
                    tracing::warn!(%error, "a connection could not be accepted");
                }
                if is_out_of_descriptors(&error) {
                    let_oldest_go(&mut strangers);
                }
                sleep(pause).await;
                continue;
            }
        };
        pause = Duration::ZERO;
        let (tls, serve, connections) = (tls.clone(), serve.clone(), connections.clone());
        let task = tokio::spawn(async move {
            match timeout(HANDSHAKE_LIMIT, admit(stream, tls)).await {
                Ok(Ok(transport)) => {
                    let open = OpenConnection::new(connections);
                    // A task of its own, because this one ends as a stranger's.
                    tokio::spawn(async move {
                        serve(transport).await;
                        drop(open);
                    });
                }
                Ok(Err(error)) => tracing::warn!(%error, "refused a connection that is not the host's"),
                Err(_) => tracing::warn!("refused a connection that did not authenticate in time"),
            }
        });
        strangers.push_back(Stranger { since: Instant::now(), task: task.abort_handle() });
    }
}

/// Pause after the first failure to accept. The pauses grow while it continues to fail.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Returns the pause after another failure.
fn longer(pause: Duration) -> Duration {
    (pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE)
}

/// An unauthenticated connection.
struct Stranger {
    since: Instant,
    task: AbortHandle,
}

/// Waits until another stranger is allowed. Meanwhile new connections wait in the system's queue.
async fn make_room(strangers: &mut VecDeque<Stranger>) {
    loop {
        strangers.retain(|stranger| !stranger.task.is_finished());
        if strangers.len() < MAX_STRANGERS {
            return;
        }
        if !let_oldest_go(strangers) {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Closes the oldest stranger, unless it is in its grace period.
fn let_oldest_go(strangers: &mut VecDeque<Stranger>) -> bool {
    let oldest = strangers.pop_front_if(|oldest| oldest.since.elapsed() >= GRACE);
    if let Some(oldest) = &oldest {
        oldest.task.abort();
    }
    oldest.is_some()
}

/// Returns whether closing a descriptor would help: any other failure to accept affects a single connection.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    #[cfg(unix)]
    let all = {
        use rustix::io::Errno;
        [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error)
    };
    // WSAEMFILE
    #[cfg(not(unix))]
    let all = [10_024];
    error.raw_os_error().is_some_and(|code| all.contains(&code))
}

async fn admit(stream: Box<dyn Transport>, tls: Option<TlsAcceptor>) -> io::Result<Box<dyn Transport>> {
    match tls {
        Some(tls) => Ok(Box::new(tls.accept(stream).await?)),
        None => Ok(stream),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger() -> Stranger {
        Stranger { since: Instant::now(), task: tokio::spawn(std::future::pending::<()>()).abort_handle() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stranger_goes_only_after_its_time_of_grace() {
        let mut strangers = VecDeque::from([stranger()]);
        assert!(!let_oldest_go(&mut strangers), "it may be the host");
        sleep(GRACE).await;
        strangers.push_back(stranger());
        assert!(let_oldest_go(&mut strangers));
        assert!(!let_oldest_go(&mut strangers), "the next has come only now");
        assert_eq!(strangers.len(), 1);
    }

    #[test]
    fn failures_to_accept_are_further_and_further_apart() {
        let mut pause = Duration::ZERO;
        let pauses = [(); 9].map(|()| {
            pause = longer(pause);
            pause.as_millis()
        });
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000]);
    }

    #[cfg(unix)]
    #[test]
    fn a_connection_that_was_given_up_takes_no_other_along() {
        use rustix::io::Errno;
        let is_out = |errno: Errno| is_out_of_descriptors(&io::Error::from(errno));
        assert!(is_out(Errno::MFILE) && is_out(Errno::NFILE));
        assert!(!is_out(Errno::CONNABORTED) && !is_out(Errno::INVAL));
    }
}
