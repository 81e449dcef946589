//! `cargo xtask platforms`: the provider on other platforms, as far as this machine can build and run it.

mod obstacle;
mod runner;
mod stage;

use anyhow::ensure;
use lexopt::prelude::*;

use crate::command_line::{Stop, text};
use crate::dist::build::build;
use crate::dist::platform::Target;
use crate::terminal::{print, progress};
use obstacle::obstacle;
use runner::Runner;
use stage::{Stage, Trial};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask platforms [--target TRIPLE]…

Builds the provider for each platform of a release, and tests each build that this machine can run: `--version`, the
handshake, `doctor` and `read` against the emulator over https, and `apply` with Terraform or OpenTofu. Builds for
Windows run under Wine, builds for other processors under QEMU in user mode. Prints a table of the results, which also
states what was not tested, and why. Fails if a build or a test fails.

  --target TRIPLE   test this target (default: for each platform, the first of its targets that can be built here)
";

const OPTIONS: [&str; 2] = ["--target", "--help"];

/// What became of a target.
enum Row {
    /// Why it cannot be built here.
    NotBuilt(String),
    BuildFailed(anyhow::Error),
    /// Its size in bytes, and why it cannot be run here.
    NotRun(usize, String),
    /// Its size in bytes, what ran it, and what was tried.
    Run(usize, &'static str, Vec<Trial>),
}

pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    let targets = match chosen(parser)?.as_slice() {
        [] => one_of_each_platform()?,
        chosen => chosen.to_vec(),
    };
    let stage = Stage::new()?;
    let mut rows = Vec::new();
    for target in targets {
        progress(target.triple)?;
        rows.push((target, tried(target, &stage)?));
    }
    print("| target | size | run by | result |\n|---|---|---|---|")?;
    for (target, row) in &rows {
        print(&line(*target, row))?;
    }
    let failed: Vec<_> = rows.iter().filter(|(_, row)| row.has_failed()).map(|(it, _)| it.triple).collect();
    ensure!(failed.is_empty(), "not everything works on {}", failed.join(", "));
    Ok(())
}

fn chosen(parser: &mut lexopt::Parser) -> Result<Vec<Target>, Stop> {
    let mut targets = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("target") => {
                let target = Target::named(&text(parser)?);
                targets.push(target.map_err(|error| Stop::wrong(error.to_string()))?);
            }
            other => return Err(Stop::unless(other, &OPTIONS)),
        }
    }
    Ok(targets)
}

fn one_of_each_platform() -> anyhow::Result<Vec<Target>> {
    let mut chosen: Vec<Target> = Vec::new();
    for target in Target::all() {
        let of_its_platform = chosen.iter_mut().find(|other| other.platform == target.platform);
        match of_its_platform {
            None => chosen.push(target),
            Some(other) if obstacle(*other)?.is_some() && obstacle(target)?.is_none() => *other = target,
            Some(_) => {}
        }
    }
    Ok(chosen)
}

fn tried(target: Target, stage: &Stage) -> anyhow::Result<Row> {
    if let Some(why) = obstacle(target)? {
        return Ok(Row::NotBuilt(why));
    }
    let binary = match build(target) {
        Ok(binary) => binary,
        Err(error) => return Ok(Row::BuildFailed(error)),
    };
    Ok(match Runner::of(target) {
        Err(why) => Row::NotRun(binary.len(), why),
        Ok(runner) => {
            let program = runner.program(target, &binary)?;
            Row::Run(binary.len(), runner.name(), stage.try_out(&program))
        }
    })
}

impl Row {
    fn has_failed(&self) -> bool {
        match self {
            Self::NotBuilt(_) | Self::NotRun(..) => false,
            Self::BuildFailed(_) => true,
            Self::Run(_, _, trials) => trials.iter().any(|trial| trial.result.is_err()),
        }
    }
}

/// A row of the table.
fn line(Target { triple, .. }: Target, row: &Row) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size in megabytes")]
    let megabytes = |bytes: usize| format!("{:.2} MB", bytes as f64 / 1e6);
    let (size, by, result) = match row {
        Row::NotBuilt(why) => ("–".to_owned(), "–", format!("not built: {why}")),
        Row::BuildFailed(error) => ("–".to_owned(), "–", format!("FAILED: {error:#}")),
        Row::NotRun(bytes, why) => (megabytes(*bytes), "–", format!("not run: {why}")),
        Row::Run(bytes, by, trials) => {
            let words = trials.iter().map(|Trial { name, result }| match result {
                Ok(None) => (*name).to_owned(),
                Ok(Some(why)) => format!("{name} not tried: {why}"),
                Err(error) => format!("{name} FAILED: {}", format!("{error:#}").replace('\n', " ")),
            });
            (megabytes(*bytes), *by, words.collect::<Vec<_>>().join(", "))
        }
    };
    format!("| {triple} | {size} | {by} | {result} |")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_platform_is_tried_once() {
        let mut platforms: Vec<_> = Target::all().map(|target| target.platform).collect();
        platforms.dedup();
        let chosen: Vec<_> = one_of_each_platform().unwrap().iter().map(|target| target.platform).collect();
        assert_eq!(chosen, platforms);
    }

    #[test]
    fn a_line_says_what_was_seen_and_what_was_not() {
        let target = Target::named("x86_64-pc-windows-gnu").unwrap();
        let trials = vec![
            Trial { name: "read", result: Ok(None) },
            Trial { name: "apply", result: Ok(Some("no Terraform".to_owned())) },
            Trial { name: "doctor", result: Err(anyhow::anyhow!("exit code 1\nfor a reason")) },
        ];
        let row = Row::Run(5_070_000, "Wine", trials);
        assert!(row.has_failed());
        assert_eq!(
            line(target, &row),
            "| x86_64-pc-windows-gnu | 5.07 MB | Wine | read, apply not tried: no Terraform, doctor FAILED: exit code 1 for a reason |"
        );
        let row = Row::NotBuilt("macOS links it".to_owned());
        assert!(!row.has_failed());
        assert_eq!(line(target, &row), "| x86_64-pc-windows-gnu | – | – | not built: macOS links it |");
    }
}
