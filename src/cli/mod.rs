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
use options::{Command, Options};

/// The commands, each with a description, in the order of the help.
pub const COMMANDS: [(&str, &str); 2] = [
    (read::COMMAND.name, "print what the data source `iotda_instance` returns"),
    (
        doctor::COMMAND.name,
        "check credentials, project, endpoints, TLS, the clock and a test read; never prints secrets",
    ),
];

/// Runs the command that the arguments name; returns `None` if they name none of [`COMMANDS`].
pub fn run(arguments: Vec<OsString>) -> Option<ExitCode> {
    let words: Vec<&str> = arguments.iter().map_while(|argument| argument.to_str()).take(2).collect();
    let (name, is_help) = match *words.as_slice() {
        ["help", name] => (name, true),
        [name, ..] => (name, false),
        [] => return None,
    };
    let command = [read::COMMAND, doctor::COMMAND].into_iter().find(|command| command.name == name)?;
    let name = command.name;
    let options = if is_help { Ok(None) } else { command.parse(arguments.into_iter().skip(1)) };
    let (code, text) = match options.and_then(|options| execute(&command, options)) {
        Ok(()) => return Some(ExitCode::SUCCESS),
        Err(Failure::Failed(text)) => (1, text),
        Err(Failure::Usage(text)) => {
            let help = format!("For more help, run: terraform-provider-iotda {name} --help");
            (2, format!("error: {name}: {text}\n\n{help}"))
        }
    };
    // Without stderr the exit code still reports it.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    Some(ExitCode::from(code))
}

/// Runs a command with its options; without them, prints its help.
fn execute(command: &Command, options: Option<Options>) -> Result<(), Failure> {
    let Some(options) = options else { return output::print(command.usage) };
    let runtime =
        tfplug::runtime().map_err(|error| Failure::Failed(format!("error: cannot start: {error}")))?;
    let outcome = runtime.block_on((command.run)(options));
    // The resolver may still be looking up a name that is no longer needed.
    runtime.shutdown_background();
    outcome
}
