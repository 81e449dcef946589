//! The data source `iotda_instance_flavors`.

use std::time::Duration;

use tfplug::{DataSource, Diagnostics, Object, ReadContext, Timeouts, async_trait};

use crate::provider::arguments::documented::{INSTANCE_TYPES, doubts, given};
use crate::provider::arguments::validators::{filter, region};
use crate::provider::client::{ProviderClient, Reading};

/// Lists the available instance flavors (specifications). No IAM permission is required.
#[derive(Object)]
pub(super) struct FlavorsSource {
    /// Instance type of the flavors to list: `standard` or `enterprise`. If omitted, all types are listed.
    #[tf(optional, validate = filter)]
    instance_type: Option<String>,
    /// Region to read from. Defaults to the provider's region.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// Timeout of the read. Defaults to `5m`.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// Flavors, sorted by `instance_type` and then by `type`.
    #[tf(computed)]
    flavors: Vec<Flavor>,
}

/// An available flavor.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Object)]
#[tf(computed)]
struct Flavor {
    /// Instance type of the flavor: `standard` or `enterprise`.
    instance_type: Option<String>,
    /// Name of the flavor, such as `iotda.standard.s1`.
    r#type: Option<String>,
    /// Status: `normal` (on sale) or `sellout` (sold out).
    status: Option<String>,
    /// Billing modes of the flavor: `prePaid` (yearly or monthly), `postPaid` (pay per use).
    charge_modes: Vec<String>,
}

#[async_trait]
impl DataSource<ProviderClient> for FlavorsSource {
    const NAME: &'static str = "iotda_instance_flavors";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        let instance_type = given(self.instance_type.as_ref());
        doubts([("instance_type", instance_type, INSTANCE_TYPES)]).for_each(|doubt| cx.warn(doubt));
        let reading = Reading::new(cx, self.region.as_deref());
        let listed = reading.instances.flavors(instance_type).await.map_err(|error| reading.error(error))?;
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
        let region = Some(reading.instances.region().to_owned());
        Ok(Self { region, flavors, ..self })
    }
}
