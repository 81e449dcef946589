//! The data source `iotda_instance_flavors`.

use std::time::Duration;

use tfplug::{DataSource, Diagnostics, Object, ReadContext, Timeouts, async_trait};

use crate::provider::arguments::documented::{INSTANCE_TYPES, miscased};
use crate::provider::arguments::validators::region;
use crate::provider::client::ProviderClient;
use crate::provider::diagnostic::read_error;

/// Reads the specifications in which instances are on offer.
#[derive(Object)]
pub(super) struct FlavorsSource {
    /// Instance type: `standard` or `enterprise`. All when not given.
    #[tf(optional)]
    instance_type: Option<String>,
    /// Region to read from. The provider's when not given.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// How long the read may take: `5m` when not given.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// The specifications, sorted by `instance_type` and then by `type`.
    #[tf(computed)]
    flavors: Vec<Flavor>,
}

/// A specification on offer.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Object)]
#[tf(computed)]
struct Flavor {
    /// Instance type: `standard` or `enterprise`.
    instance_type: Option<String>,
    /// Name, such as `iotda.standard.s1`.
    r#type: Option<String>,
    /// `normal` (on sale) or `sellout`.
    status: Option<String>,
    /// Billing modes: `prePaid`, `postPaid`.
    charge_modes: Vec<String>,
}

#[async_trait]
impl DataSource<ProviderClient> for FlavorsSource {
    const NAME: &'static str = "iotda_instance_flavors";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        if let Some(warning) = miscased("instance_type", self.instance_type.as_deref(), INSTANCE_TYPES) {
            cx.warn(warning);
        }
        let instances = cx.client().within(self.region.as_deref(), cx);
        let listed = instances.flavors(self.instance_type.as_deref()).await;
        let listed = listed.map_err(|error| read_error(&error, instances.scope()))?;
        let mut flavors: Vec<_> = listed
            .into_iter()
            .map(|flavor| Flavor {
                instance_type: flavor.instance_type,
                r#type: flavor.kind,
                status: flavor.status,
                charge_modes: flavor.charge_modes.unwrap_or_default(),
            })
            .collect();
        flavors.sort();
        let region = Some(instances.region().to_owned());
        Ok(Self { region, flavors, ..self })
    }
}
