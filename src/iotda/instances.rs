//! Read operations of the instance API.

use std::fmt;
use std::sync::Arc;

use huaweicloud::{Client, Error, Get, Response, Scope, Segment};

use super::listing::{FlavorPage, InstancePage, Listing, Page, TaskPage};
use super::model::{Instance, InstanceFlavor, InstanceSummary, InstanceTask};
use super::{LIST_ACTION, LIST_TASKS_ACTION, SERVICE, SHOW_ACTION, SHOW_TASK_ACTION};

/// Path of the collection of instances.
const COLLECTION: [Segment<'static>; 4] =
    [Segment::Text("v5"), Segment::Text("iot"), Segment::ProjectId, Segment::Text("iotda-instances")];

/// The instance API. Cheap to clone.
#[derive(Clone)]
pub struct InstanceClient {
    client: Client,
}

/// The instance API in one region, for one read.
#[derive(Clone, Copy)]
pub struct Instances<'a> {
    client: &'a Client,
    scope: Scope<'a>,
}

/// The filters that the API itself applies.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListFilter<'a> {
    /// Substring of the name.
    pub name: Option<&'a str>,
    /// `standard` or `enterprise`.
    pub instance_type: Option<&'a str>,
}

impl InstanceClient {
    /// Creates the instance API of `client`.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Returns the client that sends the requests.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the instance API in the region of `scope`, limited by its deadline.
    pub fn within<'a>(&'a self, scope: Scope<'a>) -> Instances<'a> {
        Instances { client: &self.client, scope }
    }
}

impl<'a> Instances<'a> {
    /// Returns the region of the requests.
    pub fn region(&self) -> &'a str {
        self.scope.region.unwrap_or_else(|| self.client.region())
    }

    /// Returns the region and the deadline.
    pub fn scope(&self) -> Scope<'a> {
        self.scope
    }

    /// Returns the same API with an earlier deadline, if `end` is earlier.
    #[must_use]
    pub fn until(self, end: tokio::time::Instant) -> Self {
        Self { scope: self.scope.until(end), ..self }
    }

    /// Returns the ID of the project of the requests. It is looked up before the first request, and known afterwards.
    ///
    /// # Errors
    ///
    /// Returns the errors of the lookup.
    pub async fn project(&self) -> Result<Arc<str>, Error> {
        Ok(self.client.project(self.scope).await?.id)
    }

    /// Reads one instance: `GET /v5/iot/{project_id}/iotda-instances/{instance_id}` (`ShowInstance`).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get`], or an error if the body does not match Tables 2–10 or contains an
    /// instance other than the one requested.
    pub async fn show(&self, id: &str) -> Result<Instance, Error> {
        let path = below(&[Segment::Text(id)]);
        let subject = format!("instance {id}");
        let get = Get { operation: "read", iam_action: Some(SHOW_ACTION), ..self.get(&path, &subject) };
        let response = self.client.get(&get).await?;
        let instance: Instance = response.object()?;
        check_id(&response, "instance_id", instance.instance_id.as_deref(), id)?;
        Ok(instance)
    }

    /// Lists all instances that match the filter, in the API's order (`ListInstances`).
    ///
    /// # Errors
    ///
    /// Returns the errors of reading any page, or an error if the pages are inconsistent.
    pub async fn list(&self, filter: ListFilter<'_>) -> Result<Vec<InstanceSummary>, Error> {
        let query = [("name", filter.name), ("instance_type", filter.instance_type)];
        let get = Get { iam_action: Some(LIST_ACTION), ..self.get(&COLLECTION, "the instances") };
        self.pages::<InstancePage>(get, &query).await
    }

    /// Counts the instances, with a single request for a page of one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get`], or an error if the body has another structure.
    pub async fn count(&self) -> Result<usize, Error> {
        let get = Get { iam_action: Some(LIST_ACTION), ..self.get(&COLLECTION, "the instances") };
        let response = self.client.get(&Get { query: &[("limit", "1")], ..get }).await?;
        let page: InstancePage = response.object()?;
        let mut listing = Listing::new(false);
        listing.add(page, response.body().len()).map_err(|fault| fault.into_error(&response))?;
        Ok(listing.count())
    }

    /// Lists all available flavors, in the API's order (`ListInstanceFlavors`).
    ///
    /// # Errors
    ///
    /// Returns the errors of reading any page, or an error if the pages are inconsistent.
    pub async fn flavors(&self, instance_type: Option<&str>) -> Result<Vec<InstanceFlavor>, Error> {
        let path = below(&[Segment::Text("flavors")]);
        let get = self.get(&path, "the instance flavors");
        self.pages::<FlavorPage>(get, &[("instance_type", instance_type)]).await
    }

    /// Lists the tasks of an instance, newest first: those of the last 180 days, at most 20 (`ListInstanceTasks`).
    ///
    /// # Errors
    ///
    /// Returns the errors of reading any page, or an error if the pages are inconsistent.
    pub async fn tasks(&self, id: &str) -> Result<Vec<InstanceTask>, Error> {
        let path = below(&[Segment::Text(id), Segment::Text("tasks")]);
        let subject = format!("the tasks of instance {id}");
        let get = Get { iam_action: Some(LIST_TASKS_ACTION), ..self.get(&path, &subject) };
        self.pages::<TaskPage>(get, &[]).await
    }

    /// Reads one task of an instance (`ShowInstanceTask`).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get`], or an error if the body has another structure or contains a task other
    /// than the one requested.
    pub async fn task(&self, id: &str, task_id: &str) -> Result<InstanceTask, Error> {
        let path = below(&[Segment::Text(id), Segment::Text("tasks"), Segment::Text(task_id)]);
        let subject = format!("task {task_id} of instance {id}");
        let get = Get { operation: "read", iam_action: Some(SHOW_TASK_ACTION), ..self.get(&path, &subject) };
        let response = self.client.get(&get).await?;
        let task: InstanceTask = response.object()?;
        check_id(&response, "task_id", task.task_id.as_deref(), task_id)?;
        Ok(task)
    }

    async fn pages<P: Page>(
        &self,
        get: Get<'_>,
        filter: &[(&'static str, Option<&str>)],
    ) -> Result<Vec<P::Item>, Error> {
        let filter: Vec<(&str, &str)> =
            filter.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        let mut listing = Listing::<P>::new(!filter.is_empty());
        loop {
            let mut query = filter.clone();
            query.extend(listing.position());
            let response = self.client.get(&Get { query: &query, ..get }).await?;
            let more = listing.add(response.object()?, response.body().len());
            if !more.map_err(|fault| fault.into_error(&response))? {
                return Ok(listing.into_items());
            }
        }
    }

    fn get(&self, path: &'a [Segment<'a>], subject: &'a str) -> Get<'a> {
        Get {
            service: SERVICE,
            scope: self.scope,
            path,
            query: &[],
            operation: "list",
            subject,
            iam_action: None,
        }
    }
}

/// Rejects a body without the requested ID: it is not the requested object, whatever else it contains.
fn check_id(
    response: &Response,
    field: &'static str,
    found: Option<&str>,
    asked_for: &str,
) -> Result<(), Error> {
    let cause = match found {
        Some(found) if found == asked_for => return Ok(()),
        Some(_) => format!("The `{field}` in the response is not the one requested."),
        None => format!("The response has no `{field}`."),
    };
    Err(response.unexpected(field, cause))
}

/// Returns a path below the collection.
fn below<'a>(segments: &[Segment<'a>]) -> Vec<Segment<'a>> {
    COLLECTION.iter().chain(segments).copied().collect()
}

impl fmt::Debug for InstanceClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceClient").field("region", &self.client.region()).finish_non_exhaustive()
    }
}
