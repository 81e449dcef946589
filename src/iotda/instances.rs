//! Reads instances.

use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;

use super::SERVICE;
use super::model::Instance;
use huaweicloud::{Client, Error, Get, Segment};

/// IAM action of `ShowInstance`, the only one that a source documents.
const SHOW_ACTION: &str = "iotda:instance:query";

/// The instance API. Cheap to clone. `region` is that of the configuration when `None`; a read ends at `deadline`.
#[derive(Clone)]
pub struct InstanceClient {
    pub(super) client: Client,
}

impl InstanceClient {
    /// The instance API through `client`.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// What it asks through.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The region of the configuration.
    pub fn region(&self) -> &str {
        self.client.region()
    }

    /// The project that is asked in a region. It is known from the first request on, and looked up before.
    ///
    /// # Errors
    ///
    /// Those of the lookup.
    pub async fn project(&self, region: Option<&str>, deadline: Option<Instant>) -> Result<Arc<str>, Error> {
        Ok(self.client.project(region, deadline).await?.id)
    }

    /// One instance: `GET /v5/iot/{project_id}/iotda-instances/{instance_id}`.
    ///
    /// # Errors
    ///
    /// Those of [`Client::get`], and a body of another shape than Tables 2–10.
    pub async fn show(
        &self,
        region: Option<&str>,
        id: &str,
        deadline: Option<Instant>,
    ) -> Result<Instance, Error> {
        let subject = format!("instance {id}");
        let [v5, iot, project, instances] = COLLECTION;
        let get = Get {
            service: SERVICE,
            region,
            path: &[v5, iot, project, instances, Segment::Text(id)],
            query: &[],
            operation: "read",
            subject: &subject,
            iam_action: Some(SHOW_ACTION),
            deadline,
        };
        self.client.get(&get).await?.object()
    }
}

impl fmt::Debug for InstanceClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceClient").field("region", &self.region()).finish_non_exhaustive()
    }
}

/// Path of all instances.
pub(super) const COLLECTION: [Segment<'static>; 4] =
    [Segment::Text("v5"), Segment::Text("iot"), Segment::ProjectId, Segment::Text("iotda-instances")];
