//! What the command line of `cargo xtask dist` asks for.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use lexopt::prelude::*;

use super::platform::Target;
use crate::command_line::{Stop, text};

const OPTIONS: [&str; 4] = ["--target", "--archives", "--out", "--help"];

pub(crate) const USAGE: &str = "\
Usage: cargo xtask dist [--target TRIPLE]… [--out DIR]
       cargo xtask dist --archives DIR [--out DIR]

  --target TRIPLE   build for this target; its standard library must be installed (default: this machine's target)
  --archives DIR    build nothing, and release the zips in DIR, which were built elsewhere
  --out DIR         write the release to this directory, which must be empty or not exist (default: target/dist, which is
                    emptied first)
";

/// Where the archives come from.
#[derive(Debug, PartialEq)]
pub(super) enum Source {
    /// Built here, for these targets; for this machine's where there is none.
    Build(Vec<Target>),
    /// Built elsewhere.
    Directory(PathBuf),
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) source: Source,
    /// None for `target/dist`.
    pub(super) out: Option<PathBuf>,
}

impl Options {
    pub(super) fn parse(parser: &mut lexopt::Parser) -> Result<Self, Stop> {
        let (mut targets, mut archives, mut out) = (Vec::<Target>::new(), None, None);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("target") => {
                    let target =
                        Target::named(&text(parser)?).map_err(|error| Stop::wrong(error.to_string()))?;
                    if let Some(other) = targets.iter().find(|other| other.platform == target.platform) {
                        let both =
                            format!("{} and {} are both {}", other.triple, target.triple, target.platform);
                        return Err(Stop::Wrong(both));
                    }
                    targets.push(target);
                }
                Long("archives") => archives = Some(PathBuf::from(parser.value()?)),
                Long("out") => out = Some(PathBuf::from(parser.value()?)),
                other => return Err(Stop::unless(other, &OPTIONS)),
            }
        }
        let source = match archives {
            Some(_) if !targets.is_empty() => {
                return Err(Stop::wrong("--target cannot be combined with --archives, which builds nothing"));
            }
            Some(directory) => Source::Directory(directory),
            None => Source::Build(targets),
        };
        Ok(Self { source, out })
    }
}

/// The directory of a release, empty: the one that was asked for, or `target/dist`.
pub(super) fn empty(asked: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let directory = match asked {
        Some(directory) => directory,
        None => {
            let directory = crate::project::target()?.join("dist");
            if directory.exists() {
                std::fs::remove_dir_all(&directory)
                    .with_context(|| format!("{} cannot be emptied", directory.display()))?;
            }
            directory
        }
    };
    let said = || format!("{} cannot be made", directory.display());
    std::fs::create_dir_all(&directory).with_context(said)?;
    // An upload of the directory would contain everything in it.
    let is_empty = std::fs::read_dir(&directory).with_context(said)?.next().is_none();
    ensure!(is_empty, "{} is not empty", directory.display());
    Ok(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, Stop> {
        Options::parse(&mut lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn without_options_this_machine_is_built_for() {
        assert_eq!(parse(&[]), Ok(Options { source: Source::Build(Vec::new()), out: None }));
    }

    #[test]
    fn each_platform_is_built_once() {
        let both = ["--target", "x86_64-unknown-linux-gnu", "--target", "x86_64-unknown-linux-musl"];
        let why = "x86_64-unknown-linux-gnu and x86_64-unknown-linux-musl are both linux_amd64";
        assert_eq!(parse(&both), Err(Stop::wrong(why)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (arguments, words) in [
            (&["--target"][..], "missing argument for option '--target'"),
            (&["--tag", "v1"], "unknown option `--tag`"),
            (&["--target", "x86_64-apple-darwin", "--archives", "zips"], "which builds nothing"),
            (&["--target", "mips-unknown-linux-gnu"], "mips-unknown-linux-gnu is not a release target"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_directory_that_holds_something_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let asked = || Some(directory.path().to_owned());
        assert_eq!(empty(asked()).unwrap(), directory.path());
        std::fs::write(directory.path().join("mine.txt"), "").unwrap();
        assert!(empty(asked()).unwrap_err().to_string().ends_with("is not empty"));
        assert!(directory.path().join("mine.txt").exists());
    }
}
