//! The traits that a provider's author implements: a provider, its data sources and its functions.

mod data_source;
mod function;

use std::sync::Arc;

use async_trait::async_trait;

pub(crate) use data_source::DataSourceEntry;
pub use data_source::{DataSource, DataSources};
pub(crate) use function::FunctionEntry;
pub use function::{Function, FunctionError, Functions};

use crate::context::ConfigureContext;
use crate::diagnostics::Diagnostics;
use crate::path::AttributePath;
use crate::typed::Object;

/// A provider. The struct is its configuration block.
#[async_trait]
pub trait Provider: Object + Send + 'static {
    /// The client that the configuration creates, shared by all reads.
    type Client: Send + Sync + 'static;

    /// The provider's type name, the prefix of the names of its data sources: `wx`.
    const NAME: &'static str;

    /// Address of the provider in a registry: `registry.terraform.io/acme/wx`.
    const ADDRESS: &'static str;

    /// Version of the provider, without a leading `v`.
    const VERSION: &'static str;

    /// Crates besides the provider's own whose log lines are written for the host, such as that of its API client.
    /// Those of other libraries are not: the headers and bodies that they log may contain secrets.
    const LOGGED_CRATES: &'static [&'static str] = &[];

    /// Returns the provider's data sources.
    fn data_sources() -> DataSources<Self::Client> {
        DataSources::new()
    }

    /// Returns the provider's functions. Hosts call them without any configuration.
    fn functions() -> Functions {
        Functions::new()
    }

    /// Checks the arguments beyond what validators and rules can express. Each message should point at an argument.
    ///
    /// It is called when a host validates a configuration (`terraform validate`), and again before
    /// [`configure`](Self::configure). An unknown argument whose Rust type cannot represent it never reaches this method.
    fn validate(&self) -> Diagnostics {
        Diagnostics::new()
    }

    /// Creates the client of a configuration. Hosts may configure one process several times.
    ///
    /// An unknown argument whose Rust type cannot represent it never reaches this method: every read is then deferred,
    /// or rejected with a diagnostic that names the argument.
    ///
    /// # Errors
    /// Returns the errors of the configuration.
    async fn configure(self, cx: &ConfigureContext) -> Result<Configured<Self::Client>, Diagnostics>;
}

/// Result of a configuration.
#[derive(Clone, Debug)]
pub enum Configured<C> {
    /// A client to read with.
    Ready(C),
    /// These arguments are required and not known before apply: every read is deferred, or rejected.
    Unknown(Vec<AttributePath>),
}

impl<C> Configured<C> {
    /// Returns the result with a client that reads share.
    pub(crate) fn shared(self) -> Configured<Arc<C>> {
        match self {
            Self::Ready(client) => Configured::Ready(Arc::new(client)),
            Self::Unknown(paths) => Configured::Unknown(paths),
        }
    }
}
