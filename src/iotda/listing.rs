//! Lists of the instance API, collected page by page.

use std::collections::BTreeSet;

use huaweicloud::lenient::{object, objects};
use huaweicloud::{Error, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::model::{InstanceFlavor, InstanceSummary, InstanceTask};

/// Maximum page size of the API, and its default.
const PAGE_SIZE: usize = 500;
const PAGE_SIZE_TEXT: &str = "500";
/// Maximum number of pages of one list: a hundred thousand elements. It bounds the memory that a server with an endless
/// list can make us use.
const MAX_PAGES: usize = 200;
/// Maximum number of elements of one list: pages may be larger than requested.
const MAX_ELEMENTS: usize = PAGE_SIZE * MAX_PAGES;
/// Maximum size of all pages together, in bytes.
const MAX_BYTES: usize = 128 << 20;

/// One page of any of the lists.
pub(super) trait Page: Default + DeserializeOwned {
    type Item: Default;
    /// Name of the array in the response.
    const ARRAY: &'static str;
    /// Returns the array, if there is one, and its position in the list.
    fn open(self) -> (Option<Vec<Self::Item>>, Position);
    /// Returns the key that identifies an element, if it has one.
    fn key(item: &Self::Item) -> Option<String>;
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InstancePage {
    #[serde(deserialize_with = "objects")]
    instances: Option<Vec<InstanceSummary>>,
    count: Option<i64>,
    marker: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct FlavorPage {
    #[serde(deserialize_with = "object")]
    page: Option<Position>,
    #[serde(deserialize_with = "objects")]
    flavors: Option<Vec<InstanceFlavor>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskPage {
    #[serde(deserialize_with = "object")]
    page: Option<Position>,
    #[serde(deserialize_with = "objects")]
    tasks: Option<Vec<InstanceTask>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Position {
    /// Total number of elements.
    count: Option<i64>,
    /// Last element of the page; the next page begins after it.
    marker: Option<String>,
}

impl Page for InstancePage {
    type Item = InstanceSummary;
    const ARRAY: &'static str = "instances";
    fn open(self) -> (Option<Vec<Self::Item>>, Position) {
        (self.instances, Position { count: self.count, marker: self.marker })
    }
    fn key(item: &InstanceSummary) -> Option<String> {
        item.instance_id.clone()
    }
}

impl Page for FlavorPage {
    type Item = InstanceFlavor;
    const ARRAY: &'static str = "flavors";
    fn open(self) -> (Option<Vec<Self::Item>>, Position) {
        (self.flavors, self.page.unwrap_or_default())
    }
    fn key(item: &InstanceFlavor) -> Option<String> {
        // No documentation states what identifies a flavor, so all of its fields have to be equal.
        Some(format!("{item:?}"))
    }
}

impl Page for TaskPage {
    type Item = InstanceTask;
    const ARRAY: &'static str = "tasks";
    fn open(self) -> (Option<Vec<Self::Item>>, Position) {
        // `count` is not the number of elements: only the last 20 of 180 days are returned [ListInstanceTasks].
        (self.tasks, Position { count: None, ..self.page.unwrap_or_default() })
    }
    fn key(item: &InstanceTask) -> Option<String> {
        item.task_id.clone()
    }
}

/// Why a page cannot be the next page of its list: the JSON path of the fault, and a sentence.
type Misfit = (&'static str, String);

/// A list that may still be incomplete.
#[derive(Default)]
pub(super) struct Listing<P: Page> {
    is_filtered: bool,
    /// The elements, in the order in which they were received.
    pub(super) items: Vec<P::Item>,
    keys: BTreeSet<String>,
    /// The markers of the pages so far; each leads to the next page.
    markers: Vec<String>,
    /// The total counts that the pages reported.
    counts: BTreeSet<Option<usize>>,
    bytes: usize,
    had_full_page: bool,
}

impl<P: Page> Listing<P> {
    /// Creates an empty list. `is_filtered`: the request has filters.
    pub(super) fn new(is_filtered: bool) -> Self {
        Self { is_filtered, ..Self::default() }
    }

    /// Returns the query parameters of the next page.
    pub(super) fn position(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let marker = self.markers.last().map(|marker| ("marker", &**marker));
        [("limit", PAGE_SIZE_TEXT)].into_iter().chain(marker)
    }

    /// Adds the next page. Returns whether there is another page.
    ///
    /// # Errors
    ///
    /// Returns an error if a page has no array, if the pages repeat or have no end, or if elements are missing: an
    /// incomplete list is worse than none, because a configuration with a resource for each element would destroy the
    /// resources of the missing ones.
    pub(super) fn add(&mut self, response: &Response) -> Result<bool, Error> {
        let added = self.add_page(response.object()?, response.body().len());
        added.map_err(|(path, cause)| response.unexpected(path, cause))
    }

    /// Adds the next page, whose body had `bytes` bytes.
    fn add_page(&mut self, page: P, bytes: usize) -> Result<bool, Misfit> {
        let (items, Position { count, marker }) = page.open();
        let Some(items) = items else {
            let array = P::ARRAY;
            return Err((array, format!("The response is not a list: it has no `{array}`.")));
        };
        self.bytes += bytes;
        let (is_empty, is_short) = (items.is_empty(), items.len() < PAGE_SIZE);
        self.had_full_page |= !is_short;
        // An element that is created meanwhile moves the last element of a page to the next one.
        let new = items.into_iter().filter(|item| P::key(item).is_none_or(|key| self.keys.insert(key)));
        self.items.extend(new);
        let count = count.and_then(|count| usize::try_from(count).ok());
        self.counts.insert(count);
        // The last page may have a marker too, and a short page alone does not prove the end.
        let is_complete = is_short && count.is_some_and(|count| self.items.len() >= count);
        let Some(next) = marker.filter(|next| !is_empty && !is_complete && !next.is_empty()) else {
            return self.check_count(count).map(|()| false);
        };
        if self.markers.contains(&next) {
            let cause = "The pagination does not end: the API returned the same marker twice.";
            return Err(("marker", cause.to_owned()));
        }
        self.markers.push(next);
        let pages = self.markers.len();
        if pages >= MAX_PAGES || self.items.len() > MAX_ELEMENTS || self.bytes > MAX_BYTES {
            let cause =
                format!("The list exceeds the limits of this provider: it did not end after {pages} pages.");
            return Err(("marker", cause));
        }
        Ok(true)
    }

    /// Checks the count. An element that is removed meanwhile changes it; if all pages report the same count, a page
    /// has omitted elements. The API does not document whether the count takes filters into account: with a filter, it
    /// is used only if a page was full or if no page has elements.
    fn check_count(&self, count: Option<usize>) -> Result<(), Misfit> {
        let found = self.items.len();
        let holds = if self.markers.is_empty() {
            found == 0 || self.had_full_page
        } else {
            self.counts.len() == 1 && (self.had_full_page || !self.is_filtered)
        };
        count.filter(|count| holds && found < *count).map_or(Ok(()), |count| {
            Err(("count", format!("The list is incomplete: the API returned {found} of {count} elements.")))
        })
    }

    /// Returns the number of elements in the pages so far.
    pub(super) fn count(&self) -> usize {
        self.counts.iter().flatten().copied().max().unwrap_or(self.items.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: std::ops::Range<usize>, count: Option<i64>, marker: Option<&str>) -> InstancePage {
        let summary = |id: usize| InstanceSummary { instance_id: Some(id.to_string()), ..Default::default() };
        InstancePage { instances: Some(ids.map(summary).collect()), count, marker: marker.map(str::to_owned) }
    }

    fn listing(is_filtered: bool) -> Listing<InstancePage> {
        Listing::new(is_filtered)
    }

    #[test]
    fn pages_are_asked_for_by_marker_until_the_last() {
        let mut list = listing(false);
        assert_eq!(list.position().collect::<Vec<_>>(), [("limit", "500")]);
        assert_eq!(list.add_page(page(0..500, Some(700), Some("m")), 1), Ok(true));
        assert_eq!(list.position().collect::<Vec<_>>(), [("limit", "500"), ("marker", "m")]);
        assert_eq!(list.add_page(page(400..700, Some(700), Some("n")), 1), Ok(false));
        assert_eq!((list.count(), list.items.len()), (700, 700));
    }

    #[test]
    fn a_page_without_its_array_is_a_misfit() {
        for is_filtered in [false, true] {
            let misfit = listing(is_filtered).add_page(InstancePage::default(), 1).unwrap_err();
            assert_eq!(misfit.0, "instances");
        }
        assert_eq!(Listing::new(false).add_page(FlavorPage::default(), 1).unwrap_err().0, "flavors");
        assert_eq!(Listing::new(false).add_page(TaskPage::default(), 1).unwrap_err().0, "tasks");
    }

    #[test]
    fn an_empty_first_page_must_agree_with_the_count() {
        for is_filtered in [false, true] {
            assert_eq!(listing(is_filtered).add_page(page(0..0, Some(0), None), 1), Ok(false));
            assert_eq!(listing(is_filtered).add_page(page(0..0, None, None), 1), Ok(false));
            let misfit = listing(is_filtered).add_page(page(0..0, Some(7), None), 1).unwrap_err();
            assert_eq!(misfit.0, "count");
        }
    }

    #[test]
    fn a_full_page_without_a_marker_must_agree_with_the_count() {
        for (is_filtered, marker) in [(false, None), (true, None), (false, Some(""))] {
            assert_eq!(listing(is_filtered).add_page(page(0..500, Some(500), marker), 1), Ok(false));
            assert_eq!(listing(is_filtered).add_page(page(0..500, None, marker), 1), Ok(false));
            let misfit = listing(is_filtered).add_page(page(0..500, Some(700), marker), 1).unwrap_err();
            assert_eq!(misfit.0, "count");
        }
    }

    #[test]
    fn tasks_may_be_fewer_than_their_count() {
        let tasks = |count| TaskPage {
            page: Some(Position { count: Some(25), marker: Some("m".into()) }),
            tasks: Some(
                (0..count)
                    .map(|id| InstanceTask { task_id: Some(format!("{id}")), ..Default::default() })
                    .collect(),
            ),
        };
        let mut list = Listing::new(false);
        assert_eq!(list.add_page(tasks(20), 1), Ok(true));
        assert_eq!(list.add_page(tasks(0), 1), Ok(false));
        assert_eq!(list.items.len(), 20);
    }

    #[test]
    fn circles_and_lists_without_end_are_misfits() {
        let mut list = listing(false);
        assert_eq!(list.add_page(page(0..2, Some(9), Some("a")), 1), Ok(true));
        assert_eq!(list.add_page(page(2..4, Some(9), Some("a")), 1).unwrap_err().0, "marker");
        let mut large = listing(false);
        assert!(large.add_page(page(0..2, None, Some("a")), MAX_BYTES + 1).is_err());
    }
}
