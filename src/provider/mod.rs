//! What Terraform uses: the provider block, the data sources and the functions.

mod arguments;
pub(crate) mod audience;
mod block;
mod client;
mod data_sources;
mod diagnostic;
mod functions;
pub(crate) mod state;

use huaweicloud::{ArgumentError, Client, Environment, Settings};
use tfplug::{ConfigureContext, Configured, DataSources, Diagnostics, Functions, Provider, async_trait};

use crate::iotda;

pub(crate) use arguments::validators;
pub use block::IotdaProvider;
pub use client::ProviderClient;

#[async_trait]
impl Provider for IotdaProvider {
    type Client = ProviderClient;
    const NAME: &'static str = "iotda";
    const ADDRESS: &'static str = "registry.terraform.io/iotda-rs/iotda";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const LOGGED_CRATES: &'static [&'static str] = &["huaweicloud"];

    fn data_sources() -> DataSources<ProviderClient> {
        data_sources::all()
    }

    fn functions() -> Functions {
        functions::all()
    }

    /// Reports arguments that conflict, whatever the environment contains. All other errors depend on the environment and the files
    /// of the machine that reads, and are reported together by `configure`.
    fn validate(&self) -> Diagnostics {
        let settings = Settings::resolve(&self.clone().into(), &Environment::empty(), &[iotda::SERVICE]);
        let mut errors = settings.err().unwrap_or_default();
        errors.retain(ArgumentError::is_conflict);
        diagnostic::argument_errors(errors)
    }

    async fn configure(self, cx: &ConfigureContext) -> Result<Configured<ProviderClient>, Diagnostics> {
        let unknown = self.unknown_endpoints();
        if !unknown.is_empty() {
            return Ok(Configured::Unknown(unknown));
        }
        let settings = Settings::resolve(&self.into(), &Environment::of_process(), &[iotda::SERVICE]);
        let settings = settings.map_err(diagnostic::argument_errors)?;
        for warning in settings.warnings() {
            cx.warn(diagnostic::argument_warning(warning));
        }
        let (host, own) = (cx.host_version(), Self::VERSION);
        let product = format!("Terraform/{host} (+https://www.terraform.io) terraform-provider-iotda/{own}");
        Ok(Configured::Ready(ProviderClient::new(Client::new(settings, &product))))
    }
}
