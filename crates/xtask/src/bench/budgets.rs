//! The budgets that do not depend on the machine: size, requests, connections, memory.

use super::figures::Table;
use super::options::Options;
use super::{plans, start};
use crate::command_line::no_options;
use crate::terminal::print;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask budgets

Builds the provider for release and fails if its size, or the requests, connections and memory of a plan with 1,000
reads exceed their limits.
";

/// Figure, number of reads, and what it may be at most.
const BUDGETS: [(&str, usize, f64); 4] = [
    ("binary, MB", 0, 5.6),
    ("requests", 1000, 1000.0),
    ("connections", 1000, 12.0),
    ("memory of the provider, MiB", 1000, 14.0),
];

/// Measures one plan of the release build with 1,000 reads, and fails where a budget is exceeded.
pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    no_options(parser)?;
    let options = Options { runs: 1, reads: vec![1000], ..Options::default() };
    let peers = options.peers()?;
    let mut table = Table::new(&peers);
    start::sizes(&peers, &mut table)?;
    plans::plain(&options, &peers, &mut table)?;
    let mut exceeded = Vec::new();
    for (name, reads, most) in BUDGETS {
        let Some(figure) = peers.first().and_then(|peer| table.get(reads, name, &peer.name)) else {
            anyhow::bail!("{name} was not measured");
        };
        print(&format!("{name}: {figure:.1} of {most:.1}"))?;
        if figure > most {
            exceeded.push(name);
        }
    }
    anyhow::ensure!(exceeded.is_empty(), "over budget: {}", exceeded.join(", "));
    Ok(())
}
