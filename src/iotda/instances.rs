//! Read operations of the instance API.

use huaweicloud::{Client, Error, Get, Response, Scope, Segment};
use serde::de::DeserializeOwned;

use super::listing::{FlavorPage, InstancePage, Listing, Page, TaskPage};
use super::model::{Instance, InstanceFlavor, InstanceSummary, InstanceTask};
use super::{LIST_ACTION, LIST_TASKS_ACTION, SERVICE, SHOW_ACTION, SHOW_TASK_ACTION};

/// Path of the collection of instances.
const COLLECTION: [Segment<'static>; 4] =
    [Segment::Text("v5"), Segment::Text("iot"), Segment::ProjectId, Segment::Text("iotda-instances")];

/// The instance API in one region, for one read.
#[derive(Clone, Copy)]
pub struct Instances<'a> {
    /// The client that sends the requests.
    pub client: &'a Client,
    /// Region and deadline of the requests.
    pub scope: Scope<'a>,
}

impl<'a> Instances<'a> {
    /// Returns the region of the requests.
    pub fn region(&self) -> &'a str {
        self.scope.region.unwrap_or_else(|| self.client.region())
    }

    /// Reads one instance: `GET /v5/iot/{project_id}/iotda-instances/{instance_id}` (`ShowInstance`).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get`], or an error if the body does not match Tables 2–10 or contains an
    /// instance other than the one requested.
    pub async fn show(&self, id: &str) -> Result<Instance, Error> {
        let subject = format!("instance {id}");
        self.one(&[id], &subject, SHOW_ACTION, "instance_id", |it: &Instance| it.instance_id.as_deref()).await
    }

    /// Lists all instances that match the filters that are set, in the API's order (`ListInstances`). `name` is a substring
    /// of the name; `instance_type` is `standard` or `enterprise`.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading any page, or an error if the pages are inconsistent.
    pub async fn list(
        &self,
        name: Option<&str>,
        instance_type: Option<&str>,
    ) -> Result<Vec<InstanceSummary>, Error> {
        let filters = [("name", name), ("instance_type", instance_type)];
        self.pages::<InstancePage>(&[], "the instances", Some(LIST_ACTION), &filters).await
    }

    /// Counts the instances, with a single request for a page of one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get`], or an error if the body has another structure.
    pub async fn count(&self) -> Result<usize, Error> {
        let query = [("limit", "1")];
        let response = self.get("list", &[], "the instances", Some(LIST_ACTION), &query).await?;
        let mut listing = Listing::<InstancePage>::new(false);
        listing.add(&response)?;
        Ok(listing.count())
    }

    /// Lists all available flavors, in the API's order (`ListInstanceFlavors`).
    ///
    /// # Errors
    ///
    /// Returns the errors of reading any page, or an error if the pages are inconsistent.
    pub async fn flavors(&self, instance_type: Option<&str>) -> Result<Vec<InstanceFlavor>, Error> {
        let filters = [("instance_type", instance_type)];
        self.pages::<FlavorPage>(&["flavors"], "the instance flavors", None, &filters).await
    }

    /// Lists the tasks of an instance, newest first: those of the last 180 days, at most 20 (`ListInstanceTasks`).
    ///
    /// # Errors
    ///
    /// Returns the errors of reading any page, or an error if the pages are inconsistent.
    pub async fn tasks(&self, id: &str) -> Result<Vec<InstanceTask>, Error> {
        let subject = format!("the tasks of instance {id}");
        self.pages::<TaskPage>(&[id, "tasks"], &subject, Some(LIST_TASKS_ACTION), &[]).await
    }

    /// Reads one task of an instance (`ShowInstanceTask`).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get`], or an error if the body has another structure or contains a task other
    /// than the one requested.
    pub async fn task(&self, id: &str, task_id: &str) -> Result<InstanceTask, Error> {
        let subject = format!("task {task_id} of instance {id}");
        let path = [id, "tasks", task_id];
        self.one(&path, &subject, SHOW_TASK_ACTION, "task_id", |it: &InstanceTask| it.task_id.as_deref())
            .await
    }

    /// Reads the object whose ID ends the path. A body without that ID is not the requested object, whatever else it
    /// contains.
    async fn one<T: DeserializeOwned>(
        &self,
        path: &[&str],
        subject: &str,
        iam_action: &'static str,
        id_field: &'static str,
        id_of: fn(&T) -> Option<&str>,
    ) -> Result<T, Error> {
        let response = self.get("read", path, subject, Some(iam_action), &[]).await?;
        let object = response.object()?;
        let cause = match id_of(&object) {
            Some(found) if path.last() == Some(&found) => return Ok(object),
            Some(_) => format!("The `{id_field}` in the response is not the one requested."),
            None => format!("The response has no `{id_field}`."),
        };
        Err(response.unexpected(id_field, cause))
    }

    async fn pages<P: Page>(
        &self,
        path: &[&str],
        subject: &str,
        iam_action: Option<&'static str>,
        filters: &[(&'static str, Option<&str>)],
    ) -> Result<Vec<P::Item>, Error> {
        let filters: Vec<_> = filters.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        let mut listing = Listing::<P>::new(!filters.is_empty());
        loop {
            let mut query = filters.clone();
            query.extend(listing.position());
            let response = self.get("list", path, subject, iam_action, &query).await?;
            if !listing.add(&response)? {
                return Ok(listing.items);
            }
        }
    }

    /// Reads what is at a path below the collection.
    async fn get(
        &self,
        operation: &'static str,
        path: &[&str],
        subject: &str,
        iam_action: Option<&'static str>,
        query: &[(&str, &str)],
    ) -> Result<Response, Error> {
        let below = path.iter().map(|text| Segment::Text(text));
        let path: Vec<_> = COLLECTION.into_iter().chain(below).collect();
        let (service, scope) = (SERVICE, self.scope);
        self.client.get(&Get { service, scope, path: &path, query, operation, subject, iam_action }).await
    }
}
