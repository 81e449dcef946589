//! The scenario file: an estate, a metadata service and faults, as JSON.

use std::str::FromStr;

use anyhow::{Context, anyhow};
use serde::Deserialize;
use serde_json::Value;

use crate::cloud::estate::Estate;
use crate::cloud::estate::account::Account;
use crate::cloud::metadata::Metadata;
use crate::cloud::state::State;
use crate::config::Config;
use crate::faults::rule::Rule;

/// A scenario, read from JSON. Omitted fields default to [`Config::default`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    #[serde(default)]
    accounts: Option<Vec<Account>>,
    #[serde(default)]
    flavors: Option<Vec<Value>>,
    #[serde(default)]
    metadata: Option<Metadata>,
    #[serde(default)]
    faults: Vec<Rule>,
    #[serde(default)]
    seed: Option<u64>,
}

impl FromStr for Scenario {
    type Err = anyhow::Error;

    /// Parses a scenario; an error names the field at fault by its path.
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let scenario = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = error.path().to_string();
            let cause = error.into_inner();
            if path == "." { anyhow!(cause) } else { anyhow!("{path}: {cause}") }
        })?;
        deserializer.end().context("after the scenario")?;
        Ok(scenario)
    }
}

impl Scenario {
    /// Converts the scenario into a configuration.
    ///
    /// # Errors
    /// If parts of it contradict each other; the error names the field by its path.
    pub fn into_config(self) -> anyhow::Result<Config> {
        let mut estate = Estate::default();
        let mut metadata = Metadata::default();
        if let Some(accounts) = self.accounts {
            if let Some(first) = accounts.first() {
                metadata.account.clone_from(&first.name);
            }
            estate.accounts = accounts;
        }
        if let Some(flavors) = self.flavors {
            estate.flavors = flavors;
        }
        let metadata = self.metadata.unwrap_or(metadata);
        for (index, rule) in self.faults.iter().enumerate() {
            rule.check().map_err(|why| anyhow!("faults[{index}].{why}"))?;
        }
        // Building the state once detects contradictions before the emulator listens.
        State::new(estate.clone(), metadata.clone())?;
        let defaults = Config::default();
        Ok(Config {
            estate,
            metadata,
            faults: self.faults,
            seed: self.seed.unwrap_or(defaults.seed),
            ..defaults
        })
    }
}
