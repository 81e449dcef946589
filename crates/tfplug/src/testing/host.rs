//! The calls of a host to a provider, in JSON.

use std::sync::Arc;

use serde_json::Value as Json;
use tonic::transport::Channel;

use super::answer::{CallError, Read, from_wire, parameter};
use super::config::{parse_type, value_of};
use super::{HostError, Spawn, answer, connect};
use crate::diagnostics::Diagnostics;
use crate::internals::Raw as _;
use crate::proto::plugin;
use crate::proto::tfplugin6 as wire;
use crate::provider::Provider;
use crate::service::ProviderState;
use crate::value::Value;

/// A host that is connected to a provider.
#[derive(Clone, Debug)]
pub struct Host {
    pub(crate) channel: Channel,
    /// Whether reads may be deferred, as Terraform allows with its experimental `-allow-deferral`.
    pub deferral_allowed: bool,
}

impl Host {
    /// Serves a provider in this process, over an in-memory connection.
    ///
    /// # Errors
    /// Returns an error if the provider's schema violates the rules of the hosts.
    pub async fn embed<P: Provider>() -> Result<Self, HostError> {
        let state = Arc::new(ProviderState::<P>::new().map_err(HostError::from_error)?);
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(crate::serve::serve_connection(state, Arc::default(), theirs));
        Ok(Self::over(connect::channel(Box::pin(ours)).await?))
    }

    /// Starts a binary and connects to it. The process lives as long as the returned plugin.
    ///
    /// # Errors
    /// Returns the errors of [`Spawn::start`] and [`Plugin::connect`](super::Plugin::connect).
    pub async fn spawn(binary: impl AsRef<std::path::Path>) -> Result<(super::Plugin, Self), HostError> {
        let plugin = Spawn::new(binary)?.start().await?;
        let host = plugin.connect().await?;
        Ok((plugin, host))
    }

    pub(super) fn over(channel: Channel) -> Self {
        Self { channel, deferral_allowed: false }
    }

    /// Validates and configures the provider.
    ///
    /// # Errors
    /// Returns an error if the call fails, or if the configuration does not match the schema.
    pub async fn configure(&self, config: &Json) -> Result<Diagnostics, HostError> {
        let schema = self.schema().await?.provider;
        self.configure_value(&value_of(config, schema.as_ref())?.0).await
    }

    /// Validates and configures the provider with a value, which may be unknown in part.
    ///
    /// # Errors
    /// Returns an error if the call fails.
    pub async fn configure_value(&self, config: &Value) -> Result<Diagnostics, HostError> {
        let config = Some(config.to_wire()?);
        let request = wire::validate_provider_config::Request { config: config.clone() };
        let validated = answer(self.client().validate_provider_config(request).await)?;
        let diagnostics = from_wire(validated.diagnostics);
        if diagnostics.has_errors() {
            return Ok(diagnostics);
        }
        let request = wire::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config,
            client_capabilities: None,
        };
        let configured = answer(self.client().configure_provider(request).await)?;
        Ok(from_wire(configured.diagnostics))
    }

    /// Validates the arguments of a data source.
    ///
    /// # Errors
    /// Returns an error if the call fails, or if the arguments do not match the schema.
    pub async fn validate(&self, name: &str, config: &Json) -> Result<Diagnostics, HostError> {
        let schemas = self.schema().await?.data_source_schemas;
        self.validate_value(name, &value_of(config, schemas.get(name))?.0).await
    }

    /// Validates the arguments of a data source as a value, which may be unknown in part, as `terraform validate` does.
    ///
    /// # Errors
    /// Returns an error if the call fails.
    pub async fn validate_value(&self, name: &str, config: &Value) -> Result<Diagnostics, HostError> {
        let (type_name, config) = (name.to_owned(), Some(config.to_wire()?));
        let request = wire::validate_data_resource_config::Request { type_name, config };
        let validated = answer(self.client().validate_data_resource_config(request).await)?;
        Ok(from_wire(validated.diagnostics))
    }

    /// Validates the arguments of a data source, reads it, and checks the response as Terraform does.
    ///
    /// As in a configuration, all required arguments must be set, and every field of an object in a collection. A
    /// number is accepted where a text is expected.
    ///
    /// # Errors
    /// Returns an error if the call fails, if the arguments do not match the schema, or if Terraform would reject the
    /// response: a state that is null or unknown in part, or a read that is deferred without
    /// [`deferral_allowed`](Self::deferral_allowed).
    pub async fn read(&self, name: &str, config: &Json) -> Result<Read, HostError> {
        let schemas = self.schema().await?.data_source_schemas;
        let (config, ty) = value_of(config, schemas.get(name))?;
        let diagnostics = self.validate_value(name, &config).await?;
        if diagnostics.has_errors() {
            return Ok(Read::failed(diagnostics));
        }
        let deferral_allowed = self.deferral_allowed;
        let request = wire::read_data_source::Request {
            type_name: name.to_owned(),
            config: Some(config.to_wire()?),
            provider_meta: None,
            client_capabilities: Some(wire::ClientCapabilities {
                deferral_allowed,
                write_only_attributes_allowed: true,
            }),
        };
        let response = answer(self.client().read_data_source(request).await)?;
        Read::of(response, &ty, deferral_allowed)
    }

    /// Calls a function. Unlike Terraform it sends the arguments unchecked, so that tests can see how the function
    /// itself responds to null and to too many arguments.
    ///
    /// # Errors
    /// Returns an error if the call fails, or if an argument does not fit its parameter. The function's own error is
    /// the inner one.
    pub async fn call(&self, name: &str, arguments: &[Json]) -> Result<Result<Json, CallError>, HostError> {
        let functions = self.schema().await?.functions;
        let missing = || HostError::new(format!("there is no function {name:?}"));
        let function = functions.get(name).ok_or_else(missing)?;
        let mut encoded = Vec::new();
        for (position, argument) in arguments.iter().enumerate() {
            let value = match parameter(function, position) {
                Some(parameter) => Value::from_json(argument, &parse_type(&parameter.r#type)?)?,
                // One too many has no type. The provider counts the arguments before it decodes them.
                None => Value::Null,
            };
            encoded.push(value.to_wire()?);
        }
        let request = wire::call_function::Request { name: name.to_owned(), arguments: encoded };
        let response = answer(self.client().call_function(request).await)?;
        if let Some(error) = response.error {
            return Ok(Err(CallError::of(error, function)));
        }
        let returns = function.r#return.as_ref().map(|returns| parse_type(&returns.r#type)).transpose()?;
        let returns = returns.ok_or_else(|| HostError::new("the function has no return type"))?;
        Ok(Ok(Value::from_wire(response.result.as_ref(), &returns)?.to_json()))
    }

    /// Requests that the provider cancel its current operations.
    ///
    /// # Errors
    /// Returns an error if the call fails.
    pub async fn stop(&self) -> Result<(), HostError> {
        answer(self.client().stop_provider(wire::stop_provider::Request {}).await).map(drop)
    }

    /// Requests that the process end.
    ///
    /// # Errors
    /// Returns an error if the call fails.
    pub async fn shutdown(&self) -> Result<(), HostError> {
        let mut client = plugin::grpc_controller_client::GrpcControllerClient::new(self.channel());
        answer(client.shutdown(plugin::Empty {}).await).map(drop)
    }
}
