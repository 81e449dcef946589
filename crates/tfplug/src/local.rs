//! A provider without a host: for command lines that read what data sources read.

use std::sync::Arc;

use serde_json::Value as Json;
use tracing::level_filters::LevelFilter;

use crate::Diagnostics;
use crate::proto::tfplugin6 as wire;
use crate::provider::Provider;
use crate::schema::{Block, Nesting, SchemaError};
use crate::service::{ProviderService, ProviderState};
use crate::value::{Value, ValueError};

/// A provider that this process uses itself, on the way that a host's calls take: validation, panics and time limits
/// included.
pub struct Local<P: Provider>(ProviderService<P>);

impl<P: Provider> Local<P> {
    /// The provider, not configured yet. Its logs go to stderr where the host's variables (`TF_LOG` …)
    /// ask for them.
    ///
    /// # Errors
    /// The provider's schema breaks the rules of the hosts.
    pub fn new() -> Result<Self, SchemaError> {
        // Nobody stands between it and a person's terminal.
        crate::host::prepare::<P>(LevelFilter::OFF);
        Ok(Self(ProviderService(Arc::new(ProviderState::new()?))))
    }

    /// Configures it as a provider block with these arguments does. `program` stands for the host's version.
    ///
    /// # Errors
    /// The arguments do not fit the schema.
    pub async fn configure(&self, program: &str, arguments: &Json) -> Result<Diagnostics, ValueError> {
        let config = Some(config(&self.0.0.block, arguments)?);
        let request = wire::configure_provider::Request {
            terraform_version: program.to_owned(),
            config,
            client_capabilities: None,
        };
        self.0.configure(request).await.map_err(|status| ValueError::new(status.message()))
    }

    /// What the configuration became; nothing before [`configure`](Self::configure) succeeded.
    pub fn client(&self) -> Option<Arc<P::Client>> {
        match self.0.0.configuration() {
            crate::service::Configuration::Ready(client) => Some(client),
            _ => None,
        }
    }

    /// Reads a data source with these arguments: the state in JSON, unless an error came of it.
    ///
    /// # Errors
    /// The arguments do not fit the schema.
    pub async fn read(
        &self,
        name: &str,
        arguments: &Json,
    ) -> Result<(Option<Json>, Diagnostics), ValueError> {
        let config = match self.0.0.data_sources.entries.get(name) {
            Some(entry) => Some(config(&entry.block, arguments)?),
            None => None,
        };
        let type_name = name.to_owned();
        let request = wire::read_data_source::Request { type_name, config, ..Default::default() };
        let (state, diagnostics) =
            self.0.read_value(request).await.map_err(|status| ValueError::new(status.message()))?;
        Ok((state.as_ref().map(Value::to_json), diagnostics))
    }
}

fn config(block: &Block, arguments: &Json) -> Result<wire::DynamicValue, ValueError> {
    let mut value = Value::from_json(arguments, &block.implied_type())?;
    // Hosts send blocks that are not there as empty collections.
    if let Value::Map(values) = &mut value {
        for nested in &block.blocks {
            if let Some(absent) = values.get_mut(nested.name).filter(|value| value.is_null()) {
                *absent = match nested.nesting {
                    Nesting::Single => Value::Null,
                    Nesting::List => Value::List(Vec::new()),
                    Nesting::Map => Value::Map(std::collections::BTreeMap::new()),
                };
            }
        }
    }
    value.to_wire()
}
