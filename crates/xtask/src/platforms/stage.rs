//! What a build is tried with: the emulator, and a host.

use std::path::Path;

use anyhow::{Context as _, ensure};
use iotda_emulator::{Config, Emulator, ids};
use iotda_provider::provider::IotdaProvider;
use serde_json::json;
use tfplug::Provider as _;
use tfplug::testing::Spawn;
use tfplug::testing::terraform::Terraform;

use crate::project::{self, CONFIGURATION, MQTT};

/// The name of a trial, and what it showed: passed, or not tried for a reason, or failed.
pub(super) type Trial = (&'static str, anyhow::Result<Option<String>>);

/// Everything around the builds.
pub(super) struct Stage {
    cloud: Emulator,
    terraform: Option<Terraform>,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            cloud: Emulator::start(Config::https())?,
            terraform: project::terraform_if_any()?,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        })
    }

    pub(super) fn try_out(&self, program: &Path) -> Vec<Trial> {
        vec![
            ("--version", self.says(program, &["--version"], IotdaProvider::VERSION)),
            ("handshake", self.runtime.block_on(handshake(program))),
            ("doctor", self.says(program, &["doctor"], "read")),
            ("read", self.says(program, &["read", "--instance-id", ids::INSTANCE_ID], MQTT)),
            ("apply", self.runtime.block_on(self.apply(program))),
        ]
    }

    /// The variables of the emulator, with its authority as text: paths are not the same under Wine.
    fn environment(&self) -> Vec<(String, String)> {
        let authority = self.cloud.ca_pem().map(|pem| ("OS_CACERT".to_owned(), pem.to_owned()));
        self.cloud.environment().into_iter().chain(authority).collect()
    }

    fn says(&self, program: &Path, arguments: &[&str], word: &str) -> anyhow::Result<Option<String>> {
        let output = project::with_cloud(program, self.environment()).args(arguments).output()?;
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
        ensure!(output.status.success(), "{}: {stdout}{stderr}", output.status);
        ensure!(stdout.contains(word), "{stdout:?} does not contain {word}");
        Ok(None)
    }

    /// The host is this machine's own.
    async fn apply(&self, program: &Path) -> anyhow::Result<Option<String>> {
        let Some(terraform) = &self.terraform else {
            return Ok(Some("neither Terraform nor OpenTofu is installed".to_owned()));
        };
        let mut workspace = terraform.workspace(&project::package(program.to_owned()))?;
        for (name, value) in self.environment() {
            workspace.variable(&name, value);
        }
        workspace.require_package()?.write("main.tf", CONFIGURATION)?;
        workspace.init().await?.succeeded()?;
        workspace.apply().await?.succeeded()?;
        let outputs = workspace.outputs().await?;
        ensure!(outputs == json!({ "mqtt": MQTT }), "the outputs are {outputs}");
        Ok(None)
    }
}

/// Over mutual TLS, with one request.
async fn handshake(program: &Path) -> anyhow::Result<Option<String>> {
    let plugin = Spawn::new(program)?.start().await?;
    let host = plugin.connect().await.with_context(|| plugin.log())?;
    let found = host.validate("iotda_instance", &json!({ "instance_id": ids::INSTANCE_ID })).await?;
    ensure!(!found.has_errors(), "{found:?}");
    host.shutdown().await?;
    Ok(None)
}
