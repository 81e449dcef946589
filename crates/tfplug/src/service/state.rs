//! State of a provider's process: its schemas, and the client of its configuration.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::proto::tfplugin6 as wire;
use crate::provider::{Configured, DataSources, Functions, Provider};
use crate::schema::{Block, Place, SchemaError};
use crate::value::Type;

/// The latest configuration; `None` while the host has not configured the provider.
type Configuration<P> = Option<Configured<Arc<<P as Provider>::Client>>>;

/// State of one provider in a process.
pub(crate) struct ProviderState<P: Provider> {
    pub(crate) block: Block,
    pub(crate) ty: Type,
    pub(crate) data_sources: DataSources<P::Client>,
    pub(crate) functions: Functions,
    configuration: watch::Sender<Configuration<P>>,
    stops: watch::Sender<Stops>,
    bridged: AtomicBool,
}

/// Number of Stop requests of the host.
#[derive(Clone, Copy, Debug, Default)]
struct Stops {
    count: u64,
    /// Whether the process is about to end: calls that begin now are stopped too.
    ending: bool,
}

impl<P: Provider> ProviderState<P> {
    /// Builds the schemas and checks them.
    pub(crate) fn new() -> Result<Self, SchemaError> {
        let block = P::block();
        block.check(Place::Provider, &format!("provider {}", P::NAME))?;
        let (data_sources, functions) = (P::data_sources(), P::functions());
        data_sources.check(P::NAME)?;
        functions.check()?;
        let (configuration, _) = watch::channel(None);
        let (stops, _) = watch::channel(Stops::default());
        let bridged = AtomicBool::new(false);
        Ok(Self { ty: block.implied_type(), block, data_sources, functions, configuration, stops, bridged })
    }

    /// Records the version of the host that configures the provider.
    pub(crate) fn meet(&self, host_version: &str) {
        self.bridged.store(host_version.contains("pulumi-terraform-bridge"), Ordering::Relaxed);
    }

    /// Returns the messages about a data source as the host understands them. Pulumi's bridge (3.136) fails on any message
    /// that points at an argument of a data source, so warnings point at none there.
    pub(crate) fn for_host(&self, diagnostics: Diagnostics) -> Diagnostics {
        if !self.bridged.load(Ordering::Relaxed) {
            return diagnostics;
        }
        let unplaced = |it: Diagnostic| match it.severity {
            Severity::Warning => Diagnostic { path: None, ..it },
            Severity::Error => it,
        };
        diagnostics.into_iter().map(unplaced).collect()
    }

    pub(crate) fn configuration(&self) -> Configuration<P> {
        self.configuration.borrow().clone()
    }

    pub(crate) fn configure(&self, configuration: Configuration<P>) {
        self.configuration.send_replace(configuration);
    }

    /// Completes when the host has configured the provider.
    pub(crate) async fn configured(&self) {
        // There is no error: the sender lives as long as this state.
        let _ = self.configuration.subscribe().wait_for(Option::is_some).await;
    }

    /// Stops the reads that are running; later ones are not affected.
    pub(crate) fn stop(&self) {
        self.stops.send_modify(|stops| stops.count += 1);
    }

    /// Stops the reads that are running, and all later ones as soon as they begin.
    pub(crate) fn end(&self) {
        self.stops.send_modify(|stops| stops.ending = true);
    }

    /// Completes when the host requests a stop after this call, or at once if the process is about to end.
    pub(crate) async fn stopped(&self) {
        let mut stops = self.stops.subscribe();
        let before = stops.borrow().count;
        // There is no error: the sender lives as long as this state.
        let _ = stops.wait_for(|stops| stops.ending || stops.count > before).await;
    }

    pub(crate) fn schema(&self) -> wire::get_provider_schema::Response {
        let data_sources = self.data_sources.entries.iter();
        wire::get_provider_schema::Response {
            provider: Some(self.block.to_wire()),
            data_source_schemas: data_sources
                .map(|(name, e)| ((*name).to_owned(), e.block.to_wire()))
                .collect(),
            diagnostics: Vec::new(),
            server_capabilities: Some(capabilities()),
            functions: self.functions.to_wire(),
        }
    }

    pub(crate) fn metadata(&self) -> wire::get_metadata::Response {
        let data_sources = self.data_sources.entries.keys();
        let functions = self.functions.entries.keys();
        wire::get_metadata::Response {
            server_capabilities: Some(capabilities()),
            diagnostics: Vec::new(),
            data_sources: data_sources
                .map(|name| wire::get_metadata::DataSourceMetadata { type_name: (*name).to_owned() })
                .collect(),
            functions: functions
                .map(|name| wire::get_metadata::FunctionMetadata { name: (*name).to_owned() })
                .collect(),
        }
    }
}

/// Hosts that already have the schema need not request it from each process: no call depends on an earlier one.
fn capabilities() -> wire::ServerCapabilities {
    wire::ServerCapabilities { get_provider_schema_optional: true, ..wire::ServerCapabilities::default() }
}
