//! The plugin's process: handshake, mutual TLS, listener, and shutdown.

mod accept;
mod command_line;
mod debug;
mod directory;
mod environment;
mod hosted;
mod lifetime;
mod listener;
mod process;
mod reattach;
mod server;
mod signals;
mod tls;

use std::process::ExitCode;

use crate::provider::Provider;

pub use environment::host_is_calling;
#[cfg(feature = "testing")]
pub(crate) use environment::{COOKIE, COOKIE_NAME, Offer};
pub(crate) use process::{no_core_dump, prepare};
pub use server::runtime;
#[cfg(feature = "testing")]
pub(crate) use server::serve_connection;
#[cfg(feature = "testing")]
pub(crate) use tls::{config, identity, verify_p521};

use tracing::level_filters::LevelFilter;

/// Serves a provider to the host that started this process, and returns when the host has finished.
///
/// If a person started the process, it does not serve a host: it prints an explanation to stderr, or handles `--help`,
/// `--version` and `--debug`. With `--debug` it serves hosts that find it through an environment variable.
pub fn serve<P: Provider>() -> ExitCode {
    serve_with_commands::<P>(&[])
}

/// Serves like [`serve`], for a program that also has its own commands: `--help` lists the name and the description of
/// each. The program runs them itself, before it calls this function.
pub fn serve_with_commands<P: Provider>(commands: &[(&str, &str)]) -> ExitCode {
    // The host decides which lines the user sees.
    prepare::<P>(LevelFilter::WARN);
    let is_hosted = host_is_calling();
    // Hosts show a line of a plugin at the level with which it begins.
    let (result, level) = if is_hosted {
        (hosted::serve::<P>(), "[ERROR] ")
    } else {
        (command_line::run::<P>(std::env::args_os().skip(1), commands), "")
    };
    result.unwrap_or_else(|error| {
        let text = format!("{} {} cannot start: {error}", P::ADDRESS, P::VERSION);
        process::say(&format!("{level}{text}"));
        if is_hosted {
            process::tell_host(&text);
        }
        ExitCode::FAILURE
    })
}
