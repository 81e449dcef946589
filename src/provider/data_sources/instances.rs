//! The data source `iotda_instances`.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use huaweicloud::Kind;
use tfplug::{DataSource, Diagnostic, Diagnostics, Object, ReadContext, Timeouts, async_trait};

use crate::iotda::{Instance, InstanceSummary, Instances, ListFilter};
use crate::provider::arguments::documented::{
    CHARGE_MODES, FLAVOR_TYPES, INSTANCE_TYPES, STATUSES, doubts, given, matches,
};
use crate::provider::arguments::validators::{filter, part_of_name, region};
use crate::provider::client::{DETAILS, ProviderClient};
use crate::provider::diagnostic::{note_warning, read_error};
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
        let filters = self.filters();
        let doubtful = [
            ("status", filters.status, STATUSES),
            ("instance_type", given(self.instance_type.as_ref()), INSTANCE_TYPES),
            ("charge_mode", filters.charge_mode, CHARGE_MODES),
            ("flavor_type", filters.flavor_type, FLAVOR_TYPES),
        ];
        doubts(doubtful).for_each(|doubt| cx.warn(doubt));
        let client = cx.client().within(self.region.as_deref(), cx);
        let listed = self.list(client, cx.client()).await?;
        let mut found = if self.has_details() {
            self.read_details(client, cx.client(), listed).await?
        } else {
            listed.into_iter().map(|(id, summary)| Found::listed(id, summary)).collect()
        };
        found.retain(|found| filters.match_details(&found.attributes));
        for warning in warnings(&found) {
            cx.warn(warning);
        }
        let region = client.region().to_owned();
        let instances: Vec<_> = found.into_iter().map(|found| found.into_element(&region)).collect();
        let ids = instances.iter().map(|instance| instance.instance_id.clone()).collect();
        Ok(Self { region: Some(region), ids, instances, ..self })
    }
}

/// The filters that are applied here rather than by the API.
#[derive(Clone, Copy)]
struct Filters<'a> {
    status: Option<&'a str>,
    charge_mode: Option<&'a str>,
    flavor_type: Option<&'a str>,
    enterprise_project_id: Option<&'a str>,
    tags: Option<&'a BTreeMap<String, String>>,
}

impl Filters<'_> {
    /// Returns whether an instance may match, judging by the list: values that the list omits may be in the details.
    fn match_summary(&self, summary: &InstanceSummary) -> bool {
        let listed = flatten::summary(summary);
        self.fields(&listed).into_iter().all(|(filter, field)| field.is_none() || matches(filter, field))
    }

    /// Returns each filter with its field.
    fn fields<'f>(&'f self, instance: &'f InstanceAttributes) -> [(Option<&'f str>, Option<&'f str>); 4] {
        let flavor = instance.flavor.as_ref().and_then(|flavor| flavor.r#type.as_deref());
        [
            (self.status, instance.status.as_deref()),
            (self.charge_mode, instance.charge_mode.as_deref()),
            (self.flavor_type, flavor),
            (self.enterprise_project_id, instance.enterprise_project_id.as_deref()),
        ]
    }

    /// Returns whether an instance matches.
    fn match_details(&self, instance: &InstanceAttributes) -> bool {
        let has_tag = |(key, value): (&String, &String)| {
            instance.tags.as_ref().and_then(|tags| tags.get(key)).is_some_and(|tag| tag == value)
        };
        self.fields(instance).into_iter().all(|(filter, field)| matches(filter, field))
            && self.tags.into_iter().flatten().all(has_tag)
    }
}

impl InstancesSource {
    fn has_details(&self) -> bool {
        self.include_details != Some(false)
    }

    fn filters(&self) -> Filters<'_> {
        Filters {
            status: given(self.status.as_ref()),
            charge_mode: given(self.charge_mode.as_ref()),
            flavor_type: given(self.flavor_type.as_ref()),
            enterprise_project_id: given(self.enterprise_project_id.as_ref())
                .filter(|id| *id != ALL_PROJECTS),
            tags: self.tags.as_ref(),
        }
    }

    /// Returns the instances that the API lists and that may match, by ID.
    async fn list(
        &self,
        client: Instances<'_>,
        shared: &ProviderClient,
    ) -> Result<BTreeMap<String, InstanceSummary>, Diagnostics> {
        let filter =
            ListFilter { name: given(self.name.as_ref()), instance_type: given(self.instance_type.as_ref()) };
        let listed = client.list(filter).await;
        let mut instances = BTreeMap::new();
        for summary in listed.map_err(|error| read_error(&error, client.scope(), &shared.audience))? {
            let Some(id) = summary.instance_id.clone().filter(|id| !id.is_empty()) else {
                let detail = "The API listed an instance without an `instance_id`, so it cannot be read.";
                return Err(Diagnostics::error("Unexpected response", detail));
            };
            if self.filters().match_summary(&summary) {
                instances.insert(id, summary);
            }
        }
        Ok(instances)
    }

    /// Reads each instance, in the order of the IDs. An instance that was deleted after it was listed is omitted.
    async fn read_details(
        &self,
        client: Instances<'_>,
        shared: &ProviderClient,
        listed: BTreeMap<String, InstanceSummary>,
    ) -> Result<Vec<Found>, Diagnostics> {
        let reads = stream::iter(listed).map(|(id, summary)| async move {
            // The queue is never closed. If it were, the read would only start earlier.
            let _place = shared.details.acquire().await;
            let read = client.show(&id).await;
            (id, summary, read)
        });
        // Results are accepted in any order, so that a slow read does not delay the others.
        let mut reads = reads.buffer_unordered(DETAILS);
        let mut found = Vec::new();
        while let Some((id, summary, read)) = reads.next().await {
            match read {
                Ok(instance) => found.push(Found::read(id, instance, &summary, client.region())),
                // Only the API itself can know: without its code, something on the network path may have responded.
                Err(error) if *error.kind() == Kind::NotFound && error.code().is_some() => {
                    tracing::info!(instance_id = id, "the instance was deleted after it was listed");
                }
                Err(error) => return Err(read_error(&error, client.scope(), &shared.audience).into()),
            }
        }
        found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(found)
    }
}

/// An instance that may still be filtered out.
struct Found {
    id: String,
    name: Option<String>,
    attributes: InstanceAttributes,
    notes: Vec<Note>,
}

impl Found {
    fn listed(id: String, summary: InstanceSummary) -> Self {
        Self { id, attributes: flatten::summary(&summary), name: summary.name, notes: Vec::new() }
    }

    /// The list supplies what the details lack.
    fn read(id: String, instance: Instance, summary: &InstanceSummary, region: &str) -> Self {
        let name = instance.name.clone().or_else(|| summary.name.clone());
        let (details, notes) = flatten::instance(instance, region);
        Self { id, name, attributes: details.or(flatten::summary(summary)), notes }
    }

    fn into_element(self, region: &str) -> ListedInstance {
        let Self { id, name, attributes, .. } = self;
        ListedInstance { instance_id: id.clone(), name, region: region.to_owned(), id, attributes }
    }
}

/// Returns one warning for each kind of note, with the affected instances.
fn warnings(found: &[Found]) -> Vec<Diagnostic> {
    let mut concerned: BTreeMap<&Note, Vec<&str>> = BTreeMap::new();
    for Found { id, notes, .. } in found {
        for note in notes {
            concerned.entry(note).or_default().push(id);
        }
    }
    concerned.into_iter().map(|(note, ids)| note_warning(note, &ids)).collect()
}
