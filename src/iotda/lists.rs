//! Lists of the instance API, read to their end by marker.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::SERVICE;
use super::instances::{COLLECTION, InstanceClient};
use super::model::{InstanceFlavor, InstanceSummary, InstanceTask};
use huaweicloud::lenient::{object, objects};
use huaweicloud::{Error, Get, Kind, Response, Segment};

/// The most that the API gives in one page, and what it gives unasked.
const PAGE_SIZE: usize = 500;
/// Pages of one list: a hundred thousand elements, and an end to what a server without one could make us remember.
const MAX_PAGES: usize = 200;
/// What one list may hold: pages need not be of the size that was asked for.
const MAX_ELEMENTS: usize = PAGE_SIZE * MAX_PAGES;
/// Bytes of all pages together.
const MAX_BYTES: usize = 128 << 20;

/// What the API itself selects by.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListFilter<'a> {
    /// Part of the name.
    pub name: Option<&'a str>,
    /// `standard` or `enterprise`.
    pub instance_type: Option<&'a str>,
}

/// One page of any of the lists.
trait Page: DeserializeOwned {
    type Item;
    /// The elements, and where they stand among all.
    fn open(self) -> (Vec<Self::Item>, Position);
    /// What tells an element from the others, if it has that.
    fn key(item: &Self::Item) -> Option<String>;
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct InstancePage {
    #[serde(deserialize_with = "objects")]
    instances: Option<Vec<InstanceSummary>>,
    count: Option<i64>,
    marker: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FlavorPage {
    #[serde(deserialize_with = "object")]
    page: Option<Position>,
    #[serde(deserialize_with = "objects")]
    flavors: Option<Vec<InstanceFlavor>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TaskPage {
    #[serde(deserialize_with = "object")]
    page: Option<Position>,
    #[serde(deserialize_with = "objects")]
    tasks: Option<Vec<InstanceTask>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Position {
    /// How many there are.
    count: Option<i64>,
    /// The last element of the page; the next begins behind it.
    marker: Option<String>,
}

impl Page for InstancePage {
    type Item = InstanceSummary;
    fn open(self) -> (Vec<Self::Item>, Position) {
        (self.instances.unwrap_or_default(), Position { count: self.count, marker: self.marker })
    }
    fn key(item: &InstanceSummary) -> Option<String> {
        item.instance_id.clone()
    }
}

impl Page for FlavorPage {
    type Item = InstanceFlavor;
    fn open(self) -> (Vec<Self::Item>, Position) {
        (self.flavors.unwrap_or_default(), self.page.unwrap_or_default())
    }
    fn key(item: &InstanceFlavor) -> Option<String> {
        // No page says what tells flavors apart, so all of them has to be the same.
        Some(format!("{item:?}"))
    }
}

impl Page for TaskPage {
    type Item = InstanceTask;
    fn open(self) -> (Vec<Self::Item>, Position) {
        (self.tasks.unwrap_or_default(), self.page.unwrap_or_default())
    }
    fn key(item: &InstanceTask) -> Option<String> {
        item.task_id.clone()
    }
}

impl InstanceClient {
    /// All instances that the filter lets through, in the API's order.
    ///
    /// # Errors
    ///
    /// Those of reading any page, and pages that go in a circle.
    pub async fn list(
        &self,
        region: Option<&str>,
        filter: ListFilter<'_>,
        deadline: Option<Instant>,
    ) -> Result<Vec<InstanceSummary>, Error> {
        let query = [("name", filter.name), ("instance_type", filter.instance_type)];
        let get = list_of(region, &COLLECTION, "the instances", deadline);
        self.pages::<InstancePage>(get, &query).await
    }

    /// How many instances there are, by one request that asks for one of them.
    ///
    /// # Errors
    ///
    /// Those of [`Client::get`](huaweicloud::Client::get), and a body of another shape.
    pub async fn count(&self, region: Option<&str>, deadline: Option<Instant>) -> Result<usize, Error> {
        let get = list_of(region, &COLLECTION, "the instances", deadline);
        let answer = self.client.get(&Get { query: &[("limit", "1")], ..get }).await?;
        let (page, position) = answer.object::<InstancePage>()?.open();
        let count = position.count.and_then(|count| usize::try_from(count).ok());
        Ok(count.unwrap_or(page.len()))
    }

    /// All specifications on offer, in the API's order.
    ///
    /// # Errors
    ///
    /// Those of reading any page, and pages that go in a circle.
    pub async fn flavors(
        &self,
        region: Option<&str>,
        instance_type: Option<&str>,
        deadline: Option<Instant>,
    ) -> Result<Vec<InstanceFlavor>, Error> {
        let [v5, iot, project, instances] = COLLECTION;
        let path = [v5, iot, project, instances, Segment::Text("flavors")];
        let get = list_of(region, &path, "the instance flavors", deadline);
        self.pages::<FlavorPage>(get, &[("instance_type", instance_type)]).await
    }

    /// All tasks of an instance, newest first.
    ///
    /// # Errors
    ///
    /// Those of reading any page, and pages that go in a circle.
    pub async fn tasks(
        &self,
        region: Option<&str>,
        id: &str,
        deadline: Option<Instant>,
    ) -> Result<Vec<InstanceTask>, Error> {
        let [v5, iot, project, instances] = COLLECTION;
        let path = [v5, iot, project, instances, Segment::Text(id), Segment::Text("tasks")];
        let subject = format!("the tasks of instance {id}");
        self.pages::<TaskPage>(list_of(region, &path, &subject, deadline), &[]).await
    }

    async fn pages<P: Page>(
        &self,
        get: Get<'_>,
        filter: &[(&str, Option<&str>)],
    ) -> Result<Vec<P::Item>, Error> {
        let mut items = Vec::new();
        let (mut keys, mut markers, mut counts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut marker: Option<String> = None;
        let (mut bytes, mut full) = (0, false);
        let limit = PAGE_SIZE.to_string();
        let filtered = filter.iter().any(|(_, value)| value.is_some());
        for number in 1..=MAX_PAGES {
            let given = filter.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
            let mut query: Vec<(&str, &str)> = given.collect();
            query.push(("limit", &limit));
            query.extend(marker.as_deref().map(|marker| ("marker", marker)));
            let answer = self.client.get(&Get { query: &query, ..get }).await?;
            bytes += answer.body().len();
            let (page, Position { count, marker: next }) = answer.object::<P>()?.open();
            let empty = page.is_empty();
            let short = page.len() < PAGE_SIZE;
            full |= !short;
            // What is made meanwhile moves the last element of a page to the next one.
            items.extend(page.into_iter().filter(|item| P::key(item).is_none_or(|key| keys.insert(key))));
            let count = count.and_then(|count| usize::try_from(count).ok());
            counts.insert(count);
            // The last page may have a marker too, and a short page alone is no proof of the end.
            let complete = short && count.is_some_and(|count| items.len() >= count);
            let Some(next) = next.filter(|next| !empty && !complete && !next.is_empty()) else {
                // What is removed meanwhile changes the count; where all pages agree, one of them leaves something out.
                // That a count is of what a filter lets through is documented nowhere: there it takes a full page too.
                let counts_hold = number > 1 && counts.len() == 1 && (full || !filtered);
                return match count.filter(|count| counts_hold && items.len() < *count) {
                    Some(count) => Err(gap(&answer, items.len(), count)),
                    None => Ok(items),
                };
            };
            if !markers.insert(next.clone()) {
                return Err(misfit(
                    &answer,
                    "marker",
                    "The pages of the list go in a circle: a marker came twice.",
                ));
            }
            if number == MAX_PAGES || items.len() > MAX_ELEMENTS || bytes > MAX_BYTES {
                let cause =
                    format!("The list has no end within {number} pages, and is larger than any can be.");
                return Err(misfit(&answer, "marker", cause));
            }
            marker = Some(next);
        }
        Ok(items)
    }
}

fn list_of<'a>(
    region: Option<&'a str>,
    path: &'a [Segment<'a>],
    subject: &'a str,
    deadline: Option<Instant>,
) -> Get<'a> {
    Get { service: SERVICE, region, path, query: &[], operation: "list", subject, iam_action: None, deadline }
}

/// Half of a list is worse than none: whoever makes something of each element would undo it for those that are missing.
fn gap(answer: &Response, found: usize, count: usize) -> Error {
    misfit(
        answer,
        "count",
        format!("The pages of the list leave something out: {found} of {count} elements came."),
    )
}

fn misfit(answer: &Response, path: &str, cause: impl Into<String>) -> Error {
    answer.error(Kind::Decode { path: path.to_owned() }, cause)
}
