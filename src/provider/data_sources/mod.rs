//! The data sources, and what several of them share: lookup by name, and waiting.

mod by_name;
mod flavors;
mod instance;
mod instances;
mod task;
mod tasks;
mod wait;

use tfplug::DataSources;

use super::client::ProviderClient;

/// Returns all data sources of the provider.
pub(super) fn all() -> DataSources<ProviderClient> {
    DataSources::new()
        .with::<instance::InstanceSource>()
        .with::<instances::InstancesSource>()
        .with::<flavors::FlavorsSource>()
        .with::<task::TaskSource>()
        .with::<tasks::TasksSource>()
}
