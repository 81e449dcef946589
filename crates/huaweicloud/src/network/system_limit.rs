//! System limits that a request can hit: threads, descriptors, ports, buffers, permission.

use std::fmt;
use std::io;

use rustix::io::Errno;

/// The failure to start a thread for looking up a host name.
#[derive(Debug)]
pub(super) struct NoThread(pub(super) io::Error);

impl fmt::Display for NoThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no thread could be started: {}", self.0)
    }
}

impl std::error::Error for NoThread {}

/// Advice if no thread can be started.
pub(super) const THREADS: &str = "This process cannot start another thread: raise the limit of processes and threads (`ulimit -u`, or the pids limit of the container), or run fewer at a time.";

/// Returns advice for a system error that names a limit; `None` for any other.
pub(super) fn advice(error: &io::Error) -> Option<&'static str> {
    match Errno::from_io_error(error)? {
        Errno::MFILE => Some(
            "This process cannot open another file or connection: raise the limit of open files (`ulimit -n`).",
        ),
        #[cfg(unix)]
        Errno::NFILE => Some(
            "This machine cannot open another file or connection: raise its limit of open files (`fs.file-max` on Linux), or close some.",
        ),
        Errno::NOBUFS => Some(
            "This machine has no buffers left for another connection: close some, or raise its limits of network memory.",
        ),
        Errno::ADDRNOTAVAIL => Some(
            "This machine has no local address or free port for the connection: check its network interfaces, or close other connections.",
        ),
        #[cfg(unix)]
        Errno::PERM => Some(
            "This machine does not permit the connection: check its firewall, and the network policy of the container.",
        ),
        _ => None,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named() {
        for (errno, words) in [
            (Errno::MFILE, "`ulimit -n`"),
            (Errno::NFILE, "`fs.file-max`"),
            (Errno::NOBUFS, "buffers"),
            (Errno::ADDRNOTAVAIL, "free port"),
            (Errno::PERM, "firewall"),
        ] {
            let advice = advice(&io::Error::from(errno)).unwrap();
            assert!(advice.contains(words), "{advice}");
        }
        for other in [io::Error::from(Errno::CONNREFUSED), io::Error::other("EMFILE")] {
            assert_eq!(advice(&other), None);
        }
    }
}
