//! The data source `iotda_instances`.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use huaweicloud::Kind;
use tfplug::{
    AttributePath, DataSource, Diagnostic, Diagnostics, Object, ReadContext, Timeouts, async_trait,
};
use tokio::sync::Semaphore;

use crate::iotda::{Instance, InstanceSummary, Instances, ListFilter};
use crate::provider::arguments::documented::{CHARGE_MODES, INSTANCE_TYPES, STATUSES, miscased};
use crate::provider::arguments::validators::region;
use crate::provider::client::{DETAILS, ProviderClient};
use crate::provider::diagnostic::{note_warning, read_error};
use crate::provider::state::attributes::InstanceAttributes;
use crate::provider::state::flatten;
use crate::provider::state::note::Note;

/// Reads all IoTDA instances that the filters let through, in the order of their IDs. None is an empty list, no error.
#[derive(Object)]
pub(super) struct InstancesSource {
    /// Part of the name, matched loosely by the API.
    #[tf(optional, length(1..=64))]
    name: Option<String>,
    /// Instance type: `standard` or `enterprise`.
    #[tf(optional)]
    instance_type: Option<String>,
    /// Status, such as `ACTIVE`.
    #[tf(optional)]
    status: Option<String>,
    /// Billing mode: `prePaid` or `postPaid`.
    #[tf(optional)]
    charge_mode: Option<String>,
    /// Specification, such as `iotda.standard.s1`.
    #[tf(optional)]
    flavor_type: Option<String>,
    /// Enterprise project. `0` is the default one.
    #[tf(optional)]
    enterprise_project_id: Option<String>,
    /// Tags that an instance must have, all of them. Needs `include_details`.
    #[tf(optional)]
    tags: Option<BTreeMap<String, String>>,
    /// Region to read from. The provider's when not given.
    #[tf(optional, computed, validate = region)]
    region: Option<String>,
    /// Read each instance for what the list does not tell: addresses, tags, description, order and network. One request
    /// for each. `true` when not given; with `false` these attributes are null.
    #[tf(optional)]
    include_details: Option<bool>,
    /// How long the read may take: `5m` when not given.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// IDs of the instances, sorted.
    #[tf(computed)]
    ids: Vec<String>,
    /// The instances, each with the attributes of the data source `iotda_instance`, sorted by `instance_id`.
    #[tf(computed)]
    instances: Vec<ListedInstance>,
}

/// One instance of the list.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
struct ListedInstance {
    /// Instance ID.
    instance_id: String,
    /// Instance name.
    name: Option<String>,
    /// Region that the instance was read from.
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

    async fn read(self, cx: &ReadContext<ProviderClient>) -> Result<Self, Diagnostics> {
        let details = self.include_details != Some(false);
        if !details && self.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            let detail = "The list of instances tells no tags: filtering by them needs each instance's details. Leave out \
                          `include_details = false`, or `tags`.";
            let error = Diagnostic::error("Tags need details", detail);
            return Err(error.at(AttributePath::attribute("tags")).into());
        }
        for (argument, value, known) in [
            ("status", &self.status, STATUSES),
            ("instance_type", &self.instance_type, INSTANCE_TYPES),
            ("charge_mode", &self.charge_mode, CHARGE_MODES),
        ] {
            if let Some(warning) = miscased(argument, value.as_deref(), known) {
                cx.warn(warning);
            }
        }
        let client = cx.client().within(self.region.as_deref(), cx);
        let listed = self.list(client).await?;
        let mut found = if details {
            self.read_details(client, &cx.client().details, listed).await?
        } else {
            listed.into_iter().map(|(id, summary)| Found::listed(id, summary)).collect()
        };
        found.retain(|found| self.matches(&found.attributes));
        for warning in warnings(&found) {
            cx.warn(warning);
        }
        let region = client.region().to_owned();
        let instances: Vec<_> = found.into_iter().map(|found| found.into_element(&region)).collect();
        let ids = instances.iter().map(|instance| instance.instance_id.clone()).collect();
        Ok(Self { region: Some(region), ids, instances, ..self })
    }
}

impl InstancesSource {
    /// What the API lists, by ID; without those that can be told from the list not to match.
    async fn list(&self, client: Instances<'_>) -> Result<BTreeMap<String, InstanceSummary>, Diagnostics> {
        let filter = ListFilter { name: self.name.as_deref(), instance_type: self.instance_type.as_deref() };
        let listed = client.list(filter).await;
        let mut instances = BTreeMap::new();
        for summary in listed.map_err(|error| read_error(&error, client.scope()))? {
            let Some(id) = summary.instance_id.clone().filter(|id| !id.is_empty()) else {
                let detail = "The API listed an instance without an `instance_id`, so it cannot be read.";
                return Err(Diagnostics::error("Unexpected response", detail));
            };
            let flavor = summary.flavor.as_ref().and_then(|flavor| flavor.kind.as_deref());
            let fits = |filter: &Option<String>, value: Option<&str>| match (filter.as_deref(), value) {
                (Some(filter), Some(value)) => filter == value,
                _ => true,
            };
            if fits(&self.status, summary.status.as_deref())
                && fits(&self.charge_mode, summary.charge_mode.as_deref())
                && fits(&self.flavor_type, flavor)
                && fits(&self.enterprise_project_id, summary.enterprise_project_id.as_deref())
            {
                instances.insert(id, summary);
            }
        }
        Ok(instances)
    }

    /// Reads each instance, in the order of the IDs. One that has gone since it was listed is left out.
    async fn read_details(
        &self,
        client: Instances<'_>,
        queue: &Semaphore,
        listed: BTreeMap<String, InstanceSummary>,
    ) -> Result<Vec<Found>, Diagnostics> {
        let reads = stream::iter(listed.into_keys()).map(|id| async move {
            // The queue is never closed; without a place in it the read only comes sooner.
            let _place = queue.acquire().await;
            let read = client.show(&id).await;
            (id, read)
        });
        // In whatever order they come: a slow one keeps no other waiting.
        let mut reads = reads.buffer_unordered(DETAILS);
        let mut found = Vec::new();
        while let Some((id, read)) = reads.next().await {
            match read {
                Ok(instance) => found.push(Found::read(id, instance)),
                Err(error) if *error.kind() == Kind::NotFound => {
                    tracing::info!(instance_id = id, "the instance has gone since it was listed");
                }
                Err(error) => return Err(read_error(&error, client.scope()).into()),
            }
        }
        found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(found)
    }

    /// Whether an instance fulfils all filters that are applied here.
    fn matches(&self, instance: &InstanceAttributes) -> bool {
        let flavor = instance.flavor.as_ref().and_then(|flavor| flavor.r#type.as_ref());
        let fits =
            |filter: &Option<String>, value: Option<&String>| filter.is_none() || filter.as_ref() == value;
        let has_tag = |(key, value): (&String, &String)| {
            instance.tags.as_ref().and_then(|tags| tags.get(key)).is_some_and(|tag| tag == value)
        };
        fits(&self.status, instance.status.as_ref())
            && fits(&self.charge_mode, instance.charge_mode.as_ref())
            && fits(&self.flavor_type, flavor)
            && fits(&self.enterprise_project_id, instance.enterprise_project_id.as_ref())
            && self.tags.iter().flatten().all(has_tag)
    }
}

/// An instance before it is known whether it is wanted.
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

    fn read(id: String, instance: Instance) -> Self {
        let name = instance.name.clone();
        let (attributes, notes) = flatten::instance(instance);
        Self { id, name, attributes, notes }
    }

    fn into_element(self, region: &str) -> ListedInstance {
        let Self { id, name, attributes, .. } = self;
        ListedInstance { instance_id: id.clone(), name, region: region.to_owned(), id, attributes }
    }
}

/// One warning for each thing that there is to know, with the instances that it is about.
fn warnings(found: &[Found]) -> Vec<Diagnostic> {
    let mut concerned: BTreeMap<&Note, Vec<&str>> = BTreeMap::new();
    for Found { id, notes, .. } in found {
        for note in notes {
            concerned.entry(note).or_default().push(id);
        }
    }
    concerned.into_iter().map(|(note, ids)| note_warning(note, &ids)).collect()
}
