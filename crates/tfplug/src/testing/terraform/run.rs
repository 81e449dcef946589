//! One command, and its result.

use std::io::Write as _;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::process::Command;
use tokio::time::timeout;

use super::super::HostError;

/// Time limit of a command: a longer one never ends.
const LIMIT: Duration = Duration::from_mins(5);

/// Number of commands that have run to completion.
pub(super) static RUNS: AtomicUsize = AtomicUsize::new(0);

/// A command that has ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// Arguments of the command.
    pub arguments: Vec<String>,
    /// Exit status of the command.
    pub status: ExitStatus,
    /// Text that it wrote to stdout.
    pub stdout: String,
    /// Text that it wrote to stderr, including the log if `TF_LOG` requests one.
    pub stderr: String,
}

impl Run {
    pub(super) async fn of(mut command: Command, arguments: &[&str]) -> Result<Self, HostError> {
        let start = Instant::now();
        let line = arguments.join(" ");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let output = match timeout(LIMIT, command.output()).await {
            Ok(output) => output?,
            Err(_) => return Err(HostError::new(format!("`{line}` took longer than {LIMIT:?}"))),
        };
        RUNS.fetch_add(1, Ordering::Relaxed);
        record(&line, output.status, start.elapsed())?;
        Ok(Self {
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Returns this run if it succeeded.
    ///
    /// # Errors
    /// Returns an error with all output if it failed.
    pub fn succeeded(self) -> Result<Self, HostError> {
        if self.status.success() { Ok(self) } else { Err(self.unexpected("failed")) }
    }

    /// Returns this run if it failed.
    ///
    /// # Errors
    /// Returns an error with all output if it succeeded.
    pub fn failed(self) -> Result<Self, HostError> {
        if self.status.success() { Err(self.unexpected("succeeded")) } else { Ok(self) }
    }

    fn unexpected(&self, what: &str) -> HostError {
        let Self { arguments, status, stdout, stderr } = self;
        HostError::new(format!("`{}` {what} ({status})\n{stdout}\n{stderr}", arguments.join(" ")))
    }

    /// Returns its stdout, parsed as JSON.
    ///
    /// # Errors
    /// Returns an error if it is not JSON.
    pub fn json(&self) -> Result<Json, HostError> {
        serde_json::from_str(&self.stdout)
            .map_err(|error| self.unexpected(&format!("wrote no JSON: {error}")))
    }

    /// Returns the text of stdout and then of stderr as running text: without frames and line breaks, which depend on
    /// the length of the messages, and with one space between words.
    pub fn prose(&self) -> String {
        let framed = |c: char| matches!(c, '│' | '╷' | '╵');
        let text = format!("{}\n{}", self.stdout, self.stderr).replace(framed, " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Adds a line to the file that `TF_ACC_RUNS` names, if set, for counting the runs of several test binaries.
fn record(line: &str, status: ExitStatus, time: Duration) -> Result<(), HostError> {
    let Some(path) = std::env::var_os("TF_ACC_RUNS").filter(|path| !path.is_empty()) else { return Ok(()) };
    let text = format!("{line}\t{status}\t{} ms\n", time.as_millis());
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}
