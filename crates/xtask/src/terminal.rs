//! What the person at the terminal reads.

use std::io::Write as _;

/// Prints a result.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

/// Says on stderr what takes its time.
pub(crate) fn progress(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stderr().lock(), "… {text}")?)
}
