//! The data source `iotda_instances`.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use huaweicloud::Kind;
use tfplug::{DataSource, Diagnostic, Diagnostics, Object, ReadContext, Timeouts, async_trait};

use crate::provider::arguments::documented::{
    CHARGE_MODES, FLAVOR_TYPES, INSTANCE_TYPES, STATUSES, doubts, given, matches,
};
use crate::provider::arguments::validators::{filter, part_of_name, region};
use crate::provider::client::{DETAILS, ProviderClient, Reading};
use crate::provider::diagnostic::note_warning;
use crate::provider::state::attributes::InstanceAttributes;
use crate::provider::state::flatten;
use crate::provider::state::note::Note;

/// Value of `enterprise_project_id` that selects all enterprise projects.
const ALL_PROJECTS: &str = "all_granted_eps";

/// Lists the IoTDA instances that match all filters, sorted by ID. An empty result is not an error. Requires the IAM
/// permission `iotda:instance:queryList`, and `iotda:instance:query` unless `include_details` is `false`.
#[derive(Object)]
pub(super) struct InstancesSource {
    /// Part of the name of the instances to list, at most 64 characters. The API returns similar names too.
    #[tf(optional, validate = part_of_name)]
    name: Option<String>,
    /// Type of the instances to list: `standard` or `enterprise`.
    #[tf(optional, validate = filter)]
    instance_type: Option<String>,
    /// Status of the instances to list: `CREATING`, `ACTIVE`, `FROZEN`, `TRADING`, `MODIFYING`, `MODIFY_FAILED` or `FAILED`.
    #[tf(optional, validate = filter)]
    status: Option<String>,
    /// Billing mode of the instances to list: `prePaid` (yearly or monthly) or `postPaid` (pay per use).
    #[tf(optional, validate = filter)]
    charge_mode: Option<String>,
    /// Flavor (specification) of the instances to list, such as `iotda.standard.s1`.
    #[tf(optional, validate = filter)]
    flavor_type: Option<String>,
    /// ID of the enterprise project of the instances to list. `0` is the default enterprise project. `all_granted_eps` selects
    /// all, as in the official provider.
    #[tf(optional, validate = filter)]
    enterprise_project_id: Option<String>,
    /// Tags that an instance must have (all of them). Not possible with `include_details = false`.
    #[tf(optional)]
    tags: Option<BTreeMap<String, String>>,
    /// Region to read from. Defaults to the provider's region.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// Whether to read each instance's details (addresses, tags, description, order and network), at one request per
    /// instance. Defaults to `true`; if `false`, these attributes are null.
    #[tf(optional)]
    include_details: Option<bool>,
    /// Timeout of the read. Defaults to `5m`.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// IDs of the instances, sorted.
    #[tf(computed)]
    ids: Vec<String>,
    /// Instances, each with the attributes of the data source `iotda_instance`, sorted by `instance_id`.
    #[tf(computed)]
    instances: Vec<ListedInstance>,
}

/// One instance of the list.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
struct ListedInstance {
    /// ID of the instance.
    instance_id: String,
    /// Name of the instance.
    name: Option<String>,
    /// Region from which the instance was read.
    region: String,
    /// The same as `instance_id`.
    id: String,
    #[tf(flatten)]
    attributes: InstanceAttributes,
}

#[async_trait]
impl DataSource<ProviderClient> for InstancesSource {
    const NAME: &'static str = "iotda_instances";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    fn validate(&self) -> Diagnostics {
        if self.has_details() || self.tags.as_ref().is_none_or(BTreeMap::is_empty) {
            return Diagnostics::new();
        }
        let detail = "The list API does not return tags, so filtering by `tags` requires details. Remove \
                      `include_details = false`, or `tags`.";
        Diagnostic::error("Tags require details", detail).at("tags").into()
    }

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        let doubtful = [
            ("status", given(self.status.as_ref()), STATUSES),
            ("instance_type", given(self.instance_type.as_ref()), INSTANCE_TYPES),
            ("charge_mode", given(self.charge_mode.as_ref()), CHARGE_MODES),
            ("flavor_type", given(self.flavor_type.as_ref()), FLAVOR_TYPES),
        ];
        doubts(doubtful).for_each(|doubt| cx.warn(doubt));
        let reading = Reading::new(cx, self.region.as_deref());
        let listed = self.list(reading).await?;
        let mut found = if self.has_details() {
            read_details(reading, listed).await?
        } else {
            listed.into_iter().map(|instance| (instance, Vec::new())).collect()
        };
        found.retain(|(instance, _)| self.matches(&instance.attributes));
        for warning in warnings(&found) {
            cx.warn(warning);
        }
        let region = Some(reading.instances.region().to_owned());
        let instances: Vec<_> = found.into_iter().map(|(instance, _)| instance).collect();
        let ids = instances.iter().map(|instance| instance.id.clone()).collect();
        Ok(Self { region, ids, instances, ..self })
    }
}

impl InstancesSource {
    fn has_details(&self) -> bool {
        self.include_details != Some(false)
    }

    /// Returns the filters that are applied here rather than by the API, except `tags`, each with its field.
    fn filters<'a>(&'a self, instance: &'a InstanceAttributes) -> [(Option<&'a str>, Option<&'a str>); 4] {
        let flavor = instance.flavor.as_ref().and_then(|flavor| flavor.r#type.as_deref());
        let project = given(self.enterprise_project_id.as_ref()).filter(|id| *id != ALL_PROJECTS);
        [
            (given(self.status.as_ref()), instance.status.as_deref()),
            (given(self.charge_mode.as_ref()), instance.charge_mode.as_deref()),
            (given(self.flavor_type.as_ref()), flavor),
            (project, instance.enterprise_project_id.as_deref()),
        ]
    }

    /// Returns whether an instance matches.
    fn matches(&self, instance: &InstanceAttributes) -> bool {
        let has_tag = |(key, value): (&String, &String)| {
            instance.tags.as_ref().and_then(|tags| tags.get(key)).is_some_and(|tag| tag == value)
        };
        self.filters(instance).into_iter().all(|(filter, field)| matches(filter, field))
            && self.tags.iter().flatten().all(has_tag)
    }

    /// Returns the instances that the API lists and that may match, sorted by ID: values that the list omits may be in the
    /// details.
    async fn list(&self, reading: Reading<'_>) -> Result<Vec<ListedInstance>, Diagnostics> {
        let (name, instance_type) = (given(self.name.as_ref()), given(self.instance_type.as_ref()));
        let listed = reading.instances.list(name, instance_type).await;
        let mut instances = Vec::new();
        for mut summary in listed.map_err(|error| reading.error(error))? {
            let Some(id) = summary.instance_id.take().filter(|id| !id.is_empty()) else {
                let detail = "The API listed an instance without an `instance_id`, so it cannot be read.";
                return Err(Diagnostics::error("Unexpected response", detail));
            };
            let (name, attributes) = (summary.name.take(), flatten::summary(summary));
            let may_match = |(filter, field): (_, Option<&str>)| field.is_none() || matches(filter, field);
            if self.filters(&attributes).into_iter().all(may_match) {
                let region = reading.instances.region().to_owned();
                instances.push(ListedInstance { instance_id: id.clone(), name, region, id, attributes });
            }
        }
        instances.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(instances)
    }
}

/// Reads each instance, in the order of the IDs. An instance that was deleted after it was listed is omitted.
async fn read_details(reading: Reading<'_>, listed: Vec<ListedInstance>) -> Result<Vec<Found>, Diagnostics> {
    let reads = stream::iter(listed).map(|listed| async move {
        // The queue is never closed. If it were, the read would only start earlier.
        let _place = reading.shared.details.acquire().await;
        let read = reading.instances.show(&listed.id).await;
        (listed, read)
    });
    // Results are accepted in any order, so that a slow read does not delay the others.
    let mut reads = reads.buffer_unordered(DETAILS);
    let mut found = Vec::new();
    while let Some((listed, read)) = reads.next().await {
        match read {
            Ok(mut instance) => {
                // The list supplies what the details lack.
                let name = instance.name.take().or(listed.name);
                let (details, notes) = flatten::instance(instance, &listed.region);
                let attributes = details.or(listed.attributes);
                found.push((ListedInstance { name, attributes, ..listed }, notes));
            }
            // Only the API itself can know: without its code, something on the network path may have responded.
            Err(error) if *error.kind() == Kind::NotFound && error.code().is_some() => {
                tracing::info!(instance_id = listed.id, "the instance was deleted after it was listed");
            }
            Err(error) => return Err(reading.error(error).into()),
        }
    }
    found.sort_unstable_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    Ok(found)
}

/// An instance that may still be filtered out, with the findings about it.
type Found = (ListedInstance, Vec<Note>);

/// Returns one warning for each kind of note, with the affected instances.
fn warnings(found: &[Found]) -> Vec<Diagnostic> {
    let mut concerned: BTreeMap<&Note, Vec<&str>> = BTreeMap::new();
    for (instance, notes) in found {
        for note in notes {
            concerned.entry(note).or_default().push(&instance.id);
        }
    }
    concerned.into_iter().map(|(note, ids)| note_warning(note, &ids)).collect()
}
