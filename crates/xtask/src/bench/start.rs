//! From the start of the process to the handshake line, and the size of the binary.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Instant;

use anyhow::Context as _;
use tfplug::testing::Spawn;

use super::figures::{Table, median};
use super::options::{Options, Peer};
use crate::terminal::progress;

/// Starts are cheap, and vary.
const STARTS_PER_RUN: usize = 5;

pub(super) fn measure(options: &Options, peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
    progress("start to handshake")?;
    let mut samples = vec![Vec::new(); peers.len()];
    for _ in 0..options.runs * STARTS_PER_RUN {
        for (peer, samples) in peers.iter().zip(&mut samples) {
            samples.push(start(peer)?);
        }
    }
    for (peer, samples) in peers.iter().zip(samples) {
        table.set(0, "start to handshake, ms", &peer.name, median(samples));
    }
    sizes(peers, table)
}

/// The binaries' sizes.
pub(super) fn sizes(peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
    for peer in peers {
        let size = std::fs::metadata(&peer.package.binary)?.len();
        #[expect(clippy::cast_precision_loss, reason = "a size in megabytes")]
        table.set(0, "binary, MB", &peer.name, size as f64 / 1e6);
    }
    Ok(())
}

fn start(peer: &Peer) -> anyhow::Result<f64> {
    let mut command = Spawn::new(&peer.package.binary)?.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{} does not start", peer.name))?;
    let stdout = child.stdout.take().context("there is no pipe")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let time = start.elapsed().as_secs_f64() * 1e3;
    child.kill()?;
    child.wait()?;
    anyhow::ensure!(line.starts_with("1|"), "{} said {line:?} instead of a handshake", peer.name);
    Ok(time)
}
