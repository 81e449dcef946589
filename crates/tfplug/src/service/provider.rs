//! What the calls about a configuration do: validate, configure and read.

use std::sync::Arc;

use super::state::ProviderState;
use super::work::{Work, decode};
use crate::context::{ConfigureContext, Warnings};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::proto::tfplugin6 as wire;
use crate::proto::tfplugin6::deferred::Reason;
use crate::provider::{Configured, DataSourceEntry, Provider};
use crate::typed::derive;
use crate::value::{Unknowns, Value, ValueError};

/// Serves one provider.
pub(crate) struct ProviderService<P: Provider>(pub(crate) Arc<ProviderState<P>>);

pub(super) fn cannot_be_sent(error: &ValueError) -> Diagnostic {
    let detail = format!("The provider produced a value that cannot be sent: {error}. This is a bug.");
    Diagnostic::error("Invalid value from the provider", detail)
}

impl<P: Provider> ProviderService<P> {
    pub(super) fn data_source(&self, name: &str) -> Result<&DataSourceEntry<P::Client>, Diagnostics> {
        self.0.data_sources.entries.get(name).ok_or_else(|| {
            let detail = format!("The provider {} {} has no data source {name:?}.", P::ADDRESS, P::VERSION);
            Diagnostics::error("Unknown data source", detail)
        })
    }

    pub(super) fn check(config: Value) -> Diagnostics {
        derive::from_value(config).map_or_else(|error| error.into_diagnostic().into(), |it: P| it.validate())
    }

    pub(crate) async fn configure(&self, request: wire::configure_provider::Request) -> Diagnostics {
        self.0.meet(&request.terraform_version);
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
            self.0.configure(Some(Configured::Unknown(unknown)));
            return diagnostics;
        }
        let cx = Arc::new(ConfigureContext { host_version, warnings: Warnings::default() });
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
        diagnostics.extend(cx.warnings.take());
        match configured {
            Ok(configured) => self.0.configure(Some(configured.shared())),
            Err(errors) => {
                // Otherwise reads would use an earlier configuration, with other credentials.
                self.0.configure(None);
                diagnostics.extend(errors);
            }
        }
        diagnostics
    }

    pub(crate) async fn read(&self, request: &wire::read_data_source::Request) -> Read {
        self.try_read(request).await.unwrap_or_else(Read::failed)
    }

    async fn try_read(&self, request: &wire::read_data_source::Request) -> Result<Read, Diagnostics> {
        let name = &request.type_name;
        let entry = self.data_source(name)?;
        let (config, taken) = decode(request.config.as_ref(), &entry.block, &entry.ty)?;
        let deferral_allowed = request.client_capabilities.as_ref().is_some_and(|can| can.deferral_allowed);
        let read = self.read_with(entry, name, config, deferral_allowed).await;
        Ok(Read { diagnostics: taken.explain(read.diagnostics), ..read })
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
            Some(Configured::Ready(client)) => client,
            None => return Read::failed(not_configured(name)),
            Some(Configured::Unknown(_)) if deferral_allowed => {
                return deferred(Reason::ProviderConfigUnknown, diagnostics);
            }
            Some(Configured::Unknown(paths)) => {
                return Read::failed(unknown_configuration::<P>(name, &paths));
            }
        };
        // Without deferral, decoding to the Rust type reports which argument is unknown.
        if deferral_allowed && !entry.block.unknowns(&config).is_empty() {
            return deferred(Reason::ResourceConfigUnknown, diagnostics);
        }
        let warnings = Arc::new(Warnings::default());
        let read = (entry.read)(config, client, Arc::clone(&warnings));
        let state = self.0.run(Work::Reading(name), read).await.and_then(|state| {
            let sendable = state.conforms(&entry.ty, Unknowns::Refused).map(|()| state);
            sendable.map_err(|error| cannot_be_sent(&error).into())
        });
        diagnostics.extend(warnings.take());
        let state = state.map_err(|errors| diagnostics.extend(errors)).ok();
        Read { state, diagnostics, deferred: None }
    }
}

/// Result of a read.
pub(crate) struct Read {
    pub(crate) state: Option<Value>,
    pub(crate) diagnostics: Diagnostics,
    /// Reason for the deferral, if the read is deferred.
    pub(super) deferred: Option<Reason>,
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
