//! What Terraform sees: the provider block, the data sources and the functions.

mod attributes;
mod block;
mod by_name;
mod client;
mod diagnostic;
mod documented;
mod endpoints;
mod flatten;
mod flavors;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod instance;
mod instances;
mod mqtt_credentials;
mod note;
mod tasks;
pub(crate) mod validators;
mod wait;

use tfplug::{
    AttributeValue as _, ConfigureContext, Configured, DataSources, Diagnostics, Functions, Provider,
    async_trait,
};

use crate::huaweicloud::{Client, Environment, Settings};
use crate::iotda::{self, InstanceClient};

pub use block::IotdaProvider;
pub use client::ProviderClient;

/// The state of an instance, as `iotda_instance` and `iotda_instances` hold it.
pub(crate) fn state_of(instance: iotda::Instance) -> tfplug::Value {
    flatten::instance(instance).0.into_value()
}

/// The type of [`state_of`].
pub(crate) fn state_type() -> tfplug::Type {
    attributes::InstanceAttributes::shape().ty
}

#[async_trait]
impl Provider for IotdaProvider {
    type Client = ProviderClient;
    const NAME: &'static str = "iotda";
    const ADDRESS: &'static str = "registry.terraform.io/iotda-rs/iotda";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

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
