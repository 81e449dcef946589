//! Settings of the whole process: its log, its panic hook, its core dumps.

use std::io::{self, Write as _};

use tracing::level_filters::LevelFilter;

use crate::log::{self, Levels};
use crate::panics;
use crate::provider::Provider;
use crate::text::harmless;

/// Reason why a process cannot serve.
pub(super) type Failure = Box<dyn std::error::Error>;

/// Installs the framework's panic hook and log in this process. `unasked` is the log level if no variable sets one.
pub(crate) fn prepare<P: Provider>(unasked: LevelFilter) {
    panics::install_hook();
    let crate_name = std::any::type_name::<P>().split("::").next().unwrap_or_default();
    let levels = Levels::from_environment(P::NAME, unasked, |name| std::env::var(name).ok());
    log::install(crate_name, P::LOGGED_CRATES, levels);
}

/// Writes a text to stderr for a person or for the host's log. Errors are ignored: without stderr they cannot be
/// reported.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes an error in place of the handshake: hosts show the first line of stdout to the user if it is not a handshake.
pub(super) fn tell_host(text: &str) {
    // With a bar the line would look like a handshake.
    let line: String =
        harmless(text).chars().map(|c| if matches!(c, '|' | '\n' | '\t') { ' ' } else { c }).collect();
    // If stdout is closed, the error is still in the log.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Disables core dumps: the memory of a provider, which may hold secrets, must not be written to a file after a crash.
#[cfg(unix)]
pub(crate) fn no_core_dump() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::debug!(%error, "core dumps cannot be disabled");
    }
}

#[cfg(not(unix))]
pub(crate) fn no_core_dump() {}
