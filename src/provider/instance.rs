//! The data source `iotda_instance`.

use std::time::Duration;

use tfplug::{DataSource, Diagnostic, Diagnostics, Object, ReadContext, async_trait};

use super::attributes::InstanceAttributes;
use super::diagnostic::request_error;
use super::flatten::{self, Note};
use super::timeouts::Timeouts;
use crate::iotda::InstanceClient;

const READ_LIMIT: Duration = Duration::from_mins(5);

/// Reads one IoTDA instance: its access addresses, specifications, tags and network parameters.
#[derive(Object)]
pub(super) struct InstanceSource {
    /// Instance ID: up to 36 characters of `0`-`9`, `a`-`f` and `-`.
    #[tf(required, pattern = "^[0-9a-f-]{1,36}$")]
    instance_id: String,
    /// Instance name.
    #[tf(computed)]
    name: Option<String>,
    /// Region to read from. The provider's when not given.
    #[tf(optional, computed, pattern = "^[a-z0-9-]+$")]
    region: Option<String>,
    /// How long to wait.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// The same as `instance_id`.
    #[tf(computed)]
    id: Option<String>,
    #[tf(flatten)]
    attributes: InstanceAttributes,
}

#[async_trait]
impl DataSource<InstanceClient> for InstanceSource {
    const NAME: &'static str = "iotda_instance";

    fn read_timeout(&self) -> Option<Duration> {
        Some(Timeouts::read(self.timeouts.as_ref(), READ_LIMIT))
    }

    async fn read(self, cx: &ReadContext<InstanceClient>) -> Result<Self, Diagnostics> {
        let region = self.region.as_deref();
        let instance = cx.client().show(region, &self.instance_id, cx.deadline()).await;
        let instance = instance.map_err(|error| request_error(&error))?;
        let name = instance.name.clone();
        let (attributes, notes) = flatten::instance(instance);
        for note in &notes {
            cx.warn(note_warning(note, &self.instance_id));
        }
        if let Some(warning) = not_ready(&attributes, &self.instance_id) {
            cx.warn(warning);
        }
        let region = Some(region.unwrap_or_else(|| cx.client().region()).to_owned());
        Ok(Self { id: Some(self.instance_id.clone()), name, region, attributes, ..self })
    }
}

fn note_warning(note: &Note, instance_id: &str) -> Diagnostic {
    match note {
        Note::TagsWithoutKey(count) => Diagnostic::warning(
            "Tags without a key",
            format!(
                "The API gave {count} tags without a key for instance {instance_id}. They are left out of `tags`."
            ),
        ),
        Note::AccessTypeTwice(access_type) => Diagnostic::warning(
            "Access type given twice",
            format!(
                "Instance {instance_id} has several access addresses of the type {access_type}. `endpoints` has the one \
                 with a domain name and a port, and of several such the first in alphabetical order; `access_infos` has \
                 them all."
            ),
        ),
    }
}

/// An instance that is still being made has no addresses, which a configuration would notice only far from here.
fn not_ready(attributes: &InstanceAttributes, instance_id: &str) -> Option<Diagnostic> {
    let status = attributes.status.as_deref().filter(|status| *status != "ACTIVE")?;
    let has_addresses = attributes.access_infos.as_ref().is_some_and(|infos| !infos.is_empty());
    (!has_addresses).then(|| {
        Diagnostic::warning(
            "The instance has no addresses yet",
            format!("Instance {instance_id} has the status {status} and no access addresses: `endpoints` is empty."),
        )
    })
}
