//! A plugin's process, started as a host starts it.

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

/// How long hosts wait for the handshake line; a line of the log that has not come by then never will.
const LIMIT: Duration = Duration::from_mins(1);
/// How long a process that failed to start may take to end by itself, and then to close its stderr.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// A handshake line is far shorter, even with a certificate of RSA.
const MAX_LINE: u64 = 64 * 1024;

/// How to start a plugin: as Terraform does, until told otherwise.
#[derive(Clone, Debug)]
pub struct Spawn {
    binary: OsString,
    arguments: Vec<OsString>,
    variables: BTreeMap<String, Option<OsString>>,
    identity: Option<Identity>,
}

impl Spawn {
    /// Starts this binary with a new identity.
    ///
    /// # Errors
    /// The system gives no random numbers.
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

    /// Adds an argument, which hosts never do.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable of the process.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), Some(value.into()));
        self
    }

    /// Takes a variable away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.insert(name.to_owned(), None);
        self
    }

    /// Shows this identity to the plugin.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self = self.variable("PLUGIN_CLIENT_CERT", identity.pem.clone());
        self.identity = Some(identity);
        self
    }

    /// Asks for a connection without TLS.
    #[must_use]
    pub fn plaintext(mut self) -> Self {
        self.identity = None;
        self.without("PLUGIN_CLIENT_CERT")
    }

    /// The command, for callers that start it themselves.
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

    /// Starts it and reads its handshake line, for which it has a minute, as with real hosts.
    ///
    /// # Errors
    /// It does not start, or says nothing, ends or says something else before its handshake; with what it wrote to
    /// stderr. The process has ended then.
    pub async fn start(self) -> Result<Plugin, HostError> {
        let mut command = Command::from(self.command());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(HostError::from_error)?;
        let piped = || HostError::new("the process has no pipes");
        let stdout = BufReader::new(child.stdout.take().ok_or_else(piped)?);
        let log = kept(child.stderr.take().ok_or_else(piped)?);
        let mut plugin = Plugin { child, stdout, log, identity: self.identity, handshake: None };
        let (problem, patience) = match timeout(LIMIT, plugin.first_line()).await {
            Err(_) => (format!("there was no handshake line within {LIMIT:?}"), Duration::ZERO),
            Ok(Err(error)) => (format!("there was no handshake line: {error}"), Duration::ZERO),
            // It is about to end, and its exit code tells more than a signal from here.
            Ok(Ok(line)) if line.is_empty() => {
                ("stdout was closed before the handshake".to_owned(), LAST_WORDS)
            }
            Ok(Ok(line)) => match line.parse() {
                Ok(handshake) => {
                    plugin.handshake = Some(handshake);
                    return Ok(plugin);
                }
                // It may wait for a host that never comes.
                Err(error) => (HostError::to_string(&error), Duration::ZERO),
            },
        };
        Err(plugin.failed_to_start(&problem, patience).await)
    }
}

/// Keeps what a process writes to stderr.
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

/// A plugin's process, after its handshake. It is killed when dropped.
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

    /// Ends a process that is no plugin, and tells what it said.
    async fn failed_to_start(mut self, problem: &str, patience: Duration) -> HostError {
        let end = match timeout(patience, self.child.wait()).await {
            Ok(Ok(status)) => format!("it ended with {status}"),
            Ok(Err(error)) => format!("how it ended is not known: {error}"),
            Err(_) => {
                let _ = self.child.kill().await;
                "it was killed".to_owned()
            }
        };
        // What it started itself may hold the pipe open.
        let log = timeout(LAST_WORDS, self.log_to_end()).await.unwrap_or_else(|_| self.log());
        HostError::new(format!("{problem}; {end} and wrote: {log}"))
    }

    /// What it said.
    ///
    /// # Errors
    /// It said nothing, which [`Spawn::start`] does not let pass.
    pub fn handshake(&self) -> Result<&Handshake, HostError> {
        self.handshake.as_ref().ok_or_else(|| HostError::new("there was no handshake"))
    }

    /// Its process id, as long as it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// A bare connection to its socket.
    ///
    /// # Errors
    /// The socket cannot be reached.
    pub async fn open(&self) -> Result<impl AsyncRead + AsyncWrite + Send + Unpin + use<>, HostError> {
        self.socket().await
    }

    async fn socket(&self) -> Result<Connection, HostError> {
        connect::open(self.handshake()?).await.map_err(HostError::from_error)
    }

    /// Connects as the host that started it.
    ///
    /// # Errors
    /// The plugin refuses, or is not the one of the handshake.
    pub async fn connect(&self) -> Result<Host, HostError> {
        self.connect_as(self.identity.as_ref()).await
    }

    /// Connects as somebody else; as nobody, when the plugin serves with TLS and no identity is given.
    ///
    /// # Errors
    /// The plugin refuses, or is not the one of the handshake.
    pub async fn connect_as(&self, identity: Option<&Identity>) -> Result<Host, HostError> {
        self.connect_offering(identity, &[b"h2"]).await
    }

    /// Connects, and offers other application protocols than HTTP/2 where there is TLS.
    ///
    /// # Errors
    /// The plugin refuses, or is not the one of the handshake.
    pub async fn connect_offering(
        &self,
        identity: Option<&Identity>,
        protocols: &[&[u8]],
    ) -> Result<Host, HostError> {
        let handshake = self.handshake()?;
        let mut connection = self.socket().await?;
        if !handshake.certificate.is_empty() {
            let secured = connect::secure(connection, handshake, identity, protocols).await;
            connection = secured.map_err(HostError::from_error)?;
        }
        Ok(Host::over(connect::channel(connection).await?))
    }

    /// What it has written to stderr by now.
    pub fn log(&self) -> String {
        self.log.borrow().clone()
    }

    /// Waits until its log holds a text, for a minute at most.
    ///
    /// # Errors
    /// stderr was closed before that, or the minute is over; with the log.
    pub async fn logged(&mut self, text: &str) -> Result<(), HostError> {
        self.logged_times(text, 1).await
    }

    /// Waits until its log holds a text so many times, for a minute at most.
    ///
    /// # Errors
    /// As [`logged`](Self::logged).
    pub async fn logged_times(&mut self, text: &str, times: usize) -> Result<(), HostError> {
        let holds = |log: &String| log.matches(text).count() >= times;
        let found = matches!(timeout(LIMIT, self.log.wait_for(holds)).await, Ok(Ok(_)));
        let missing = || format!("{text:?} was not logged {times} times, but: {}", self.log());
        if found { Ok(()) } else { Err(HostError::new(missing())) }
    }

    /// What it wrote to stderr until it closed it.
    pub async fn log_to_end(&mut self) -> String {
        while self.log.changed().await.is_ok() {}
        self.log()
    }

    /// What it wrote to stdout after the handshake, until it closed it.
    ///
    /// # Errors
    /// The pipe broke.
    pub async fn rest_of_stdout(&mut self) -> Result<String, HostError> {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).await.map_err(HostError::from_error)?;
        Ok(rest)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system cannot say.
    pub async fn wait(&mut self) -> Result<ExitStatus, HostError> {
        self.child.wait().await.map_err(HostError::from_error)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // A process that is killed leaves its socket behind; one that has ended took it along.
        let _ = self.child.start_kill();
        if let Some(Handshake { network, address, .. }) = &self.handshake
            && network == "unix"
        {
            let _ = std::fs::remove_file(address);
            let _ = Path::new(address).parent().map(std::fs::remove_dir);
        }
    }
}
