//! `cargo xtask bench`: the provider and its peers side by side, in interleaved runs.

mod budgets;
mod charts;
mod figures;
mod measure;
mod options;
mod plans;
mod report;
mod start;

use anyhow::Context as _;

pub(crate) use budgets::{USAGE as BUDGETS_USAGE, run as run_budgets};
pub(crate) use measure::run_measured;
pub(crate) use options::USAGE;

use figures::Table;
use options::Options;

use crate::terminal;

/// Measures everything that the options ask for, and prints it as a table; as JSON and charts where they say so.
pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    let options = Options::parse(parser)?;
    let peers = options.peers()?;
    let mut table = Table::new(&peers);
    start::measure(&options, &peers, &mut table)?;
    plans::measure(&options, &peers, &mut table)?;
    terminal::print(&report::text(&table))?;
    if let Some(path) = &options.json {
        std::fs::write(path, report::json(&table))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if let Some(directory) = &options.charts {
        charts::draw(&table, directory)?;
    }
    Ok(())
}
