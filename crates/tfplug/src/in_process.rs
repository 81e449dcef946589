//! A provider without a host: for command lines that read what data sources read.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;
use tracing::level_filters::LevelFilter;

use crate::Diagnostics;
use crate::path::Step;
use crate::proto::tfplugin6 as wire;
use crate::provider::Provider;
use crate::schema::{Block, NestedBlock, Nesting, SchemaError};
use crate::service::{ProviderService, ProviderState};
use crate::value::{Value, ValueError};

/// A provider that this process uses itself, by the same code as a host's calls: with validation, time limits and panics
/// that become errors.
pub struct InProcess<P: Provider>(ProviderService<P>);

impl<P: Provider> fmt::Debug for InProcess<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InProcess").field(&P::ADDRESS).finish()
    }
}

impl<P: Provider> InProcess<P> {
    /// Creates the provider, not configured yet. Its logs go to stderr if the host's variables (`TF_LOG` …) ask for them.
    ///
    /// # Errors
    /// The provider's schema breaks the rules of the hosts.
    pub fn new() -> Result<Self, SchemaError> {
        // Nobody stands between it and a person's terminal.
        crate::serve::prepare::<P>(LevelFilter::OFF);
        crate::serve::no_core_dump();
        Ok(Self(ProviderService(Arc::new(ProviderState::new()?))))
    }

    /// Configures it as a provider block with these arguments does. `program` is used in place of the host's version.
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
        let configured = self.0.configure(request).await;
        configured.map(Diagnostics::harmless).map_err(|status| ValueError::new(status.message()))
    }

    /// Returns what the configuration became; `None` before [`configure`](Self::configure) succeeded.
    pub fn client(&self) -> Option<Arc<P::Client>> {
        match self.0.0.configuration() {
            crate::service::Configuration::Ready(client) => Some(client),
            _ => None,
        }
    }

    /// Reads a data source with these arguments. Returns its state in JSON unless there was an error.
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
        Ok((state.as_ref().map(Value::to_json), diagnostics.harmless()))
    }
}

fn config(block: &Block, arguments: &Json) -> Result<wire::DynamicValue, ValueError> {
    let mut value = Value::from_json(arguments, &block.implied_type())?;
    complete(block, &mut value)?;
    value.to_wire()
}

/// Does for blocks what hosts do: sends those that are not there as empty collections, and counts how many there must be.
fn complete(block: &Block, value: &mut Value) -> Result<(), ValueError> {
    let Value::Map(values) = value else { return Ok(()) };
    for nested in &block.blocks {
        let Some(value) = values.get_mut(nested.name) else { continue };
        complete_nested(nested, value)
            .map_err(|error| error.under(Step::Attribute(nested.name.to_owned())))?;
    }
    Ok(())
}

fn complete_nested(nested: &NestedBlock, value: &mut Value) -> Result<(), ValueError> {
    if value.is_null() {
        *value = match nested.nesting {
            Nesting::Single => Value::Null,
            Nesting::List => Value::List(Vec::new()),
            Nesting::Map => Value::Map(BTreeMap::new()),
        };
    }
    let count = match (nested.nesting, &mut *value) {
        (_, Value::Null) => 0,
        (Nesting::List, Value::List(blocks)) => {
            for (index, value) in blocks.iter_mut().enumerate() {
                complete(&nested.block, value).map_err(|error| error.under(Step::Index(index)))?;
            }
            blocks.len()
        }
        (Nesting::Map, Value::Map(blocks)) => {
            for (key, value) in blocks.iter_mut() {
                complete(&nested.block, value).map_err(|error| error.under(Step::Key(key.clone())))?;
            }
            blocks.len()
        }
        (_, value) => {
            complete(&nested.block, value)?;
            1
        }
    };
    let min = usize::try_from(nested.min_items).unwrap_or(usize::MAX);
    if count < min {
        return Err(ValueError::new(format!(
            "there must be at least {min} of these blocks, and there are {count}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::typed::derive::attribute;

    fn schema() -> Block {
        let leaf = NestedBlock::new("leaf", Nesting::Map, Block::default());
        let twig = NestedBlock { min_items: 2, ..NestedBlock::new("twig", Nesting::List, Block::default()) };
        let limb = Block { blocks: vec![leaf, twig], ..Block::default() };
        let branch = NestedBlock::new("branch", Nesting::List, limb.clone());
        let root = NestedBlock::new("root", Nesting::Single, limb);
        let attributes = vec![attribute::<Option<String>>("name", "Name.")];
        Block { attributes, blocks: vec![branch, root], ..Block::default() }
    }

    fn completed(arguments: &Json) -> Result<Json, String> {
        let schema = schema();
        let mut value = Value::from_json(arguments, &schema.implied_type()).unwrap();
        complete(&schema, &mut value).map_err(|error| error.to_string())?;
        Ok(value.to_json())
    }

    #[test]
    fn absent_blocks_are_empty_collections_at_every_depth() {
        assert_eq!(completed(&json!({})), Ok(json!({"name": null, "branch": [], "root": null})));
        assert_eq!(
            completed(
                &json!({"branch": [{"twig": [{}, {}]}], "root": {"twig": [{}, {}], "leaf": {"a": {}}}})
            ),
            Ok(json!({
                "name": null,
                "branch": [{"leaf": {}, "twig": [{}, {}]}],
                "root": {"leaf": {"a": {}}, "twig": [{}, {}]},
            }))
        );
    }

    #[test]
    fn blocks_that_must_be_there_are_missed() {
        let complaint = "there must be at least 2 of these blocks, and there are";
        assert_eq!(completed(&json!({"root": {}})), Err(format!("root.twig: {complaint} 0")));
        assert_eq!(
            completed(&json!({"branch": [{"twig": [{}]}]})),
            Err(format!("branch[0].twig: {complaint} 1"))
        );
    }
}
