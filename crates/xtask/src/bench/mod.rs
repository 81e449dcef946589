//! `cargo xtask bench`: the provider and its peers side by side, in interleaved runs.

mod budgets;
mod charts;
mod figures;
mod measure;
mod options;
mod plans;
mod report;
mod start;

use std::io::Write as _;

use anyhow::Context as _;

pub(crate) use budgets::run as run_budgets;
pub(crate) use measure::run_measured;
pub(crate) use options::USAGE;

use figures::Table;
use options::Options;

/// Measures everything that the options ask for, and prints it as a table; as JSON and charts where they say so.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let peers = options.peers()?;
    let mut table = Table::new(&peers);
    start::measure(&options, &peers, &mut table)?;
    plans::measure(&options, &peers, &mut table)?;
    crate::print(&report::text(&table))?;
    if let Some(path) = &options.json {
        std::fs::write(path, report::json(&table)).with_context(|| format!("{path} cannot be written"))?;
    }
    if let Some(directory) = &options.charts {
        charts::draw(&table, directory)?;
    }
    Ok(())
}

/// Says on stderr what is being measured.
fn progress(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stderr().lock(), "… {text}")?)
}
