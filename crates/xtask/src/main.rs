//! Tasks of this workspace: `cargo xtask TASK`.

mod bench;
mod demo;
mod dist;
mod docs;
mod install;
mod project;

use std::io::Write as _;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask TASK

  demo       run the real Terraform (or OpenTofu) against an emulated cloud: no account needed, nothing left behind
  bench      measure the provider beside others: time, memory, requests; `bench --help` lists the options
  budgets    check the release build's size, requests, connections and memory against their limits
  dist       build a release: zips, checksums, bill of materials, mirror; `dist --help` lists the options
  docs       write docs/ from the definitions and the examples
  install    build the provider and put it where Terraform and OpenTofu look for it
";

fn main() -> ExitCode {
    // A benchmark puts this program between the host and the provider.
    if let Some(result) = bench::run_measured() {
        return if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["demo"] => demo::run(),
        ["docs"] => docs::run(),
        ["budgets"] => bench::run_budgets(),
        ["bench", "--help" | "-h"] => print(bench::USAGE),
        ["bench", options @ ..] => bench::run(options),
        ["dist", "--help" | "-h"] => print(dist::USAGE),
        ["dist", options @ ..] => dist::run(options),
        ["install"] => install::run(),
        ["help" | "--help" | "-h"] | ["demo" | "docs" | "budgets" | "install", "--help" | "-h"] => {
            print(USAGE)
        }
        [] => Err(anyhow::anyhow!("there is no task without a name\n\n{USAGE}")),
        [name @ ("demo" | "docs" | "budgets" | "install"), ..] => {
            Err(anyhow::anyhow!("`{name}` takes no arguments\n\n{USAGE}"))
        }
        [name, ..] => Err(anyhow::anyhow!("there is no task `{name}`\n\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without stderr there is nobody to tell; the exit code still does.
            let _ = writeln!(std::io::stderr().lock(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Tells the person at the terminal something.
fn print(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
