//! The scenario file: an estate, a metadata service and faults, as JSON.

use std::str::FromStr;

use anyhow::{Context, anyhow};
use serde::Deserialize;
use serde_json::Value;

use crate::cloud::estate::account::Account;
use crate::cloud::metadata::Metadata;
use crate::cloud::state::State;
use crate::config::Config;
use crate::faults::rule::Rule;

/// A scenario, read from JSON. Omitted fields default to [`Config::default`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    accounts: Option<Vec<Account>>,
    flavors: Option<Vec<Value>>,
    metadata: Option<Metadata>,
    #[serde(default)]
    faults: Vec<Rule>,
    seed: Option<u64>,
}

impl FromStr for Scenario {
    type Err = anyhow::Error;

    /// Parses a scenario; an error names the field at fault by its path.
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let scenario = serde_path_to_error::deserialize(&mut deserializer)?;
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
        let mut config = Config { faults: self.faults, ..Config::default() };
        if let Some(accounts) = self.accounts {
            if let Some(first) = accounts.first() {
                config.metadata.account.clone_from(&first.name);
            }
            config.estate.accounts = accounts;
        }
        config.estate.flavors = self.flavors.unwrap_or(config.estate.flavors);
        config.metadata = self.metadata.unwrap_or(config.metadata);
        config.seed = self.seed.unwrap_or(config.seed);
        for (index, rule) in config.faults.iter().enumerate() {
            rule.check().map_err(|why| anyhow!("faults[{index}].{why}"))?;
        }
        // Building the state once detects contradictions before the emulator listens.
        State::new(config.estate.clone(), config.metadata.clone())?;
        Ok(config)
    }
}
