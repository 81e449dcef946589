//! `--debug`: a person starts the provider, and then a host that is told where it is.
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
        let spawn = Spawn::new(example("weather")).unwrap().argument("--debug").variable("TMPDIR", temporary);
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
        let entry = self.entry("registry.terraform.io/example/weather");
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

#[tokio::test]
async fn a_port_comes_with_a_warning() {
    let temporary = tempfile::tempdir().unwrap();
    let served = Served::start(&temporary.path().join("absent")).await;
    let handshake = served.handshake();
    assert_eq!(handshake.network, "tcp");
    assert!(within(within(handshake.connect()).await.unwrap().schema()).await.is_ok());
    let (_, rest) = served.end("-TERM").await;
    assert!(rest.contains("WARNING: every user of this machine can connect"), "{rest}");
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
        data "weather_station" "this" { id = "12" }
        output "rain" { value = data.weather_station.this.sensors["rain"].address }
        output "boiling" { value = provider::weather::celsius(212) }
        "#,
    )?;
    workspace.variable("TF_REATTACH_PROVIDERS", &*served.reattach);
    workspace.apply().await?.succeeded()?;
    assert_eq!(workspace.outputs().await?, json!({"rain": "12.north.example.com", "boiling": 100}));
    assert_eq!(workspace.plan().await?.status.code(), Some(0), "it serves one command after another");
    let (status, _) = served.end("-TERM").await;
    assert!(status.success());
    assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
    Ok(())
}
