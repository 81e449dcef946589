//! Started by a person: `--help`, `--version` and `--debug`.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use super::debug;
use super::process::{Failure, say};
use crate::provider::Provider;

pub(super) fn run<P: Provider>(
    argument: Option<&OsStr>,
    commands: &[(&str, &str)],
) -> Result<ExitCode, Failure> {
    let name = format!("terraform-provider-{}", P::NAME);
    let mut usage = format!(
        "{name} {} is a Terraform and OpenTofu plugin. It is started by them, for configurations that require\n\
         {}.\n\n\
         Usage: {name} [--help | --version | --debug]\n\n\
         --debug  serve hosts started by hand, for use with a debugger; prints the variable to set for them\n",
        P::VERSION,
        P::ADDRESS,
    );
    if !commands.is_empty() {
        let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or_default().max(7);
        // Writing to a String cannot fail.
        let _ = write!(usage, "\nWithout a host: {name} COMMAND --help\n\n");
        for (command, does) in commands {
            let _ = writeln!(usage, "{command:width$}  {does}");
        }
    }
    match argument.map(OsStr::to_string_lossy).as_deref() {
        Some("--version" | "-version" | "-V") => {
            writeln!(io::stdout().lock(), "{name} {}", P::VERSION)?;
            Ok(ExitCode::SUCCESS)
        }
        Some("--help" | "-help" | "-h") => {
            write!(io::stdout().lock(), "{usage}")?;
            Ok(ExitCode::SUCCESS)
        }
        Some("--debug" | "-debug") => debug::serve::<P>(),
        Some(unknown) => {
            say(&format!("error: {name} knows no `{unknown}`\n\n{usage}"));
            Ok(ExitCode::from(2))
        }
        None => {
            say(&usage);
            Ok(ExitCode::FAILURE)
        }
    }
}
