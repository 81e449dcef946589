//! `read` and `doctor`: the provider for people and pipelines without Terraform, on the same way through the same code.
//!
//! Exit codes: 0, it was done; 1, it was not, and stderr says why; 2, the command line is wrong.

mod configured;
mod doctor;
mod failure;
mod options;
mod output;
mod read;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use failure::Failure;
pub use options::COMMANDS;
use options::{Command, Request};

/// Runs the command that the arguments name; `None` where they name none of [`COMMANDS`].
pub fn run(arguments: &[OsString]) -> Option<ExitCode> {
    let command = Command::named(arguments.first()?.to_str()?)?;
    let outcome =
        command.parse(arguments.iter().skip(1).cloned()).and_then(|request| execute(command, &request));
    let (code, text) = match outcome {
        Ok(()) => return Some(ExitCode::SUCCESS),
        Err(Failure::Failed(text)) => (1, text),
        Err(Failure::Usage(text)) => (2, format!("error: {}: {text}\n\n{}", command.name(), command.usage())),
    };
    // Without stderr the exit code still tells.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    Some(ExitCode::from(code))
}

/// One thread. Where too few files can be opened tokio panics, so that is tried first.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    #[cfg(unix)]
    if let Some(error) =
        [(); 4].map(|()| std::os::unix::net::UnixStream::pair()).into_iter().find_map(Result::err)
    {
        return Err(error);
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn execute(command: Command, request: &Request) -> Result<(), Failure> {
    let runtime = runtime().map_err(|error| {
        Failure::Failed(format!(
            "error: cannot start: {error}\n\nThe limit of open files may be too low: raise it (`ulimit -n`)."
        ))
    })?;
    let outcome = runtime.block_on(async {
        match request {
            Request::Help => output::print(command.usage()),
            Request::Read(options) => read::run(options).await,
            Request::Doctor(options) => doctor::run(options).await,
        }
    });
    // The resolver may still be asking for a name that nobody waits for any more.
    runtime.shutdown_background();
    outcome
}
