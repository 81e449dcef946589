//! When the process ends.

use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::accept::Connections;

/// How long the host may take to read the answer to Shutdown; it closes the connection when it has.
const FAREWELL: Duration = Duration::from_millis(500);
/// How often to look whether the host that started us still lives.
const PARENT_INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait for a host that closed its only connection and lives on.
const RECONNECT: Duration = Duration::from_secs(30);

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

/// Waits for the end. Open streams and running reads do not delay it.
pub(super) async fn end(shutdown: &Notify, connections: watch::Receiver<Connections>) -> End {
    tokio::select! {
        () = shutdown.notified() => {
            let mut connections = connections;
            // Without an answer the host would report a failure; it has read it when it closes the connection.
            let _ = timeout(FAREWELL, connections.wait_for(|count| count.open == 0)).await;
            End::Shutdown
        }
        () = host_gone(connections.clone()) => End::HostGone,
        () = terminated() => End::Signal,
    }
}

/// Ends when no connection is open and the host is dead, or does not come back.
async fn host_gone(mut connections: watch::Receiver<Connections>) {
    let parent = parent_id();
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
        let abandoned = async {
            if seen_before {
                sleep(RECONNECT).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
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

/// Ends at SIGTERM. An interrupt from the keyboard reaches the host as well, which decides what becomes of us.
#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    loop {
        tokio::select! {
            _ = terminate.recv() => return,
            _ = interrupt.recv() => tracing::debug!("ignored an interrupt"),
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    loop {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
