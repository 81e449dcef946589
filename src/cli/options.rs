//! The command line.

use std::collections::BTreeMap;
use std::ffi::OsString;

use futures_util::future::LocalBoxFuture;
use lexopt::prelude::*;

use super::failure::Failure;
use super::typing;

/// A command.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// The text that its `--help` prints.
    pub(super) usage: &'static str,
    /// Options, each with the check of its value; `None` for those that take no value.
    pub(super) options: &'static [(&'static str, Option<Check>)],
    pub(super) run: fn(Options) -> LocalBoxFuture<'static, Result<(), Failure>>,
}

/// Rejects an invalid value, with a message that shows it.
type Check = fn(&str) -> Result<(), String>;

/// The options that a command line sets, each with its value; empty for those that take none.
#[derive(Default)]
pub(super) struct Options(BTreeMap<&'static str, String>);

impl Options {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl Command {
    /// Parses the arguments after the command's name. Returns `None` if they request help.
    pub(super) fn parse(
        &self,
        arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Options>, Failure> {
        let usage = |error: lexopt::Error| Failure::Usage(error.to_string());
        let mut options = Options::default();
        let mut parser = lexopt::Parser::from_args(typing::two_dashes(arguments, self.options));
        while let Some(argument) = parser.next().map_err(usage)? {
            let known = match argument {
                Long("help") | Short('h') => return Ok(None),
                Long(name) => self.options.iter().find(|(option, _)| *option == name),
                _ => None,
            };
            let Some((name, check)) = known else { return Err(self.unexpected(argument)) };
            let mut value = String::new();
            if let Some(check) = check {
                value = parser.value().and_then(ValueExt::string).map_err(usage)?;
                if options.has(name) {
                    return Err(Failure::Usage(format!("--{name} is set twice")));
                }
                check(&value).map_err(|rule| Failure::Usage(format!("--{name}: {rule}")))?;
            }
            options.0.insert(name, value);
        }
        Ok(Some(options))
    }

    /// Returns the error for an unexpected argument, with the option that was probably meant.
    fn unexpected(&self, argument: lexopt::Arg<'_>) -> Failure {
        let near = match argument {
            Long(name) => typing::nearest(name, self.options.iter().map(|(option, _)| *option)),
            _ => None,
        };
        let hint = near.map(|option| format!("; did you mean --{option}?")).unwrap_or_default();
        Failure::Usage(format!("{}{hint}", argument.unexpected()))
    }
}
