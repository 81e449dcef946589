//! What holds for the whole process: its log, its panics, its core dumps.

use std::io::{self, Write as _};

use tracing::level_filters::LevelFilter;

use crate::log::{self, Levels};
use crate::panics;
use crate::provider::Provider;
use crate::text::harmless;

/// Why a process cannot serve.
pub(super) type Failure = Box<dyn std::error::Error>;

/// Makes panics and logs of this process the framework's. `unasked` is what is logged where no variable says.
pub(crate) fn prepare<P: Provider>(unasked: LevelFilter) {
    panics::install_hook();
    let crate_name = std::any::type_name::<P>().split("::").next().unwrap_or_default();
    let levels = Levels::from_environment(P::NAME, unasked, |name| std::env::var(name).ok());
    log::install(crate_name, P::LOGGED_CRATES, levels);
}

/// Says something to the person or the host's log; without stderr there is nobody to tell.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes why there is no handshake in its place: hosts show the first line of stdout to the user, if it is not one.
pub(super) fn tell_host(text: &str) {
    // A bar would make it look like a handshake.
    let line: String =
        harmless(text).chars().map(|c| if matches!(c, '|' | '\n' | '\t') { ' ' } else { c }).collect();
    // Without stdout the log still has it.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// What a provider holds in its memory is no business of a file that a crash leaves behind.
#[cfg(unix)]
pub(crate) fn no_core_dump() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::debug!(%error, "core dumps cannot be switched off");
    }
}

#[cfg(not(unix))]
pub(crate) fn no_core_dump() {}
