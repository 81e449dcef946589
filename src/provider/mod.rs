//! What Terraform sees: the provider block, the data sources and the functions.

pub(crate) mod attributes;
mod block;
mod by_name;
mod client;
mod diagnostic;
mod documented;
mod endpoints;
pub(crate) mod flatten;
mod flavors;
mod instance;
mod instances;
mod mqtt_credentials;
mod note;
mod tasks;
mod timeouts;
pub(crate) mod validators;
mod wait;

use tfplug::{ConfigureContext, Configured, DataSources, Diagnostics, Functions, Provider, async_trait};

use crate::iotda::{self, InstanceClient};
use huaweicloud::{Client, Environment, Settings};

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
        DataSources::new()
            .with::<instance::InstanceSource>()
            .with::<instances::InstancesSource>()
            .with::<flavors::FlavorsSource>()
            .with::<tasks::TasksSource>()
    }

    fn functions() -> Functions {
        Functions::new().with::<mqtt_credentials::MqttCredentials>()
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
        let product = format!(
            "Terraform/{} (+https://www.terraform.io) terraform-provider-iotda/{}",
            cx.host_version(),
            Self::VERSION
        );
        let instances = InstanceClient::new(Client::new(settings, &product));
        Ok(Configured::Ready(ProviderClient::new(instances)))
    }
}
