//! What a process used: ours stands between the host and the provider, and writes it down.

use std::io::Write as _;
use std::process::Command;

use anyhow::Context as _;

/// Names the provider's binary to a run of this program in its place.
pub(super) const BINARY: &str = "XTASK_MEASURED_BINARY";
/// Names the file that takes a line for each process of the provider.
pub(super) const FILE: &str = "XTASK_MEASURED_FILE";

/// What the waited-for children of this process have used by now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// Of user and system together, in seconds.
    pub(super) cpu: f64,
    /// The largest of them, in MiB.
    pub(super) memory: f64,
}

/// The unit of `ru_maxrss` is a byte on macOS, and a KiB elsewhere.
#[cfg(unix)]
const MAX_RSS_IN_A_MIB: f64 = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };

impl Usage {
    #[cfg(unix)]
    pub(super) fn of_children() -> anyhow::Result<Self> {
        use nix::sys::resource::{UsageWho, getrusage};
        use nix::sys::time::TimeValLike as _;

        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        #[allow(clippy::cast_precision_loss, clippy::cast_lossless, reason = "an i32 or an i64, by system")]
        let memory = usage.max_rss() as f64 / MAX_RSS_IN_A_MIB;
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        Ok(Self { cpu: microseconds as f64 / 1e6, memory })
    }

    #[cfg(not(unix))]
    pub(super) fn of_children() -> anyhow::Result<Self> {
        anyhow::bail!("what a process used is measured on Unix only")
    }

    /// The sum of the processes that wrote to a file, and the largest of them.
    pub(super) fn recorded(text: &str) -> anyhow::Result<Self> {
        let mut sum = Self::default();
        for line in text.lines() {
            let (cpu, memory) = line.split_once(' ').context("a line of the measurements is malformed")?;
            sum.cpu += cpu.parse::<f64>()?;
            sum.memory = sum.memory.max(memory.parse()?);
        }
        Ok(sum)
    }
}

/// Runs a provider in its place, and records what it used. Returns false if that was not requested.
pub(crate) fn run_measured() -> anyhow::Result<bool> {
    let Some(binary) = std::env::var_os(BINARY) else { return Ok(false) };
    Command::new(binary).env_remove(BINARY).status()?;
    let usage = Usage::of_children()?;
    let file = std::env::var_os(FILE).context("there is no file for the measurements")?;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(format!("{} {}\n", usage.cpu, usage.memory).as_bytes())?;
    Ok(true)
}
