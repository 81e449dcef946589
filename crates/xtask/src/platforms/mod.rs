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

/// What became of a target: a row of the table.
struct Row {
    /// Of the binary, in bytes.
    size: Option<usize>,
    /// What ran it.
    by: Option<&'static str>,
    result: String,
    failed: bool,
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
    let failed: Vec<_> = rows.iter().filter(|(_, row)| row.failed).map(|(it, _)| it.triple).collect();
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
    let untried = |size, result, failed| Ok(Row { size, by: None, result, failed });
    if let Some(why) = obstacle(target)? {
        return untried(None, format!("not built: {why}"), false);
    }
    let binary = match build(target) {
        Ok(binary) => binary,
        Err(error) => return untried(None, format!("FAILED: {error:#}"), true),
    };
    let runner = match Runner::of(target) {
        Ok(runner) => runner,
        Err(why) => return untried(Some(binary.len()), format!("not run: {why}"), false),
    };
    let program = runner.program(target, &binary)?;
    Ok(Row::run(binary.len(), runner.name(), &stage.try_out(&program)))
}

impl Row {
    fn run(size: usize, by: &'static str, trials: &[Trial]) -> Self {
        let words = trials.iter().map(|(name, result)| match result {
            Ok(None) => (*name).to_owned(),
            Ok(Some(why)) => format!("{name} not tried: {why}"),
            Err(error) => format!("{name} FAILED: {}", format!("{error:#}").replace('\n', " ")),
        });
        let result = words.collect::<Vec<_>>().join(", ");
        Self {
            size: Some(size),
            by: Some(by),
            result,
            failed: trials.iter().any(|(_, result)| result.is_err()),
        }
    }
}

fn line(Target { triple, .. }: Target, Row { size, by, result, .. }: &Row) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size in megabytes")]
    let size = size.map_or("–".to_owned(), |bytes| format!("{:.2} MB", bytes as f64 / 1e6));
    format!("| {triple} | {size} | {} | {result} |", by.unwrap_or("–"))
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
            ("read", Ok(None)),
            ("apply", Ok(Some("no Terraform".to_owned()))),
            ("doctor", Err(anyhow::anyhow!("exit code 1\nfor a reason"))),
        ];
        let row = Row::run(5_070_000, "Wine", &trials);
        assert!(row.failed);
        assert_eq!(
            line(target, &row),
            "| x86_64-pc-windows-gnu | 5.07 MB | Wine | read, apply not tried: no Terraform, doctor FAILED: exit code 1 for a reason |"
        );
        let row = Row { size: None, by: None, result: "not run: Wine is missing".to_owned(), failed: false };
        assert_eq!(line(target, &row), "| x86_64-pc-windows-gnu | – | – | not run: Wine is missing |");
    }
}
