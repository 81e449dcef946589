//! `--debug`: a person starts the provider, and then a host that connects to it through a variable.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use serde_json::{Value as Json, json};
use tfplug::internals::Raw as _;
use tfplug::testing::terraform::{Package, Terraform};
use tfplug::testing::{Handshake, HostError, Spawn};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::support::{example, within};

/// A provider started by a person.
struct Served {
    process: Child,
    stdout: BufReader<ChildStdout>,
    /// The value of the variable.
    reattach: String,
}

impl Served {
    async fn start(temporary: &Path) -> Self {
        Self::of(Spawn::new(example("weather")).unwrap().argument("--debug").variable("TMPDIR", temporary))
            .await
    }

    async fn of(spawn: Spawn) -> Self {
        let mut command = Command::from(spawn.without("TF_PLUGIN_MAGIC_COOKIE").command());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        let reattach = loop {
            line.clear();
            assert_ne!(within(stdout.read_line(&mut line)).await.unwrap(), 0, "it prints the variable");
            let value = line.trim().strip_prefix("export TF_REATTACH_PROVIDERS='");
            if let Some(value) = value.and_then(|value| value.strip_suffix('\'')) {
                break value.to_owned();
            }
        };
        Self { process, stdout, reattach }
    }

    fn entry(&self, address: &str) -> Json {
        serde_json::from_str::<Json>(&self.reattach).unwrap()[address].clone()
    }

    /// Where it says that it listens, as a handshake would.
    fn handshake(&self) -> Handshake {
        self.handshake_of("registry.terraform.io/example/weather")
    }

    fn handshake_of(&self, provider: &str) -> Handshake {
        let entry = self.entry(provider);
        let field = |name: &str| entry["Addr"][name].as_str().unwrap().to_owned();
        Handshake { network: field("Network"), address: field("String"), certificate: Vec::new() }
    }

    /// Ends it with a signal; gives what it wrote after the variable too.
    async fn end(mut self, signal: &str) -> (ExitStatus, String) {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
        let status = within(self.process.wait()).await.unwrap();
        let mut rest = String::new();
        within(self.stdout.read_to_string(&mut rest)).await.unwrap();
        (status, rest)
    }
}

#[tokio::test]
async fn it_serves_whoever_is_told_and_leaves_nothing_behind() {
    for signal in ["-INT", "-TERM"] {
        let temporary = tempfile::tempdir().unwrap();
        let served = Served::start(temporary.path()).await;
        let terraform = served.entry("registry.terraform.io/example/weather");
        assert_eq!((&terraform["Protocol"], &terraform["ProtocolVersion"]), (&json!("grpc"), &json!(6)));
        assert_eq!(terraform["Pid"], served.process.id().unwrap());
        assert_eq!(served.entry("registry.opentofu.org/example/weather"), terraform);
        let handshake = served.handshake();
        assert_eq!(handshake.network, "unix");
        for _ in 0..2 {
            let host = within(handshake.connect()).await.unwrap();
            assert!(within(host.schema()).await.is_ok());
        }
        let (status, rest) = served.end(signal).await;
        assert!(status.success(), "{signal}: {status}");
        assert!(rest.contains("$env:TF_REATTACH_PROVIDERS = '{") && !rest.contains("WARNING"), "{rest}");
        assert_eq!(temporary.path().read_dir().unwrap().count(), 0, "{signal} leaves nothing behind");
    }
}

/// Terraform's aliases, and several hosts: each is a connection of its own.
#[tokio::test]
async fn each_connection_has_a_configuration_and_a_stop_of_its_own() {
    let temporary = tempfile::tempdir().unwrap();
    let served = Served::start(temporary.path()).await;
    let handshake = served.handshake();
    let north = within(handshake.connect()).await.unwrap();
    let south = within(handshake.connect()).await.unwrap();
    for (host, network) in [(&north, "north"), (&south, "south")] {
        assert!(within(host.configure(&json!({"network": network}))).await.unwrap().is_empty());
    }
    for (host, network) in [(&north, "north"), (&south, "south"), (&north, "north")] {
        let read = within(host.read("weather_station", &json!({"id": "12"}))).await.unwrap();
        assert_eq!(read.state["sensors"]["rain"]["address"], format!("12.{network}.example.com"));
    }
    let third = within(handshake.connect()).await.unwrap();
    let read = within(third.read("weather_station", &json!({"id": "12"}))).await.unwrap();
    let told = read.diagnostics.to_string();
    assert!(told.starts_with("error: The provider is not configured"), "{told}");

    let unruly = Spawn::new(example("unruly")).unwrap().argument("--debug");
    let served = Served::of(unruly.variable("TMPDIR", temporary.path())).await;
    let handshake = served.handshake_of("registry.terraform.io/example/unruly");
    let (one, other) =
        (within(handshake.connect()).await.unwrap(), within(handshake.connect()).await.unwrap());
    for host in [&one, &other] {
        assert!(within(host.configure(&json!({}))).await.unwrap().is_empty());
    }
    let blocked = |host: &tfplug::testing::Host| {
        let host = host.clone();
        tokio::spawn(async move { host.read("unruly_reading", &json!({"mischief": "block"})).await.unwrap() })
    };
    let (stopped, running) = (blocked(&one), blocked(&other));
    // A read can only be stopped once it runs: ask until it has ended.
    within(async {
        while !stopped.is_finished() {
            one.stop().await.unwrap();
        }
    })
    .await;
    assert_eq!(stopped.await.unwrap().diagnostics.iter().next().unwrap().summary, "Read cancelled");
    assert!(!running.is_finished(), "the other host's read goes on");
    running.abort();
}

#[tokio::test]
async fn the_variable_is_written_to_a_file_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let temporary = tempfile::tempdir().unwrap();
    let file = temporary.path().join("debug.env");
    let weather = Spawn::new(example("weather")).unwrap().argument("--debug").argument("--debug-env-file");
    let served = Served::of(weather.argument(&file).variable("TMPDIR", temporary.path())).await;
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written, format!("TF_REATTACH_PROVIDERS='{}'\n", served.reattach));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

/// No `init`: a provider that is attached needs no installation, and none was made in this mirror.
#[tokio::test]
async fn terraform_uses_the_process_that_it_is_told_of() -> Result<(), HostError> {
    let Some(terraform) = Terraform::locate()? else { return Ok(()) };
    let temporary = tempfile::tempdir().unwrap();
    let served = Served::start(temporary.path()).await;
    let package = Package {
        binary: PathBuf::from("/nonexistent"),
        address: "registry.terraform.io/example/weather",
        version: "0.1.0",
    };
    let mut workspace = terraform.workspace(&package)?;
    workspace.write(
        "main.tf",
        r#"
        terraform {
          required_providers {
            weather = { source = "example/weather" }
          }
        }
        provider "weather" {
          alias   = "south"
          network = "south"
        }
        data "weather_station" "this" { id = "12" }
        data "weather_station" "south" {
          provider = weather.south
          id       = "12"
        }
        output "rain" { value = data.weather_station.this.sensors["rain"].address }
        output "southern" { value = data.weather_station.south.sensors["rain"].address }
        output "boiling" { value = provider::weather::celsius(212) }
        "#,
    )?;
    workspace.variable("TF_REATTACH_PROVIDERS", &*served.reattach);
    workspace.apply().await?.succeeded()?;
    assert_eq!(
        workspace.outputs().await?,
        json!({"rain": "12.north.example.com", "southern": "12.south.example.com", "boiling": 100})
    );
    assert_eq!(workspace.plan().await?.status.code(), Some(0), "it serves one command after another");
    let (status, _) = served.end("-TERM").await;
    assert!(status.success());
    assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
    Ok(())
}
