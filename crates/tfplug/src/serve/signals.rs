//! The signals that may end the process.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

/// Streams of these signals. Before they are created, a signal ends the process at once.
pub(super) struct Signals {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    hangup: Signal,
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(windows)]
    interrupt: CtrlC,
    #[cfg(windows)]
    halt: CtrlBreak,
}

impl Signals {
    #[cfg(unix)]
    pub(super) fn begin() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(windows)]
    pub(super) fn begin() -> io::Result<Self> {
        Ok(Self { interrupt: ctrl_c()?, halt: ctrl_break()? })
    }

    /// Waits for a signal. Returns the name of one that all processes of a terminal receive; `None` for SIGTERM, which is
    /// meant for this process.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Option<&'static str> {
        tokio::select! {
            _ = self.terminate.recv() => None,
            _ = self.hangup.recv() => Some("a hangup"),
            _ = self.interrupt.recv() => Some("an interrupt"),
        }
    }

    #[cfg(windows)]
    pub(super) async fn next(&mut self) -> Option<&'static str> {
        tokio::select! {
            Some(()) = self.interrupt.recv() => Some("an interrupt"),
            Some(()) = self.halt.recv() => Some("Ctrl-Break"),
            else => std::future::pending().await,
        }
    }
}
