//! Finding instances: by name, in other regions, in lists; waiting for them. The provider's binary, spoken to as a host
//! does, and the real Terraform where its own words or conversions matter.

mod catalogue;
mod filters;
mod functions;
mod listing;
mod names;
mod regions;
mod waiting;

use iotda_emulator::{Account, Config, Emulator, Estate, Project, ids};
use serde_json::{Value as Json, json};
use tfplug::testing::{Host, Plugin, Read, Spawn};
use tfplug::{AttributePath, Diagnostic};

use crate::support::Outcome;

/// A provider that was configured by the environment of an emulator. The process lives as long as this.
struct Provider {
    plugin: Plugin,
    host: Host,
}

impl Provider {
    async fn new(cloud: &Emulator) -> Outcome<Self> {
        Self::with(cloud.environment()).await
    }

    async fn with(variables: Vec<(String, String)>) -> Outcome<Self> {
        let spawn = Spawn::new(env!("CARGO_BIN_EXE_terraform-provider-iotda"))?.variable("TF_LOG", "INFO");
        let spawn = variables.into_iter().fold(spawn, |spawn, (name, value)| spawn.variable(&name, value));
        let plugin = spawn.start().await?;
        let host = plugin.connect().await?;
        let diagnostics = host.configure(&json!({})).await?;
        assert!(!diagnostics.has_errors(), "{diagnostics:?}");
        Ok(Self { plugin, host })
    }

    /// Reads what has to succeed, without a warning.
    async fn read(&self, source: &str, config: &Json) -> Outcome<Json> {
        let Read { state, diagnostics, .. } = self.host.read(source, config).await?;
        assert!(diagnostics.is_empty(), "{config}: {diagnostics:?}");
        Ok(state)
    }

    /// Reads what has to fail with one error.
    async fn refused(&self, source: &str, config: &Json) -> Outcome<Diagnostic> {
        let Read { state, diagnostics, .. } = self.host.read(source, config).await?;
        assert_eq!(state, Json::Null, "{config}");
        let mut diagnostics = diagnostics.into_iter();
        let error = diagnostics.next().ok_or_else(|| format!("{config} was not refused"))?;
        assert_eq!(diagnostics.next(), None, "{config}");
        Ok(error)
    }
}

/// The argument that a diagnostic points at.
fn at(diagnostic: &Diagnostic) -> Option<String> {
    diagnostic.path.as_ref().map(AttributePath::to_string)
}

/// A cloud whose only project holds so many synthetic instances and nothing else.
fn synthetic(count: usize) -> Config {
    let project = Project::new(ids::PROJECT_ID, "cn-north-4").synthetic(count);
    let account = Account::new(ids::ACCOUNT_ID, ids::ACCOUNT).access_key(ids::ACCESS_KEY, ids::SECRET_KEY);
    Config::default().estate(Estate::empty().account(account.project(project)))
}

/// The path of an instance's details.
fn details_of(id: &str) -> String {
    format!("/v5/iot/{}/iotda-instances/{id}", ids::PROJECT_ID)
}
