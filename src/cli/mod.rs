//! `read` and `doctor`: the provider's own code for people and pipelines that run without Terraform.
//!
//! Exit codes: 0, success; 1, failure, with the reason on stderr; 2, invalid command line.

mod configured;
mod doctor;
mod failure;
mod options;
mod output;
mod read;
mod typing;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use failure::Failure;
pub use options::COMMANDS;
use options::{Command, Request};

/// Runs the command that the arguments name; returns `None` if they name none of [`COMMANDS`].
pub fn run(arguments: &[OsString]) -> Option<ExitCode> {
    let words: Vec<&str> = arguments.iter().map_while(|argument| argument.to_str()).take(2).collect();
    let (command, is_help) = match *words.as_slice() {
        ["help", name] => (Command::named(name)?, true),
        [name, ..] => (Command::named(name)?, false),
        [] => return None,
    };
    let request = if is_help { Ok(Request::Help) } else { command.parse(arguments.iter().skip(1).cloned()) };
    let outcome = request.and_then(|request| execute(command, &request));
    let (code, text) = match outcome {
        Ok(()) => return Some(ExitCode::SUCCESS),
        Err(Failure::Failed(text)) => (1, text),
        Err(Failure::Usage(text)) => {
            let command = command.name();
            let help = format!("For more help, run: terraform-provider-iotda {command} --help");
            (2, format!("error: {command}: {text}\n\n{help}"))
        }
    };
    // Without stderr the exit code still reports it.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    Some(ExitCode::from(code))
}

fn execute(command: Command, request: &Request) -> Result<(), Failure> {
    let runtime =
        tfplug::runtime().map_err(|error| Failure::Failed(format!("error: cannot start: {error}")))?;
    let outcome = runtime.block_on(async {
        match request {
            Request::Help => output::print(command.usage()),
            Request::Read(options) => read::run(options).await,
            Request::Doctor(options) => doctor::run(options).await,
        }
    });
    // The resolver may still be looking up a name that is no longer needed.
    runtime.shutdown_background();
    outcome
}
