//! A plugin's process, started in the same way as by a host.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::sync::watch;
use tokio::time::timeout;

use super::connect::{self, Connection};
use super::{Handshake, Host, HostError, Identity};
use crate::serve::{COOKIE, COOKIE_NAME};

/// Time that hosts wait for the handshake line. It is also the limit for an expected line of the log.
const LIMIT: Duration = Duration::from_mins(1);
/// Time for a process that failed to start to end by itself, and then to close its stderr.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Maximum length of a handshake line. It is far shorter in practice, even with an RSA certificate.
const MAX_LINE: u64 = 64 * 1024;

/// Options for starting a plugin. By default it is started as Terraform does.
#[derive(Clone, Debug)]
pub struct Spawn {
    binary: OsString,
    arguments: Vec<OsString>,
    variables: BTreeMap<String, Option<OsString>>,
    identity: Option<Identity>,
}

impl Spawn {
    /// Configures the start of this binary with a new identity.
    ///
    /// # Errors
    /// Returns an error if the system provides no random numbers.
    pub fn new(binary: impl AsRef<Path>) -> Result<Self, HostError> {
        let identity = Identity::generate()?;
        let (binary, arguments, variables) = (binary.as_ref().into(), Vec::new(), BTreeMap::new());
        let spawn = Self { binary, arguments, variables, identity: None };
        Ok(spawn
            .variable(COOKIE_NAME, COOKIE)
            .variable("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .variable("PLUGIN_MIN_PORT", "10000")
            .variable("PLUGIN_MAX_PORT", "25000")
            .identity(identity))
    }

    /// Adds an argument. Hosts never pass any.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets an environment variable of the process.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), Some(value.into()));
        self
    }

    /// Removes an environment variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.insert(name.to_owned(), None);
        self
    }

    /// Presents this identity to the plugin.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self = self.variable("PLUGIN_CLIENT_CERT", identity.pem.clone());
        self.identity = Some(identity);
        self
    }

    /// Requests a connection without TLS.
    #[must_use]
    pub fn plaintext(mut self) -> Self {
        self.identity = None;
        self.without("PLUGIN_CLIENT_CERT")
    }

    /// Returns the command, for callers that start it themselves.
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.binary);
        command.args(&self.arguments);
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Starts the plugin and reads its handshake line. As with real hosts, the time limit is a minute.
    ///
    /// # Errors
    /// Returns an error if the plugin does not start, or if it writes nothing, ends, or writes something else before
    /// its handshake. The error contains its stderr. The process has then ended.
    pub async fn start(self) -> Result<Plugin, HostError> {
        let mut command = Command::from(self.command());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let piped = || HostError::new("the process has no pipes");
        let stdout = BufReader::new(child.stdout.take().ok_or_else(piped)?);
        let log = kept(child.stderr.take().ok_or_else(piped)?);
        let mut plugin = Plugin { child, stdout, log, identity: self.identity, handshake: None };
        let (problem, patience) = match timeout(LIMIT, plugin.first_line()).await {
            Err(_) => (format!("there was no handshake line within {LIMIT:?}"), Duration::ZERO),
            Ok(Err(error)) => (format!("there was no handshake line: {error}"), Duration::ZERO),
            // It is about to end, and its exit code is more informative than that of a signal from here.
            Ok(Ok(line)) if line.is_empty() => {
                ("stdout was closed before the handshake".to_owned(), LAST_WORDS)
            }
            Ok(Ok(line)) => match line.parse() {
                Ok(handshake) => {
                    plugin.handshake = Some(handshake);
                    return Ok(plugin);
                }
                // It may be waiting for a host that never connects.
                Err(error) => (HostError::to_string(&error), Duration::ZERO),
            },
        };
        Err(plugin.failed_to_start(&problem, patience).await)
    }
}

/// Collects the text that a process writes to stderr.
fn kept(mut stderr: ChildStderr) -> watch::Receiver<String> {
    let (written, log) = watch::channel(String::new());
    tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = stderr.read(&mut buffer).await {
            let text = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned();
            written.send_modify(|log| log.push_str(&text));
        }
    });
    log
}

/// A plugin's process after its handshake. It is killed when dropped.
#[derive(Debug)]
pub struct Plugin {
    child: Child,
    stdout: BufReader<ChildStdout>,
    log: watch::Receiver<String>,
    identity: Option<Identity>,
    handshake: Option<Handshake>,
}

impl Plugin {
    async fn first_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        (&mut self.stdout).take(MAX_LINE).read_line(&mut line).await?;
        Ok(line)
    }

    /// Ends a process that is not a plugin, and returns an error with its output.
    async fn failed_to_start(mut self, problem: &str, patience: Duration) -> HostError {
        let end = match timeout(patience, self.child.wait()).await {
            Ok(Ok(status)) => format!("it ended with {status}"),
            Ok(Err(error)) => format!("its exit status is unknown: {error}"),
            Err(_) => {
                let _ = self.child.kill().await;
                "it was killed".to_owned()
            }
        };
        // A child process of its own may keep the pipe open.
        let log = timeout(LAST_WORDS, self.log_to_end()).await.unwrap_or_else(|_| self.log());
        HostError::new(format!("{problem}; {end} and wrote: {log}"))
    }

    /// Returns the parsed handshake line.
    ///
    /// # Errors
    /// Returns an error if there is none, which [`Spawn::start`] already excludes.
    pub fn handshake(&self) -> Result<&Handshake, HostError> {
        self.handshake.as_ref().ok_or_else(|| HostError::new("there was no handshake"))
    }

    /// Returns its process ID while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Opens a raw connection to its socket.
    ///
    /// # Errors
    /// Returns an error if the socket cannot be reached.
    pub async fn open(&self) -> Result<impl AsyncRead + AsyncWrite + Send + Unpin + use<>, HostError> {
        self.socket().await
    }

    async fn socket(&self) -> Result<Connection, HostError> {
        Ok(connect::open(self.handshake()?).await?)
    }

    /// Connects as the host that started it.
    ///
    /// # Errors
    /// Returns an error if the plugin rejects the connection, or is not the plugin of the handshake.
    pub async fn connect(&self) -> Result<Host, HostError> {
        self.connect_as(self.identity.as_ref()).await
    }

    /// Connects with another identity; without a client certificate if the plugin serves with TLS and no identity is
    /// given.
    ///
    /// # Errors
    /// Returns an error if the plugin rejects the connection, or is not the plugin of the handshake.
    pub async fn connect_as(&self, identity: Option<&Identity>) -> Result<Host, HostError> {
        self.connect_offering(identity, &[b"h2"]).await
    }

    /// Connects, and with TLS offers application protocols other than HTTP/2.
    ///
    /// # Errors
    /// Returns an error if the plugin rejects the connection, or is not the plugin of the handshake.
    pub async fn connect_offering(
        &self,
        identity: Option<&Identity>,
        protocols: &[&[u8]],
    ) -> Result<Host, HostError> {
        let handshake = self.handshake()?;
        let mut connection = self.socket().await?;
        if !handshake.certificate.is_empty() {
            connection = connect::secure(connection, handshake, identity, protocols).await?;
        }
        Ok(Host::over(connect::channel(connection).await?))
    }

    /// Returns the text that it has written to stderr so far.
    pub fn log(&self) -> String {
        self.log.borrow().clone()
    }

    /// Waits until its log contains a text, for at most a minute.
    ///
    /// # Errors
    /// Returns an error with the log if stderr is closed before that, or after a minute.
    pub async fn logged(&mut self, text: &str) -> Result<(), HostError> {
        self.logged_times(text, 1).await
    }

    /// Waits until its log contains a text a number of times, for at most a minute.
    ///
    /// # Errors
    /// Returns the errors of [`logged`](Self::logged).
    pub async fn logged_times(&mut self, text: &str, times: usize) -> Result<(), HostError> {
        let holds = |log: &String| log.matches(text).count() >= times;
        let found = matches!(timeout(LIMIT, self.log.wait_for(holds)).await, Ok(Ok(_)));
        let missing = || format!("{text:?} was not logged {times} times, but: {}", self.log());
        if found { Ok(()) } else { Err(HostError::new(missing())) }
    }

    /// Waits until it closes stderr, and returns the text that it wrote there.
    pub async fn log_to_end(&mut self) -> String {
        while self.log.changed().await.is_ok() {}
        self.log()
    }

    /// Waits until it closes stdout, and returns the text that it wrote there after the handshake.
    ///
    /// # Errors
    /// Returns an error if the pipe breaks.
    pub async fn rest_of_stdout(&mut self) -> Result<String, HostError> {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).await?;
        Ok(rest)
    }

    /// Waits until it ends.
    ///
    /// # Errors
    /// Returns an error if the system cannot report its status.
    pub async fn wait(&mut self) -> Result<ExitStatus, HostError> {
        Ok(self.child.wait().await?)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // A process that is killed leaves its socket behind; one that has ended has removed it.
        let _ = self.child.start_kill();
        if let Some(Handshake { network, address, .. }) = &self.handshake
            && network == "unix"
        {
            let _ = std::fs::remove_file(address);
            let _ = Path::new(address).parent().map(std::fs::remove_dir);
        }
    }
}
