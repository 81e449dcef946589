//! `read`: the provider for people and pipelines without Terraform, on the same way through the same code.
//!
//! Exit codes: 0, it was done; 1, it was not, and stderr says why; 2, the command line is wrong.

mod options;
mod output;
mod read;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use options::{Command, Options};

/// What a command came to.
pub(crate) type Outcome = Result<(), Failure>;

/// Why a command was not done.
pub(crate) enum Failure {
    /// It was tried; the text says what went wrong.
    Failed(String),
    /// The command line is wrong.
    Usage(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Runs the command that the arguments name; `None` where they name none of these.
pub fn run(arguments: &[OsString]) -> Option<ExitCode> {
    let command = Command::named(arguments.first()?.to_str()?)?;
    let outcome = Options::parse(arguments.iter().skip(1).cloned()).and_then(|options| match options {
        None => output::print(options::USAGE),
        Some(options) => execute(command, &options),
    });
    let (code, text) = match outcome {
        Ok(()) => return Some(ExitCode::SUCCESS),
        Err(Failure::Failed(text)) => (1, text),
        Err(Failure::Usage(text)) => (2, format!("error: {text}\n\n{}", options::USAGE)),
    };
    // Without stderr the exit code still tells.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    Some(ExitCode::from(code))
}

fn execute(command: Command, options: &Options) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Read => read::run(options).await,
        }
    })
}
