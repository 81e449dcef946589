//! The data source `iotda_instance`.

use std::time::Duration;

use huaweicloud::tidy;
use tfplug::{DataSource, Diagnostic, Diagnostics, Object, ReadContext, Timeouts, async_trait};

use super::by_name::id_by_name;
use super::wait::{Wait, is_final};
use crate::provider::arguments::validators::{instance_id, instance_name, region};
use crate::provider::audience::{Argument, Audience};
use crate::provider::client::{ProviderClient, Reading};
use crate::provider::diagnostic::note_warning;
use crate::provider::state::attributes::InstanceAttributes;
use crate::provider::state::flatten;

const WAIT_LIMIT: Duration = Duration::from_mins(30);

/// Reads one IoTDA instance by its ID or its exact name: its access addresses, flavor, tags and network parameters. Requires
/// the IAM permission `iotda:instance:query`, and `iotda:instance:queryList` if `name` is set.
#[derive(Object)]
#[tf(exactly_one_of(instance_id, name))]
pub(super) struct InstanceSource {
    /// ID of the instance: up to 36 characters of `0`-`9`, `a`-`f` and `-`. Set exactly one of this and `name`.
    #[tf(optional, computed, validate = instance_id)]
    instance_id: Option<String>,
    /// Name of the instance, matched exactly: 1 to 64 characters. It is an error if no instance, or more than one, has this
    /// name. Set exactly one of this and `instance_id`.
    #[tf(optional, computed, validate = instance_name)]
    name: Option<String>,
    /// Region to read from. Defaults to the provider's region.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// Whether to wait until the status is `ACTIVE`. Defaults to `false`: the instance is read in its current state.
    #[tf(optional)]
    wait_until_active: Option<bool>,
    /// Timeout of the read. Defaults to `5m`, or `30m` with `wait_until_active`.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// The same as `instance_id`.
    #[tf(computed)]
    id: Option<String>,
    #[tf(flatten)]
    attributes: InstanceAttributes,
}

#[async_trait]
impl DataSource<ProviderClient> for InstanceSource {
    const NAME: &'static str = "iotda_instance";

    fn read_timeout(&self) -> Duration {
        let default = if self.waits() { WAIT_LIMIT } else { Self::READ_LIMIT };
        Timeouts::read(self.timeouts.as_ref(), default)
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        let reading = Reading::new(cx, self.region.as_deref());
        let Reading { instances, shared } = reading;
        let id = match &self.instance_id {
            Some(id) => id.clone(),
            // The schema requires exactly one of them, which is checked before each read.
            None => id_by_name(reading, self.name.as_deref().unwrap_or_default()).await?,
        };
        let instance = if self.waits() {
            Wait::new(reading, &id).until_active().await?
        } else {
            instances.show(&id).await.map_err(|error| reading.error(error))?
        };
        let name = self.name.clone().or_else(|| instance.name.clone());
        let region = Some(instances.region().to_owned());
        let (attributes, notes) = flatten::instance(instance, instances.region());
        for note in &notes {
            cx.warn(note_warning(note, &[&id]));
        }
        if let Some(warning) = not_ready(&attributes, &id, &shared.audience) {
            cx.warn(warning);
        }
        Ok(Self { instance_id: Some(id.clone()), name, region, id: Some(id), attributes, ..self })
    }
}

impl InstanceSource {
    fn waits(&self) -> bool {
        self.wait_until_active == Some(true)
    }
}

/// Warns about an instance that is not ready. Without this warning, a configuration would fail later, on an address
/// that does not exist.
fn not_ready(attributes: &InstanceAttributes, instance_id: &str, audience: &Audience) -> Option<Diagnostic> {
    let has_no_address = attributes.access_infos.as_ref().is_none_or(Vec::is_empty);
    let status = attributes.status.as_deref().filter(|status| has_no_address && *status != "ACTIVE")?;
    let shown = tidy(status).unwrap_or_default();
    let advice = if is_final(status) {
        "It will not become ACTIVE by itself. See the console for details.".to_owned()
    } else {
        format!("To wait until it is ACTIVE, use {}.", audience.name(Argument::WAIT))
    };
    let detail = format!(
        "Instance {instance_id} has the status {shown} and no access addresses: `endpoints` is empty. {advice}"
    );
    Some(Diagnostic::warning("The instance has no addresses", detail))
}
