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

/// What the command line asks for.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Options {
    /// What to build for; this machine's target where there is none.
    pub(super) targets: Vec<Target>,
    /// Where the archives are, if they were built elsewhere.
    pub(super) archives: Option<PathBuf>,
    /// None for `target/dist`.
    pub(super) out: Option<PathBuf>,
}

impl Options {
    pub(super) fn parse(parser: &mut lexopt::Parser) -> Result<Self, Stop> {
        let mut options = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("target") => {
                    let target =
                        Target::named(&text(parser)?).map_err(|error| Stop::wrong(error.to_string()))?;
                    let Target { triple, platform } = target;
                    if let Some(other) = options.targets.iter().find(|other| other.platform == platform) {
                        return Err(Stop::Wrong(format!(
                            "{} and {triple} are both {platform}",
                            other.triple
                        )));
                    }
                    options.targets.push(target);
                }
                Long("archives") => options.archives = Some(parser.value()?.into()),
                Long("out") => options.out = Some(parser.value()?.into()),
                other => return Err(Stop::unless(other, &OPTIONS)),
            }
        }
        if options.archives.is_some() && !options.targets.is_empty() {
            return Err(Stop::wrong("--target cannot be combined with --archives, which builds nothing"));
        }
        Ok(options)
    }
}

/// The directory of a release, empty: the one that was asked for, or `target/dist`.
pub(super) fn empty(asked: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let own = crate::project::target()?.join("dist");
    if asked.is_none() && own.exists() {
        std::fs::remove_dir_all(&own).with_context(|| format!("{} cannot be emptied", own.display()))?;
    }
    let directory = asked.unwrap_or(own);
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
        assert_eq!(parse(&[]), Ok(Options::default()));
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
