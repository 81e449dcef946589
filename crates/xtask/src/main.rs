//! Tasks of this workspace: `cargo xtask TASK`.

mod bench;
mod command_line;
mod demo;
mod dist;
mod docs;
mod install;
mod platforms;
mod programs;
mod project;
mod terminal;

use std::io::Write as _;
use std::process::ExitCode;

use lexopt::prelude::*;

use command_line::Stop;
use terminal::print;

const USAGE: &str = "\
Usage: cargo xtask TASK

  demo       run Terraform (or OpenTofu) against an emulated cloud, without an account
  bench      measure time, memory and requests, also of other providers
  budgets    check the release build's size, requests, connections and memory against their limits
  dist       build a release: zips, checksums, bill of materials, mirror
  docs       write docs/ from the definitions and the examples
  install    build the provider and install it for Terraform and OpenTofu
  platforms  build the provider for other platforms, and test each build that this machine can run

`cargo xtask TASK --help` describes a task.
";

/// A task: its name, its help, and what reads the rest of the command line and does it.
type Task = (&'static str, &'static str, fn(&mut lexopt::Parser) -> anyhow::Result<()>);

const TASKS: [Task; 7] = [
    ("demo", demo::USAGE, demo::run),
    ("bench", bench::USAGE, bench::run),
    ("budgets", bench::BUDGETS_USAGE, bench::run_budgets),
    ("dist", dist::USAGE, dist::run),
    ("docs", docs::USAGE, docs::run),
    ("install", install::USAGE, install::run),
    ("platforms", platforms::USAGE, platforms::run),
];

/// A wrong command line, as shells know it.
const WRONG_COMMAND_LINE: u8 = 2;

fn main() -> ExitCode {
    // A benchmark puts this program between the host and the provider.
    match bench::run_measured() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(_) => return ExitCode::FAILURE,
    }
    let mut parser = lexopt::Parser::from_env();
    let (usage, command, result) = match task(&mut parser) {
        Ok((name, usage, run)) => (*usage, format!("xtask {name}"), run(&mut parser)),
        Err(stop) => (USAGE, "xtask".to_owned(), Err(stop.into())),
    };
    let Err(error) = result else { return ExitCode::SUCCESS };
    let (said, code) = match error.downcast_ref() {
        Some(Stop::Help) => return print(usage.trim_end()).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        Some(Stop::Wrong(why)) => {
            (format!("{why}\n\nFor more help, run `cargo {command} --help`."), WRONG_COMMAND_LINE)
        }
        None => (format!("{error:#}"), 1),
    };
    // Without stderr, the exit code still reports the error.
    let _ = writeln!(std::io::stderr().lock(), "error: {said}");
    ExitCode::from(code)
}

/// The task that the command line names.
fn task(parser: &mut lexopt::Parser) -> Result<&'static Task, Stop> {
    let name = match parser.next()? {
        None => return Err(Stop::wrong("no task given")),
        Some(Value(name)) => name.string()?,
        Some(argument) => return Err(Stop::unless(argument, &["--help"])),
    };
    if name == "help" {
        return Err(Stop::Help);
    }
    let found = TASKS.iter().find(|task| task.0 == name);
    found.ok_or_else(|| Stop::unknown("task", &name, &TASKS.map(|task| task.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(arguments: &[&str]) -> Result<&'static str, Stop> {
        task(&mut lexopt::Parser::from_args(arguments)).map(|task| task.0)
    }

    #[test]
    fn a_task_is_found_by_its_name_and_a_typo_is_told() {
        assert_eq!(found(&["install"]), Ok("install"));
        assert_eq!(found(&["help"]), Err(Stop::Help));
        assert_eq!(found(&["--help"]), Err(Stop::Help));
        assert_eq!(found(&[]), Err(Stop::wrong("no task given")));
        assert_eq!(found(&["instal"]), Err(Stop::wrong("unknown task `instal`; did you mean `install`?")));
        assert_eq!(found(&["--quiet"]), Err(Stop::wrong("unknown option `--quiet`")));
    }

    #[test]
    fn every_task_describes_itself_and_takes_no_unknown_option() {
        for (name, usage, run) in TASKS {
            assert!(usage.starts_with(&format!("Usage: cargo xtask {name}")), "{name}");
            assert!(USAGE.contains(&format!("\n  {name} ")), "{name}");
            for (argument, stop) in
                [("--help", Stop::Help), ("--zebra", Stop::wrong("unknown option `--zebra`"))]
            {
                let error = run(&mut lexopt::Parser::from_args([argument])).unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&stop), "{name}");
            }
        }
    }
}
