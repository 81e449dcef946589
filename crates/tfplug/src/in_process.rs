//! Use of a provider without a host: for command lines that read data sources.

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;
use tracing::level_filters::LevelFilter;

use crate::diagnostics::Diagnostics;
use crate::proto::tfplugin6 as wire;
use crate::provider::{Configured, Provider};
use crate::schema::{Block, SchemaError};
use crate::service::{ProviderService, ProviderState};
use crate::value::{Value, ValueError};

/// A provider that this process uses itself. It runs the same code as the calls of a host: with validation, time
/// limits, and conversion of panics to errors.
pub struct InProcess<P: Provider>(ProviderService<P>);

impl<P: Provider> fmt::Debug for InProcess<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InProcess").field(&P::ADDRESS).finish()
    }
}

impl<P: Provider> InProcess<P> {
    /// Creates the provider without a configuration. It logs to stderr if the host's variables (`TF_LOG` …) request it.
    ///
    /// # Errors
    /// Returns an error if the provider's schema violates the rules of the hosts.
    pub fn new() -> Result<Self, SchemaError> {
        // The log goes directly to a person's terminal.
        crate::serve::prepare::<P>(LevelFilter::OFF);
        crate::serve::no_core_dump();
        Ok(Self(ProviderService(Arc::new(ProviderState::new()?))))
    }

    /// Configures the provider like a provider block with these arguments. `program` replaces the host's version.
    ///
    /// # Errors
    /// Returns an error if the arguments do not match the schema.
    pub async fn configure(&self, program: &str, arguments: &Json) -> Result<Diagnostics, ValueError> {
        let config = Some(config(&self.0.0.block, arguments)?);
        let request = wire::configure_provider::Request {
            terraform_version: program.to_owned(),
            config,
            client_capabilities: None,
        };
        Ok(self.0.configure(request).await.harmless())
    }

    /// Returns the client of the configuration; `None` before [`configure`](Self::configure) succeeded.
    pub fn client(&self) -> Option<Arc<P::Client>> {
        match self.0.0.configuration() {
            Some(Configured::Ready(client)) => Some(client),
            _ => None,
        }
    }

    /// Reads a data source with these arguments. Returns its state as JSON, unless there was an error.
    ///
    /// # Errors
    /// Returns an error if the arguments do not match the schema.
    pub async fn read(
        &self,
        name: &str,
        arguments: &Json,
    ) -> Result<(Option<Json>, Diagnostics), ValueError> {
        let entry = self.0.0.data_sources.entries.get(name);
        let config = entry.map(|entry| config(&entry.block, arguments)).transpose()?;
        let type_name = name.to_owned();
        let request = wire::read_data_source::Request { type_name, config, ..Default::default() };
        let read = self.0.read(&request).await;
        Ok((read.state.as_ref().map(Value::to_json), read.diagnostics.harmless()))
    }
}

fn config(block: &Block, arguments: &Json) -> Result<wire::DynamicValue, ValueError> {
    Value::from_json(arguments, &block.implied_type())?.to_wire()
}
