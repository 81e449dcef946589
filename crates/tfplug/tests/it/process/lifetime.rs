//! When the process ends, and when it does not.

use std::time::{Duration, Instant};

use serde_json::json;
use tfplug::internals::Raw as _;
use tfplug::internals::plugin::grpc_broker_client::GrpcBrokerClient;
use tfplug::internals::plugin::grpc_stdio_client::GrpcStdioClient;
use tfplug::internals::plugin::{ConnInfo, Empty};

use crate::support::{configured, served, within};

/// Hosts wait for two seconds and then kill; every process of a plan costs what they wait.
#[tokio::test]
async fn shutdown_waits_for_no_stream_and_no_read() {
    let (mut plugin, host) = configured().await;
    let stdio = GrpcStdioClient::new(host.channel()).stream_stdio(Empty {}).await.unwrap();
    let messages = tokio_stream::pending::<ConnInfo>();
    let broker = GrpcBrokerClient::new(host.channel()).start_stream(messages).await.unwrap();
    let reading = host.clone();
    let read =
        tokio::spawn(async move { reading.read("unruly_reading", &json!({"mischief": "block"})).await });
    within(plugin.logged("the read waits")).await.unwrap();

    let asked = Instant::now();
    within(host.shutdown()).await.unwrap();
    assert!(within(plugin.wait()).await.unwrap().success());
    let took = asked.elapsed();
    assert!(took < Duration::from_secs(2), "it took {took:?}");
    assert!(within(read).await.unwrap().is_err(), "the read ends with the connection");
    drop((stdio, broker));
}

/// The best of several, on a machine that does other things too.
#[tokio::test]
async fn shutdown_ends_as_soon_as_the_host_has_its_answer() {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let (mut plugin, host) = served().await;
        within(host.shutdown()).await.unwrap();
        let asked = Instant::now();
        drop(host);
        assert!(within(plugin.wait()).await.unwrap().success());
        best = best.min(asked.elapsed());
    }
    assert!(best < Duration::from_millis(400), "it took {best:?}: it waits for something");
}

#[cfg(unix)]
mod unix {
    use std::process::Stdio;

    use tfplug::testing::{Handshake, Spawn};
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
    use tokio::process::{Child, ChildStdout, Command};

    use super::*;
    use crate::support::{example, signal, unruly};

    /// A key press and the end of a terminal reach the host too, which decides what becomes of the plugin: under `nohup`
    /// it goes on.
    #[tokio::test]
    async fn interrupts_and_hangups_are_ignored_from_the_first_line_on() {
        for name in ["-INT", "-HUP"].repeat(4) {
            let plugin = within(unruly().start()).await.unwrap();
            signal(&plugin, name).await;
            let host = within(plugin.connect()).await.unwrap();
            signal(&plugin, name).await;
            assert!(within(host.schema()).await.is_ok(), "{name}");
        }
    }

    #[tokio::test]
    async fn a_termination_leaves_no_socket() {
        let mut plugin = within(unruly().start()).await.unwrap();
        let host = within(plugin.connect()).await.unwrap();
        assert!(within(host.schema()).await.is_ok());
        signal(&plugin, "-TERM").await;
        assert_eq!(within(plugin.wait()).await.unwrap().code(), Some(143));
    }

    /// `timeout`, systemd and CI terminate a whole group. The host hears of each read, and can still say Stop.
    #[tokio::test]
    async fn a_termination_ends_reads_as_stop_does_and_waits_for_the_host() {
        let (mut plugin, host) = configured().await;
        let reading = host.clone();
        let read =
            tokio::spawn(async move { reading.read("unruly_reading", &json!({"mischief": "block"})).await });
        within(plugin.logged("the read waits")).await.unwrap();
        signal(&plugin, "-TERM").await;
        let read = within(read).await.unwrap().unwrap();
        assert_eq!(read.diagnostics.iter().next().unwrap().summary, "Read cancelled");
        let late = within(host.read("unruly_reading", &json!({}))).await.unwrap();
        assert_eq!(late.diagnostics.iter().next().unwrap().summary, "Read cancelled", "and later ones");
        within(host.stop()).await.unwrap();
        drop(host);
        assert_eq!(within(plugin.wait()).await.unwrap().code(), Some(143));
    }

    /// It would contain all secrets, readable by anyone who finds it.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_crash_leaves_no_core_behind() {
        let plugin = within(unruly().start()).await.unwrap();
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", plugin.id().unwrap())).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let limits: Vec<_> = core.split_whitespace().skip(4).take(2).collect();
        assert_eq!(limits, ["0", "0"], "{core}");
    }

    /// A plugin whose host is a shell, which can be killed.
    async fn below_a_shell() -> (Child, BufReader<ChildStdout>, Handshake) {
        let mut shell = Command::from(Spawn::new("/bin/sh").unwrap().plaintext().command());
        shell.args(["-c", "\"$0\" & wait"]).arg(example("unruly"));
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut shell = shell.spawn().unwrap();
        let mut stdout = BufReader::new(shell.stdout.take().unwrap());
        let mut line = String::new();
        within(stdout.read_line(&mut line)).await.unwrap();
        (shell, stdout, line.parse().unwrap())
    }

    /// The shell is dead already, so the pipe is closed when the plugin is.
    async fn ended(mut stdout: BufReader<ChildStdout>) {
        within(stdout.read_to_end(&mut Vec::new())).await.unwrap();
    }

    #[tokio::test]
    async fn a_host_that_dies_before_it_connects_takes_the_plugin_along() {
        let (mut host, stdout, handshake) = below_a_shell().await;
        host.kill().await.unwrap();
        ended(stdout).await;
        assert!(!std::path::Path::new(&handshake.address).exists());
    }

    #[tokio::test]
    async fn a_host_that_dies_takes_the_plugin_along_once_its_connection_is_closed() {
        let (mut host, stdout, handshake) = below_a_shell().await;
        let connection = handshake.connect().await.unwrap();
        assert!(connection.schema().await.is_ok());
        host.kill().await.unwrap();
        assert!(connection.schema().await.is_ok(), "the open connection is still served");
        drop(connection);
        ended(stdout).await;
    }
}
