//! Conditions under which the process ends.

use std::io;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::accept::Connections;
use super::signals::Signals;

/// Time that the host has to read the response to Shutdown; it closes the connection when it has read it.
const FAREWELL: Duration = Duration::from_millis(500);
/// Interval at which the process checks whether the host that started it is still running.
const PARENT_INTERVAL: Duration = Duration::from_millis(500);
/// Time that a host has to close its connection after a signal, which it may have received as well. The host receives a
/// cancellation for each read and sends Stop and Shutdown; the process must not be gone before that.
const AFTER_SIGNAL: Duration = Duration::from_secs(2);
/// Time to wait for a host that closed its only connection and may still be running. Hosts of Terraform do not
/// reconnect; on systems where a dead parent cannot be detected, the plugin's file cannot be replaced during this time.
const RECONNECT: Duration = Duration::from_secs(if cfg!(unix) { 30 } else { 2 });

/// Time to wait for the first connection: hosts give up after a minute, and some then keep running without us.
const FIRST_CONNECTION: Duration = Duration::from_mins(2);

/// Reason why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The host requested it.
    Shutdown,
    /// The host is gone.
    HostGone,
    /// A signal requested it.
    Signal,
}

/// Sources of end events. They are watched before the handshake line is written: once the host has read it, it may exit
/// or interrupt at any time.
pub(super) struct Watch {
    parent: u32,
    signals: Signals,
}

impl Watch {
    pub(super) fn begin() -> io::Result<Self> {
        Ok(Self { parent: parent_id(), signals: Signals::begin()? })
    }

    /// Waits for the end. Open streams and running reads do not delay it. After a signal, `stop` is called, and the
    /// host is served until it closes its connection, for a limited time.
    pub(super) async fn end(
        mut self,
        shutdown: &Notify,
        stop: impl FnOnce(),
        mut connections: watch::Receiver<Connections>,
    ) -> End {
        let end = tokio::select! {
            () = shutdown.notified() => End::Shutdown,
            () = host_gone(self.parent, connections.clone()) => End::HostGone,
            () = terminated(&mut self.signals) => End::Signal,
        };
        let patience = match end {
            // Without a response the host would report a failure. It has read the response when it closes the
            // connection.
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

/// Completes when no connection is open and the host is dead, or does not reconnect.
async fn host_gone(parent: u32, mut connections: watch::Receiver<Connections>) {
    loop {
        // The sender outlives this future, and both end with the process.
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

/// Without a way to query the parent, closed connections are the only indication.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}

/// SIGTERM ends the process. The signals of a terminal (an interrupt, a hangup, Ctrl-Break) also reach the host, which
/// decides whether the plugin ends: under `nohup` it continues.
async fn terminated(signals: &mut Signals) {
    while let Some(name) = signals.next().await {
        tracing::debug!("ignored {name}");
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// Returns the time after which the host counts as gone although the parent is alive.
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
