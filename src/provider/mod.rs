//! What Terraform sees: the provider block, the data sources and the functions.

mod attributes;
mod block;
mod diagnostic;
mod endpoints;
mod flatten;
mod instance;
mod timeouts;

use tfplug::{ConfigureContext, Configured, DataSources, Diagnostics, Provider, async_trait};

use crate::huaweicloud::{Client, Environment, Settings};
use crate::iotda::{self, InstanceClient};

pub use block::IotdaProvider;

#[async_trait]
impl Provider for IotdaProvider {
    type Client = InstanceClient;
    const NAME: &'static str = "iotda";
    const ADDRESS: &'static str = "registry.terraform.io/iotda-rs/iotda";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn data_sources() -> DataSources<InstanceClient> {
        DataSources::new().with::<instance::InstanceSource>()
    }

    async fn configure(self, cx: &ConfigureContext) -> Result<Configured<InstanceClient>, Diagnostics> {
        let unknown = self.unknown_endpoints();
        if !unknown.is_empty() {
            return Ok(Configured::Unknown(unknown));
        }
        let settings = Settings::resolve(&self.into(), &Environment::of_process(), &[iotda::SERVICE]);
        let settings = settings.map_err(diagnostic::argument_errors)?;
        for warning in settings.warnings() {
            cx.warn(diagnostic::argument_warning(warning));
        }
        let product = format!(
            "Terraform/{} (+https://www.terraform.io) terraform-provider-iotda/{}",
            cx.host_version(),
            Self::VERSION
        );
        Ok(Configured::Ready(InstanceClient::new(Client::new(settings, &product))))
    }
}
