//! What the command lines of all tasks have in common.

use std::fmt;

use lexopt::prelude::*;

/// The least similarity of a name to the one that was meant.
const ALIKE: f64 = 0.8;

/// Why a command line starts nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It asks for help.
    Help,
    /// It is wrong.
    Wrong(String),
}

impl Stop {
    pub(crate) fn wrong(why: impl Into<String>) -> Self {
        Self::Wrong(why.into())
    }

    /// For an argument that none of these options is, and that may be one for help.
    pub(crate) fn unless(argument: lexopt::Arg<'_>, options: &[&str]) -> Self {
        match argument {
            Long("help") | Short('h') => Self::Help,
            Long(name) => Self::unknown("option", &format!("--{name}"), options),
            other => other.unexpected().into(),
        }
    }

    /// For a name that is none of these, with the one that was perhaps meant.
    pub(crate) fn unknown(what: &str, name: &str, known: &[&str]) -> Self {
        let similarity = |known: &&&str| strsim::jaro_winkler(known, name);
        let nearest = known.iter().max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
        Self::Wrong(match nearest.filter(|known| similarity(known) > ALIKE) {
            Some(known) => format!("unknown {what} `{name}`; did you mean `{known}`?"),
            None => format!("unknown {what} `{name}`"),
        })
    }
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Wrong(match error {
            lexopt::Error::UnexpectedOption(option) => format!("unknown option `{option}`"),
            error => error.to_string(),
        })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Help => "help is asked for",
            Self::Wrong(why) => why,
        })
    }
}

impl std::error::Error for Stop {}

/// The value of an option, as text.
pub(crate) fn text(parser: &mut lexopt::Parser) -> Result<String, Stop> {
    Ok(parser.value()?.string()?)
}

/// Ends the command line of a task without options.
pub(crate) fn no_options(parser: &mut lexopt::Parser) -> Result<(), Stop> {
    match parser.next()? {
        None => Ok(()),
        Some(argument) => Err(Stop::unless(argument, &["--help"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(arguments: &[&str]) -> Stop {
        no_options(&mut lexopt::Parser::from_args(arguments)).unwrap_err()
    }

    #[test]
    fn a_task_without_options_takes_help_alone() {
        assert_eq!(no_options(&mut lexopt::Parser::from_args::<[&str; 0]>([])), Ok(()));
        assert_eq!((refused(&["--help"]), refused(&["-h"])), (Stop::Help, Stop::Help));
        assert_eq!(refused(&["--hepl"]), Stop::wrong("unknown option `--hepl`; did you mean `--help`?"));
        assert_eq!(refused(&["-v"]), Stop::wrong("unknown option `-v`"));
        assert_eq!(refused(&["now"]), Stop::wrong("unexpected argument \"now\""));
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_utf8_is_wrong() {
        use std::os::unix::ffi::OsStrExt as _;

        let odd = std::ffi::OsStr::from_bytes(b"\xff");
        let mut parser = lexopt::Parser::from_args([odd]);
        assert!(matches!(text(&mut parser), Err(Stop::Wrong(why)) if why.contains("unicode")));
        let mut parser = lexopt::Parser::from_args([odd]);
        assert!(matches!(no_options(&mut parser), Err(Stop::Wrong(_))));
    }
}
