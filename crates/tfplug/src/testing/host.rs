//! What a host asks of a provider, in JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;
use tokio_stream::StreamExt as _;
use tonic::Status;
use tonic::transport::Channel;

use super::tfplugin6 as wire;
use super::tfplugin6::provider_client::ProviderClient;
use super::{Spawn, connect, plugin};
use crate::provider::Provider;
use crate::service::{MAX_MESSAGE, ProviderState};
use crate::value::{Type, Value, ValueError};
use crate::{AttributePath, Diagnostic, Diagnostics, FunctionError, Severity, Step};

/// Why a host could not do what a test asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError(String);

impl HostError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(super) fn from_error(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(text)
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HostError {}

impl From<Status> for HostError {
    fn from(status: Status) -> Self {
        Self(format!("{:?}: {}", status.code(), status.message()))
    }
}

impl From<ValueError> for HostError {
    fn from(error: ValueError) -> Self {
        Self(error.to_string())
    }
}

/// What came of a read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The state; null after an error.
    pub state: Json,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
    /// Whether the provider postponed the read.
    pub deferred: bool,
}

/// A provider that answers.
#[derive(Clone, Debug)]
pub struct Host {
    channel: Channel,
    /// Whether reads may be postponed.
    pub deferral_allowed: bool,
}

impl Host {
    /// Serves a provider in this process, over a connection in memory.
    ///
    /// # Errors
    /// The provider's schema breaks the rules of the hosts.
    pub async fn embed<P: Provider>() -> Result<Self, HostError> {
        let state = Arc::new(ProviderState::<P>::new().map_err(HostError::from_error)?);
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let incoming = tokio_stream::once(std::io::Result::Ok(theirs)).chain(tokio_stream::pending());
        tokio::spawn(crate::host::server(state, Arc::default()).serve_with_incoming(incoming));
        Ok(Self::over(connect::channel(Box::pin(ours)).await?))
    }

    /// Starts a binary and connects to it; the process lives as long as the returned plugin.
    ///
    /// # Errors
    /// As [`Spawn::start`] and [`Plugin::connect`](super::Plugin::connect).
    pub async fn spawn(binary: impl AsRef<std::path::Path>) -> Result<(super::Plugin, Self), HostError> {
        let plugin = Spawn::new(binary)?.start().await?;
        let host = plugin.connect().await?;
        Ok((plugin, host))
    }

    pub(super) fn over(channel: Channel) -> Self {
        Self { channel, deferral_allowed: false }
    }

    /// The channel, for calls that this type has no method for.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// The provider's service, for calls that this type has no method for.
    pub fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel())
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE)
    }

    /// The schemas and functions.
    ///
    /// # Errors
    /// The call failed.
    pub async fn schema(&self) -> Result<wire::get_provider_schema::Response, HostError> {
        Ok(self.client().get_provider_schema(wire::get_provider_schema::Request {}).await?.into_inner())
    }

    /// Validates and configures the provider.
    ///
    /// # Errors
    /// The call failed, or the configuration does not fit the schema.
    pub async fn configure(&self, config: &Json) -> Result<Diagnostics, HostError> {
        let schema = self.schema().await?.provider;
        let ty = implied_type(schema.as_ref())?;
        self.configure_value(&Value::from_json(&with_blocks(config, schema.as_ref()), &ty)?).await
    }

    /// Validates and configures the provider with a value, which may be unknown in part.
    ///
    /// # Errors
    /// The call failed.
    pub async fn configure_value(&self, config: &Value) -> Result<Diagnostics, HostError> {
        let config = Some(config.to_wire()?);
        let request = wire::validate_provider_config::Request { config: config.clone() };
        let validated = self.client().validate_provider_config(request).await?.into_inner();
        let diagnostics = from_wire(validated.diagnostics);
        if diagnostics.has_errors() {
            return Ok(diagnostics);
        }
        let request = wire::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config,
            client_capabilities: None,
        };
        let configured = self.client().configure_provider(request).await?.into_inner();
        Ok(from_wire(configured.diagnostics))
    }

    /// Validates the arguments of a data source and reads it.
    ///
    /// # Errors
    /// The call failed, or the arguments do not fit the schema.
    pub async fn read(&self, name: &str, config: &Json) -> Result<Read, HostError> {
        let schemas = self.schema().await?.data_source_schemas;
        let ty = implied_type(schemas.get(name))?;
        let config = with_blocks(config, schemas.get(name));
        let config = Some(Value::from_json(&config, &ty)?.to_wire()?);
        let type_name = name.to_owned();
        let request = wire::validate_data_resource_config::Request { type_name, config: config.clone() };
        let validated = self.client().validate_data_resource_config(request).await?.into_inner();
        let diagnostics = from_wire(validated.diagnostics);
        if diagnostics.has_errors() {
            return Ok(Read { state: Json::Null, diagnostics, deferred: false });
        }
        let deferral_allowed = self.deferral_allowed;
        let request = wire::read_data_source::Request {
            type_name: name.to_owned(),
            config,
            provider_meta: None,
            client_capabilities: Some(wire::ClientCapabilities {
                deferral_allowed,
                write_only_attributes_allowed: true,
            }),
        };
        let read = self.client().read_data_source(request).await?.into_inner();
        let state = Value::from_wire(read.state.as_ref(), &ty)?.to_json();
        Ok(Read { state, diagnostics: from_wire(read.diagnostics), deferred: read.deferred.is_some() })
    }

    /// Calls a function.
    ///
    /// # Errors
    /// The call failed, or the arguments do not fit its parameters. The function's own error is the inner one.
    pub async fn call(
        &self,
        name: &str,
        arguments: &[Json],
    ) -> Result<Result<Json, FunctionError>, HostError> {
        let functions = self.schema().await?.functions;
        let function =
            functions.get(name).ok_or_else(|| HostError(format!("there is no function {name:?}")))?;
        let mut encoded = Vec::new();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            encoded.push(Value::from_json(argument, &parse_type(&parameter.r#type)?)?.to_wire()?);
        }
        let request = wire::call_function::Request { name: name.to_owned(), arguments: encoded };
        let response = self.client().call_function(request).await?.into_inner();
        if let Some(error) = response.error {
            return Ok(Err(FunctionError::new(error.text)));
        }
        let returns = function.r#return.as_ref().map(|returns| parse_type(&returns.r#type)).transpose()?;
        let returns = returns.ok_or_else(|| HostError::new("the function has no return type"))?;
        Ok(Ok(Value::from_wire(response.result.as_ref(), &returns)?.to_json()))
    }

    /// Asks the provider to give up what it is doing.
    ///
    /// # Errors
    /// The call failed.
    pub async fn stop(&self) -> Result<(), HostError> {
        self.client().stop_provider(wire::stop_provider::Request {}).await?;
        Ok(())
    }

    /// Asks the process to end.
    ///
    /// # Errors
    /// The call failed.
    pub async fn shutdown(&self) -> Result<(), HostError> {
        let mut client = plugin::grpc_controller_client::GrpcControllerClient::new(self.channel());
        client.shutdown(plugin::Empty {}).await?;
        Ok(())
    }
}

fn parse_type(json: &[u8]) -> Result<Type, HostError> {
    let json: Json = serde_json::from_slice(json).map_err(HostError::from_error)?;
    Type::from_json(&json).map_err(HostError)
}

/// A configuration as hosts send it: blocks that it does not have are empty collections.
fn with_blocks(config: &Json, schema: Option<&wire::Schema>) -> Json {
    fn fill(config: &mut Json, block: &wire::schema::Block) {
        use wire::schema::nested_block::NestingMode;
        let Json::Object(values) = config else { return };
        for nested in &block.block_types {
            let value = values.entry(&*nested.type_name).or_insert_with(|| match nested.nesting() {
                NestingMode::List | NestingMode::Set => Json::Array(Vec::new()),
                NestingMode::Map => Json::Object(serde_json::Map::new()),
                _ => Json::Null,
            });
            let Some(block) = &nested.block else { continue };
            match (nested.nesting(), value) {
                (NestingMode::Map, Json::Object(blocks)) => {
                    blocks.values_mut().for_each(|it| fill(it, block));
                }
                (_, Json::Array(blocks)) => blocks.iter_mut().for_each(|it| fill(it, block)),
                (_, value) => fill(value, block),
            }
        }
    }
    let mut config = config.clone();
    if let Some(block) = schema.and_then(|schema| schema.block.as_ref()) {
        fill(&mut config, block);
    }
    config
}

/// The type of a value of a schema from the wire.
fn implied_type(schema: Option<&wire::Schema>) -> Result<Type, HostError> {
    let block = schema.and_then(|schema| schema.block.as_ref());
    block_type(block.ok_or_else(|| HostError::new("there is no such schema"))?)
}

fn block_type(block: &wire::schema::Block) -> Result<Type, HostError> {
    use wire::schema::nested_block::NestingMode;
    let mut attributes = attribute_types(&block.attributes)?;
    for nested in &block.block_types {
        let inner =
            Box::new(block_type(nested.block.as_ref().ok_or_else(|| HostError::new("a block is unset"))?)?);
        let ty = match nested.nesting() {
            NestingMode::Single | NestingMode::Group => *inner,
            NestingMode::List => Type::List(inner),
            NestingMode::Set => Type::Set(inner),
            NestingMode::Map => Type::Map(inner),
            NestingMode::Invalid => return Err(HostError::new("a block has no nesting")),
        };
        attributes.insert(nested.type_name.clone(), ty);
    }
    Ok(Type::Object(attributes))
}

fn attribute_types(attributes: &[wire::schema::Attribute]) -> Result<BTreeMap<String, Type>, HostError> {
    use wire::schema::object::NestingMode;
    let attributes = attributes.iter().map(|attribute| {
        let ty = match &attribute.nested_type {
            None => parse_type(&attribute.r#type)?,
            Some(object) => {
                let inner = Box::new(Type::Object(attribute_types(&object.attributes)?));
                match object.nesting() {
                    NestingMode::Single => *inner,
                    NestingMode::List => Type::List(inner),
                    NestingMode::Set => Type::Set(inner),
                    NestingMode::Map => Type::Map(inner),
                    NestingMode::Invalid => return Err(HostError::new("an attribute has no nesting")),
                }
            }
        };
        Ok((attribute.name.clone(), ty))
    });
    attributes.collect()
}

fn from_wire(diagnostics: Vec<wire::Diagnostic>) -> Diagnostics {
    use wire::attribute_path::step::Selector;
    let step = |step: wire::attribute_path::Step| {
        Some(match step.selector? {
            Selector::AttributeName(name) => Step::Attribute(name),
            Selector::ElementKeyString(key) => Step::Key(key),
            Selector::ElementKeyInt(index) => Step::Index(usize::try_from(index).ok()?),
        })
    };
    let diagnostic = |diagnostic: wire::Diagnostic| Diagnostic {
        severity: match diagnostic.severity() {
            wire::diagnostic::Severity::Warning => Severity::Warning,
            _ => Severity::Error,
        },
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        path: diagnostic
            .attribute
            .map(|path| path.steps.into_iter().filter_map(step).collect::<AttributePath>()),
    };
    diagnostics.into_iter().map(diagnostic).collect()
}
