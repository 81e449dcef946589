//! The service `tfplugin6.Provider`: each call in the form of the wire, with its log lines.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::functions::function_error;
use super::provider::{ProviderService, Read, cannot_be_sent};
use super::rpc::{logged, report};
use super::state::ProviderState;
use crate::panics::catch;
use crate::proto::tfplugin6 as wire;
use crate::provider::Provider;
use crate::value::Value;

type Reply<T> = Result<Response<T>, Status>;

#[expect(clippy::unnecessary_wraps, reason = "what every method returns")]
fn reply<T>(message: T) -> Reply<T> {
    Ok(Response::new(message))
}

#[tonic::async_trait]
impl<P: Provider> wire::provider_server::Provider for ProviderService<P> {
    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> Reply<wire::get_metadata::Response> {
        reply(self.0.metadata())
    }

    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Reply<wire::get_provider_schema::Response> {
        reply(logged::<P, _>("GetProviderSchema", None, async { self.0.schema() }).await)
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Reply<wire::get_resource_identity_schemas::Response> {
        reply(wire::get_resource_identity_schemas::Response::default())
    }

    async fn validate_provider_config(
        &self,
        request: Request<wire::validate_provider_config::Request>,
    ) -> Reply<wire::validate_provider_config::Response> {
        let validate = async {
            let config = request.get_ref().config.as_ref();
            report(ProviderState::<P>::validate(config, &self.0.block, &self.0.ty, Self::check))
        };
        let diagnostics = logged::<P, _>("ValidateProviderConfig", None, validate).await;
        reply(wire::validate_provider_config::Response { diagnostics })
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Reply<wire::configure_provider::Response> {
        let configure = async { report(self.configure(request.into_inner()).await) };
        let diagnostics = logged::<P, _>("ConfigureProvider", None, configure).await;
        reply(wire::configure_provider::Response { diagnostics })
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Reply<wire::validate_data_resource_config::Response> {
        let request = request.get_ref();
        let name = &*request.type_name;
        let validate = async {
            let diagnostics = match self.data_source(name) {
                Ok(entry) => {
                    let config = request.config.as_ref();
                    ProviderState::<P>::validate(config, &entry.block, &entry.ty, entry.check)
                }
                Err(diagnostics) => diagnostics,
            };
            report(self.0.for_host(diagnostics))
        };
        let diagnostics = logged::<P, _>("ValidateDataResourceConfig", Some(name), validate).await;
        reply(wire::validate_data_resource_config::Response { diagnostics })
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Reply<wire::read_data_source::Response> {
        let request = request.get_ref();
        let read = async {
            let Read { state, mut diagnostics, deferred } = self.read(request).await;
            let state = state.as_ref().map(Value::to_wire).transpose().unwrap_or_else(|error| {
                diagnostics.push(cannot_be_sent(&error));
                None
            });
            reply(wire::read_data_source::Response {
                state,
                diagnostics: report(self.0.for_host(diagnostics)),
                deferred: deferred.map(|reason| wire::Deferred { reason: reason.into() }),
            })
        };
        logged::<P, _>("ReadDataSource", Some(&request.type_name), read).await
    }

    async fn get_functions(
        &self,
        _: Request<wire::get_functions::Request>,
    ) -> Reply<wire::get_functions::Response> {
        reply(wire::get_functions::Response {
            functions: self.0.functions.to_wire(),
            diagnostics: Vec::new(),
        })
    }

    async fn call_function(
        &self,
        request: Request<wire::call_function::Request>,
    ) -> Reply<wire::call_function::Response> {
        let request = request.into_inner();
        let name = request.name.clone();
        let state = Arc::clone(&self.0);
        let call = async move {
            let Some(entry) = state.functions.entries.get(&*request.name) else {
                let (name, address, version) = (&request.name, P::ADDRESS, P::VERSION);
                let text = format!("The provider {address} {version} has no function {name:?}.");
                return Err(function_error(&text, None));
            };
            let result = entry.call_with(&request.arguments)?;
            // Hosts crash on some values that are not of the type.
            let sendable = result.conforms(&entry.returns.ty, entry.unknowns());
            sendable.and_then(|()| result.to_wire()).map_err(|error| {
                let text =
                    format!("The function produced a value that cannot be sent: {error}. This is a bug.");
                function_error(&text, None)
            })
        };
        let called = logged::<P, _>("CallFunction", None, catch(call)).await.unwrap_or_else(|place| {
            let (address, version) = (P::ADDRESS, P::VERSION);
            let text = format!(
                "The provider panicked at {place} in the function {name}. This is a bug in the provider {address} {version}."
            );
            Err(function_error(&text, None))
        });
        let (result, error) = called.map_or_else(|error| (None, Some(error)), |result| (Some(result), None));
        reply(wire::call_function::Response { result, error })
    }

    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Reply<wire::stop_provider::Response> {
        logged::<P, _>("StopProvider", None, async { self.0.stop() }).await;
        reply(wire::stop_provider::Response::default())
    }
}
