//! The command line for people: `--help`, `--version` and `--debug`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use super::debug;
use super::process::{Failure, say};
use crate::provider::Provider;

/// A request from the command line.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Help,
    Version,
    /// Includes the file to which the variable is written.
    Debug(Option<PathBuf>),
}

pub(super) fn run<P: Provider>(
    arguments: impl Iterator<Item = OsString>,
    commands: &[(&str, &str)],
) -> Result<ExitCode, Failure> {
    let name = format!("terraform-provider-{}", P::NAME);
    let usage = usage(&name, P::ADDRESS, P::VERSION, commands);
    match parse(arguments) {
        Ok(Some(Request::Version)) => writeln!(io::stdout().lock(), "{name} {}", P::VERSION)?,
        Ok(Some(Request::Help)) => write!(io::stdout().lock(), "{usage}")?,
        Ok(Some(Request::Debug(file))) => return debug::serve::<P>(file.as_deref()),
        Ok(None) => {
            say(&usage);
            return Ok(ExitCode::FAILURE);
        }
        Err(complaint) => {
            say(&format!("error: {complaint}\n\n{usage}"));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn usage(name: &str, address: &str, version: &str, commands: &[(&str, &str)]) -> String {
    let mut usage = format!(
        "{name} {version} is a Terraform and OpenTofu plugin. It is started by them, for configurations that require\n\
         {address}.\n\n\
         Usage: {name} [--help | --version | --debug [--debug-env-file FILE]]\n\n\
         --debug                Serve hosts that you start yourself, for use with a debugger; print the variable to set\n\
         --debug-env-file FILE  Write that variable to a file too\n",
    );
    if !commands.is_empty() {
        let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or_default().max(7);
        // Writing to a String cannot fail.
        let _ = write!(usage, "\nWithout a host: {name} COMMAND --help\n\n");
        for (command, does) in commands {
            let _ = writeln!(usage, "{command:width$}  {does}");
        }
    }
    usage
}

/// Parses the arguments. The first request is used; the forms of other programs are accepted too: `-version`,
/// `version`.
fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<Request>, String> {
    let (mut debug, mut file) = (false, None);
    while let Some(argument) = arguments.next() {
        match &*argument.to_string_lossy() {
            "--help" | "-help" | "-h" | "help" => return Ok(Some(Request::Help)),
            "--version" | "-version" | "-V" | "version" => return Ok(Some(Request::Version)),
            "--debug" | "-debug" => debug = true,
            "--debug-env-file" | "-debug-env-file" => {
                let path = arguments.next().filter(|path| !path.is_empty());
                file = Some(path.ok_or("`--debug-env-file` requires the name of a file")?);
            }
            unknown => return Err(format!("unknown argument `{unknown}`")),
        }
    }
    match (debug, file) {
        (true, file) => Ok(Some(Request::Debug(file.map(Into::into)))),
        (false, Some(_)) => Err("`--debug-env-file` requires `--debug`".to_owned()),
        (false, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_a_request_or_an_error() {
        let parsed = |line: &str| parse(line.split_whitespace().map(OsString::from));
        let debug = |file: Option<&str>| Ok(Some(Request::Debug(file.map(PathBuf::from))));
        for (line, request) in [
            ("", Ok(None)),
            ("-version", Ok(Some(Request::Version))),
            ("version", Ok(Some(Request::Version))),
            ("help", Ok(Some(Request::Help))),
            ("--debug --help", Ok(Some(Request::Help))),
            ("--debug", debug(None)),
            ("--debug-env-file f --debug", debug(Some("f"))),
            ("--debug -debug-env-file f", debug(Some("f"))),
            ("--debug --debug-env-file", Err("`--debug-env-file` requires the name of a file".to_owned())),
            ("--debug-env-file f", Err("`--debug-env-file` requires `--debug`".to_owned())),
            ("--debug x", Err("unknown argument `x`".to_owned())),
        ] {
            assert_eq!(parsed(line), request, "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_argument_that_is_not_utf_8_is_an_error() {
        use std::os::unix::ffi::OsStringExt as _;
        assert!(parse([OsString::from_vec(vec![0xff])].into_iter()).is_err());
    }
}
