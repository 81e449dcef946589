//! One command, and what came of it.

use std::io::Write as _;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::process::Command;
use tokio::time::timeout;

use super::super::HostError;

/// A command that has not ended by then never will.
const LIMIT: Duration = Duration::from_mins(5);

static RUNS: AtomicUsize = AtomicUsize::new(0);

pub(super) fn count() -> usize {
    RUNS.load(Ordering::Relaxed)
}

/// A command that has ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr; the log too, where `TF_LOG` asks for one.
    pub stderr: String,
}

impl Run {
    pub(super) async fn of(mut command: Command, arguments: &[&str]) -> Result<Self, HostError> {
        let start = Instant::now();
        let line = arguments.join(" ");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let output = match timeout(LIMIT, command.output()).await {
            Ok(output) => output.map_err(HostError::from_error)?,
            Err(_) => return Err(HostError::new(format!("`{line}` did not end within {LIMIT:?}"))),
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

    /// This run, if it succeeded.
    ///
    /// # Errors
    /// It failed; with all that it wrote.
    pub fn succeeded(self) -> Result<Self, HostError> {
        if self.status.success() { Ok(self) } else { Err(self.unexpected("failed")) }
    }

    /// This run, if it failed.
    ///
    /// # Errors
    /// It succeeded; with all that it wrote.
    pub fn failed(self) -> Result<Self, HostError> {
        if self.status.success() { Err(self.unexpected("succeeded")) } else { Ok(self) }
    }

    fn unexpected(&self, what: &str) -> HostError {
        let Self { arguments, status, stdout, stderr } = self;
        HostError::new(format!("`{}` {what} ({status})\n{stdout}\n{stderr}", arguments.join(" ")))
    }

    /// What it wrote, as JSON.
    ///
    /// # Errors
    /// It is not JSON.
    pub fn json(&self) -> Result<Json, HostError> {
        serde_json::from_str(&self.stdout)
            .map_err(|error| self.unexpected(&format!("wrote no JSON: {error}")))
    }

    /// What it wrote to stdout and then to stderr, as running text: without the frames and the line breaks, which
    /// depend on the length of what is said, and with one space between words.
    pub fn prose(&self) -> String {
        let framed = |c: char| matches!(c, '│' | '╷' | '╵');
        let text = format!("{}\n{}", self.stdout, self.stderr).replace(framed, " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Adds a line to the file that `TF_ACC_RUNS` names, where somebody counts the runs of several test binaries.
fn record(line: &str, status: ExitStatus, time: Duration) -> Result<(), HostError> {
    let Some(path) = std::env::var_os("TF_ACC_RUNS").filter(|path| !path.is_empty()) else { return Ok(()) };
    let text = format!("{line}\t{status}\t{} ms\n", time.as_millis());
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(HostError::from_error)
}
