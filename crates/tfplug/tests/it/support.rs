//! What the tests have in common.

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use tfplug::testing::{Host, Plugin, Spawn};

/// A provider among the examples, which cargo builds along with the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let binary = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.is_file(),
        "cargo builds {name} along with the tests, except for a command that builds a single target"
    );
    binary
}

/// The provider that misbehaves on request, ready to be started.
pub(crate) fn unruly() -> Spawn {
    Spawn::new(example("unruly")).unwrap()
}

/// The same where no Unix socket can be: its host may connect more than once.
pub(crate) fn on_a_port() -> Spawn {
    unruly().variable("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent")
}

/// The same, started and connected to.
pub(crate) async fn served() -> (Plugin, Host) {
    let plugin = within(unruly().start()).await.unwrap();
    let host = within(plugin.connect()).await.unwrap();
    (plugin, host)
}

/// The same, with an empty configuration.
pub(crate) async fn configured() -> (Plugin, Host) {
    let (plugin, host) = served().await;
    assert!(host.configure(&serde_json::json!({})).await.unwrap().is_empty());
    (plugin, host)
}

/// What must come, comes soon; the limit is for machines that are very busy.
pub(crate) async fn within<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), event).await.expect("it does not come")
}

/// A command's end: what it wrote, and its exit code.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a plugin that ends by itself.
pub(crate) async fn end_of(spawn: &Spawn) -> Ended {
    let mut command = tokio::process::Command::from(spawn.command());
    command.stdin(std::process::Stdio::null()).kill_on_drop(true);
    let output = within(command.output()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A text in which paths of sources are written with slashes, wherever it was built.
pub(crate) fn slashed(text: &str) -> String {
    text.replace(r"\\", "/").replace('\\', "/")
}

/// Sends a signal.
#[cfg(unix)]
pub(crate) async fn signal(plugin: &Plugin, signal: &str) {
    let id = plugin.id().unwrap().to_string();
    assert!(tokio::process::Command::new("kill").args([signal, &id]).status().await.unwrap().success());
}
