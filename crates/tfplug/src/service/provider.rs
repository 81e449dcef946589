//! The service `tfplugin6.Provider`.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::functions::function_error;
use super::rpc::{logged, report, rpc_span};
use super::state::{Configuration, ProviderState};
use super::work::Work;
use crate::context::{ConfigureContext, Reading};
use crate::panics::catch;
use crate::path::AttributePath;
use crate::proto::tfplugin6 as wire;
use crate::proto::tfplugin6::deferred::Reason;
use crate::provider::{DataSourceEntry, Provider};
use crate::schema::{Block, FromEnvironment};
use crate::typed::derive;
use crate::value::{Type, Unknowns, Value, ValueError};
use crate::{Diagnostic, Diagnostics};

/// Serves one provider.
pub(crate) struct ProviderService<P: Provider>(pub(crate) Arc<ProviderState<P>>);

type Reply<T> = Result<Response<T>, Status>;

#[expect(clippy::unnecessary_wraps, reason = "what every method returns")]
fn reply<T>(message: T) -> Reply<T> {
    Ok(Response::new(message))
}

fn cannot_be_sent(error: &ValueError) -> Diagnostic {
    let detail = format!("The provider produced a value that cannot be sent: {error}. This is a bug.");
    Diagnostic::error("Invalid value from the provider", detail)
}

/// Decodes the configuration that a host sent. Errors are reported to the user, who may have caused them, for example
/// with a number of a thousand digits. Some hosts show no details of a failed call.
fn decode(
    config: Option<&wire::DynamicValue>,
    block: &Block,
    ty: &Type,
) -> Result<(Value, FromEnvironment), Diagnostics> {
    let mut value = Value::from_wire(config, ty).map_err(malformed)?;
    if matches!(value, Value::Null | Value::Unknown) {
        return Err(malformed(ValueError::null()));
    }
    let taken =
        block.complete(&mut value, &|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()));
    Ok((value, taken))
}

fn malformed(error: ValueError) -> Diagnostics {
    if !error.path.steps().is_empty() {
        return error.into_diagnostic().into();
    }
    let detail = format!("The configuration that the host sent does not match the schema: {error}.");
    Diagnostics::error("Invalid configuration", detail)
}

impl<P: Provider> ProviderService<P> {
    fn data_source(&self, name: &str) -> Result<&DataSourceEntry<P::Client>, Diagnostics> {
        self.0.data_sources.entries.get(name).ok_or_else(|| {
            let detail = format!("The provider {} {} has no data source {name:?}.", P::ADDRESS, P::VERSION);
            Diagnostics::error("Unknown data source", detail)
        })
    }

    fn check(config: Value) -> Diagnostics {
        match derive::from_value::<P>(config) {
            Ok(provider) => provider.validate(),
            Err(error) => error.into_diagnostic().into(),
        }
    }

    pub(crate) async fn configure(&self, request: wire::configure_provider::Request) -> Diagnostics {
        match decode(request.config.as_ref(), &self.0.block, &self.0.ty) {
            Ok((config, taken)) => {
                taken.explain(self.configure_with(config, request.terraform_version).await)
            }
            Err(diagnostics) => diagnostics,
        }
    }

    async fn configure_with(&self, config: Value, host_version: String) -> Diagnostics {
        let mut diagnostics = self.0.block.validate(&config);
        if diagnostics.has_errors() {
            return diagnostics;
        }
        let unknown = self.0.block.unknowns(&config);
        if !unknown.is_empty() {
            self.0.configure(Configuration::Unknown(unknown));
            return diagnostics;
        }
        let cx = Arc::new(ConfigureContext::new(host_version));
        let context = Arc::clone(&cx);
        let configure = async move {
            let provider = derive::from_value::<P>(config).map_err(ValueError::into_diagnostic)?;
            let complaints = provider.validate();
            if complaints.has_errors() {
                return Err(complaints);
            }
            complaints.into_iter().for_each(|warning| context.warn(warning));
            provider.configure(&context).await
        };
        let configured = self.0.run(Work::Configuring, configure).await;
        diagnostics.extend(cx.take_warnings());
        match configured {
            Ok(configured) => self.0.configure(configured.into()),
            Err(errors) => {
                // Otherwise reads would use an earlier configuration, with other credentials.
                self.0.configure(Configuration::Absent);
                diagnostics.extend(errors);
            }
        }
        diagnostics
    }

    pub(crate) async fn read(&self, request: wire::read_data_source::Request) -> Read {
        let name = &request.type_name;
        let deferral_allowed = request.client_capabilities.is_some_and(|can| can.deferral_allowed);
        let entry = match self.data_source(name) {
            Ok(entry) => entry,
            Err(diagnostics) => return Read::failed(diagnostics),
        };
        match decode(request.config.as_ref(), &entry.block, &entry.ty) {
            Ok((config, taken)) => {
                let read = self.read_with(entry, name, config, deferral_allowed).await;
                Read { diagnostics: taken.explain(read.diagnostics), ..read }
            }
            Err(diagnostics) => Read::failed(diagnostics),
        }
    }

    async fn read_with(
        &self,
        entry: &DataSourceEntry<P::Client>,
        name: &str,
        config: Value,
        deferral_allowed: bool,
    ) -> Read {
        let mut diagnostics = entry.block.validate(&config);
        if diagnostics.has_errors() {
            return Read::failed(diagnostics);
        }
        let deferred = |reason, diagnostics| {
            let state = entry.deferred_state(&config);
            Read { state, diagnostics, deferred: Some(reason) }
        };
        let client = match self.0.configuration() {
            Configuration::Ready(client) => client,
            Configuration::Absent => return Read::failed(not_configured(name)),
            Configuration::Unknown(_) if deferral_allowed => {
                return deferred(Reason::ProviderConfigUnknown, diagnostics);
            }
            Configuration::Unknown(paths) => return Read::failed(unknown_configuration::<P>(name, &paths)),
        };
        // Without deferral, decoding to the Rust type reports which argument is unknown.
        if deferral_allowed && !entry.block.unknowns(&config).is_empty() {
            return deferred(Reason::ResourceConfigUnknown, diagnostics);
        }
        let reading = Arc::new(Reading::default());
        let read = (entry.read)(config, client, Arc::clone(&reading));
        let result = self.0.run(Work::Reading(name), read).await;
        diagnostics.extend(reading.take_warnings());
        let state = match result {
            Ok(state) => match state.conforms(&entry.ty, Unknowns::Refused) {
                Ok(()) => Some(state),
                Err(error) => {
                    diagnostics.push(cannot_be_sent(&error));
                    None
                }
            },
            Err(errors) => {
                diagnostics.extend(errors);
                None
            }
        };
        Read { state, diagnostics, deferred: None }
    }
}

/// Result of a read.
pub(crate) struct Read {
    pub(crate) state: Option<Value>,
    pub(crate) diagnostics: Diagnostics,
    /// Reason for the deferral, if the read is deferred.
    deferred: Option<Reason>,
}

impl Read {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self { state: None, diagnostics, deferred: None }
    }
}

impl<C> DataSourceEntry<C> {
    /// Returns the configuration, with everything that the provider would compute unknown.
    fn deferred_state(&self, config: &Value) -> Option<Value> {
        let Value::Map(values) = config else { return None };
        let mut values = values.clone();
        for attribute in self.block.attributes.iter().filter(|attribute| attribute.computed) {
            if let Some(value) = values.get_mut(attribute.name).filter(|value| value.is_null()) {
                *value = Value::Unknown;
            }
        }
        Some(Value::Map(values))
    }
}

fn not_configured(name: &str) -> Diagnostics {
    let detail = format!(
        "The host asked to read {name} without a valid configuration of the provider. This is a bug in the host."
    );
    Diagnostics::error("The provider is not configured", detail)
}

fn unknown_configuration<P: Provider>(name: &str, paths: &[AttributePath]) -> Diagnostics {
    let arguments: Vec<_> = paths.iter().map(|path| format!("`{path}`")).collect();
    let (arguments, is) = (arguments.join(", "), if arguments.len() == 1 { "is" } else { "are" });
    let detail = format!(
        "{arguments} of the provider \"{}\" {is} not known before apply, so {name} cannot be read during planning. \
         Use a value that is known during planning (a variable, a local value, an attribute of an existing object), or \
         first apply the object that the value comes from, with `-target`.",
        P::NAME,
    );
    Diagnostics::error("The provider's configuration is not known yet", detail)
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
        let span = rpc_span!("GetProviderSchema", P::ADDRESS, None::<&str>);
        reply(logged(span, async { self.0.schema() }).await)
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
        let span = rpc_span!("ValidateProviderConfig", P::ADDRESS, None::<&str>);
        let diagnostics = logged(span, async {
            let config = decode(request.get_ref().config.as_ref(), &self.0.block, &self.0.ty);
            let validated = config.map(|(config, taken)| {
                taken.explain(ProviderState::<P>::validate(&self.0.block, config, Self::check))
            });
            let diagnostics = validated.unwrap_or_else(|diagnostics| diagnostics);
            report(diagnostics)
        })
        .await;
        reply(wire::validate_provider_config::Response { diagnostics })
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Reply<wire::configure_provider::Response> {
        let span = rpc_span!("ConfigureProvider", P::ADDRESS, None::<&str>);
        let configure = async {
            let diagnostics = self.configure(request.into_inner()).await;
            reply(wire::configure_provider::Response { diagnostics: report(diagnostics) })
        };
        logged(span, configure).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Reply<wire::validate_data_resource_config::Response> {
        let request = request.get_ref();
        let span = rpc_span!("ValidateDataResourceConfig", P::ADDRESS, &*request.type_name);
        let diagnostics = logged(span, async {
            let validated = self.data_source(&request.type_name).and_then(|entry| {
                let (config, taken) = decode(request.config.as_ref(), &entry.block, &entry.ty)?;
                Ok(taken.explain(ProviderState::<P>::validate(&entry.block, config, entry.check)))
            });
            let diagnostics = validated.unwrap_or_else(|diagnostics| diagnostics);
            report(diagnostics)
        })
        .await;
        reply(wire::validate_data_resource_config::Response { diagnostics })
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Reply<wire::read_data_source::Response> {
        let request = request.into_inner();
        let span = rpc_span!("ReadDataSource", P::ADDRESS, &*request.type_name);
        let read = async {
            let Read { state, mut diagnostics, deferred } = self.read(request).await;
            let state = match state.as_ref().map(Value::to_wire).transpose() {
                Ok(state) => state,
                Err(error) => {
                    diagnostics.push(cannot_be_sent(&error));
                    None
                }
            };
            reply(wire::read_data_source::Response {
                state,
                diagnostics: report(diagnostics),
                deferred: deferred.map(|reason| wire::Deferred { reason: reason.into() }),
            })
        };
        logged(span, read).await
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
                return Err(function_error(text, None));
            };
            let result = entry.call_with(&request.arguments)?;
            result.to_wire_as(&entry.returns.ty, entry.unknowns()).map_err(|error| {
                let text =
                    format!("The function produced a value that cannot be sent: {error}. This is a bug.");
                function_error(text, None)
            })
        };
        let span = rpc_span!("CallFunction", P::ADDRESS, None::<&str>);
        let response = match logged(span, catch(call)).await {
            Ok(Ok(result)) => wire::call_function::Response { result: Some(result), error: None },
            Ok(Err(error)) => wire::call_function::Response { result: None, error: Some(error) },
            Err(panic) => {
                let text = format!(
                    "The provider panicked at {} in the function {name}. This is a bug in the provider {} {}.",
                    panic.place,
                    P::ADDRESS,
                    P::VERSION
                );
                let error = function_error(text, None);
                wire::call_function::Response { result: None, error: Some(error) }
            }
        };
        reply(response)
    }

    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Reply<wire::stop_provider::Response> {
        let span = rpc_span!("StopProvider", P::ADDRESS, None::<&str>);
        logged(span, async { self.0.stop() }).await;
        reply(wire::stop_provider::Response::default())
    }
}
