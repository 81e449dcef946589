//! When the process ends.

use std::io;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::accept::Connections;

/// How long the host may take to read the answer to Shutdown; it closes the connection when it has.
const FAREWELL: Duration = Duration::from_millis(500);
/// How often to look whether the host that started us still lives.
const PARENT_INTERVAL: Duration = Duration::from_millis(500);
/// How long a host may take to close its connection after a signal that it may have got as well: it hears of each read
/// that it was cancelled, says Stop and Shutdown, and does not find the process gone in between.
const AFTER_SIGNAL: Duration = Duration::from_secs(2);
/// How long to wait for a host that closed its only connection, and may live on. No host of Terraform's comes back; where
/// a dead parent cannot be told, the plugin's file cannot be replaced for so long.
const RECONNECT: Duration = Duration::from_secs(if cfg!(unix) { 30 } else { 2 });

/// How long to wait for the first connection: hosts give up after a minute, and some then live on without us.
const FIRST_CONNECTION: Duration = Duration::from_mins(2);

/// Why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The host asked for it.
    Shutdown,
    /// The host is gone.
    HostGone,
    /// A signal asked for it.
    Signal,
}

/// What is watched from before the handshake line on: once the host has read it, it may go away or interrupt at once.
pub(super) struct Watch {
    parent: u32,
    signals: Signals,
}

impl Watch {
    pub(super) fn begin() -> io::Result<Self> {
        Ok(Self { parent: parent_id(), signals: Signals::begin()? })
    }

    /// Waits for the end. Open streams and running reads do not delay it. After a signal `stop` is called, and the host
    /// is served until it closes its connection, for a while.
    pub(super) async fn end(
        mut self,
        shutdown: &Notify,
        stop: impl FnOnce(),
        mut connections: watch::Receiver<Connections>,
    ) -> End {
        let end = tokio::select! {
            () = shutdown.notified() => End::Shutdown,
            () = host_gone(self.parent, connections.clone()) => End::HostGone,
            () = self.signals.terminated() => End::Signal,
        };
        let patience = match end {
            // Without an answer the host would report a failure; it has read it when it closes the connection.
            End::Shutdown => FAREWELL,
            End::Signal => {
                stop();
                AFTER_SIGNAL
            }
            End::HostGone => return end,
        };
        let _ = timeout(patience, connections.wait_for(|count| count.open == 0)).await;
        end
    }
}

/// Ends when no connection is open and the host is dead, or does not come back.
async fn host_gone(parent: u32, mut connections: watch::Receiver<Connections>) {
    loop {
        // The sender outlives this future: both end with the process.
        if connections.wait_for(|count| count.open == 0).await.is_err() {
            return;
        }
        let seen_before = connections.borrow().ever > 0;
        let orphaned = async {
            while parent_id() == parent {
                sleep(PARENT_INTERVAL).await;
            }
        };
        let abandoned = sleep(if seen_before { RECONNECT } else { FIRST_CONNECTION });
        tokio::select! {
            () = orphaned => return,
            () = abandoned => return,
            _ = connections.wait_for(|count| count.open > 0) => {}
        }
    }
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

/// Where a parent cannot be asked for, closed connections tell.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}

/// SIGTERM ends the process. An interrupt from the keyboard and the end of the terminal reach the host as well, which
/// decides what becomes of us: under `nohup` it goes on.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn begin() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn terminated(&mut self) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.hangup.recv() => tracing::debug!("ignored a hangup"),
                _ = self.interrupt.recv() => tracing::debug!("ignored an interrupt"),
            }
        }
    }
}

/// Ctrl-C and Ctrl-Break reach the host as well, which takes both for an interrupt.
#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    halt: tokio::signal::windows::CtrlBreak,
}

#[cfg(windows)]
impl Signals {
    fn begin() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c};
        Ok(Self { interrupt: ctrl_c()?, halt: ctrl_break()? })
    }

    async fn terminated(&mut self) {
        loop {
            tokio::select! {
                Some(()) = self.interrupt.recv() => tracing::debug!("ignored an interrupt"),
                Some(()) = self.halt.recv() => tracing::debug!("ignored Ctrl-Break"),
                else => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// The time that it takes until the host counts as gone, though the parent lives.
    async fn gone_after(connections: Connections) -> Duration {
        let (_sender, receiver) = watch::channel(connections);
        let start = Instant::now();
        host_gone(parent_id(), receiver).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_does_not_connect_is_waited_for_and_not_for_ever() {
        assert_eq!(gone_after(Connections { open: 0, ever: 0 }).await.as_secs(), 120);
        assert_eq!(gone_after(Connections { open: 0, ever: 1 }).await, RECONNECT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_holds_the_process_however_long() {
        let (sender, receiver) = watch::channel(Connections::default());
        let gone = host_gone(parent_id(), receiver);
        let host = async {
            sleep(FIRST_CONNECTION / 2).await;
            sender.send_modify(|count| *count = Connections { open: 1, ever: 1 });
            sleep(10 * FIRST_CONNECTION).await;
        };
        tokio::select! {
            () = gone => panic!("the host is there"),
            () = host => {}
        }
    }
}
