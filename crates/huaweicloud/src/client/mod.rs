//! Entry point: the client on which typed service clients are built.

use std::borrow::Cow;
use std::sync::Arc;

use reqwest::Method;
use tokio::time::timeout_at;

use crate::clock::{self, Clock};
use crate::credentials::Identity;
use crate::endpoints::{self, Service};
use crate::error::{Asked, Error, Kind};
use crate::network::{Http, Proxies, Tls, Wire};
use crate::request::{Call, Cloud, Paces, Response, Sender, Skew, user_agent};
use crate::scope::Scope;
use crate::settings::Settings;
use projects::Projects;

pub use inspect::{Agency, Description, EndpointInUse, SignedIn};
pub use projects::{ProjectInUse, ProjectOrigin};

/// A client for one configuration. Cheap to create and clone: nothing is sent, read or loaded before the first request.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    cloud: Cloud,
    identity: Identity,
    projects: Projects,
    tls: Tls,
    proxies: Proxies,
}

/// A read.
#[derive(Clone, Copy, Debug)]
pub struct Get<'a> {
    /// Service to read from.
    pub service: Service,
    /// Region and deadline.
    pub scope: Scope<'a>,
    /// Elements of the path, each sent as one segment, whatever characters it contains.
    pub path: &'a [Segment<'a>],
    /// Query parameters in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// A verb for errors: `read`, `list`.
    pub operation: &'static str,
    /// Object of the operation, for errors: `instance 8561675c-…`.
    pub subject: &'a str,
    /// IAM action the request needs, where a source documents it.
    pub iam_action: Option<&'static str>,
}

/// One segment of a path.
#[derive(Clone, Copy, Debug)]
pub enum Segment<'a> {
    /// Text, sent percent-encoded.
    Text(&'a str),
    /// ID of the project of the requested region.
    ProjectId,
}

impl Client {
    /// Creates a client for `settings`. `product` names the program in `User-Agent`, such as
    /// `Terraform/1.13.0 (+https://www.terraform.io) terraform-provider-iotda/0.1.0`.
    pub fn new(settings: Settings, product: &str) -> Self {
        let http = Http::new(settings.tls.clone(), settings.proxies.clone());
        Self::with_wire(settings, product, Box::new(clock::system), Box::new(http))
    }

    pub(crate) fn with_wire(settings: Settings, product: &str, clock: Clock, wire: Box<dyn Wire>) -> Self {
        let sender = Sender {
            wire,
            clock,
            skew: Skew::default(),
            paces: Paces::default(),
            max_retries: settings.max_retries,
            request_timeout: settings.request_timeout,
            user_agent: user_agent::header(product, &settings.environment),
        };
        let cloud = Cloud {
            sender,
            endpoints: Arc::new(settings.endpoints),
            environment: settings.environment,
            region: settings.region,
            project: settings.project,
        };
        let identity = Identity::new(settings.sign_in);
        let (tls, proxies) = (settings.tls, settings.proxies);
        Self(Arc::new(Inner { cloud, identity, projects: Projects::default(), tls, proxies }))
    }

    /// Returns the configured region.
    pub fn region(&self) -> &str {
        &self.0.cloud.region
    }

    /// Sends a read with everything it needs: a credential, the project of the region, retries.
    ///
    /// # Errors
    ///
    /// Anything that prevents a complete successful response; see [`Kind`].
    pub async fn get(&self, get: &Get<'_>) -> Result<Response, Error> {
        let Some(deadline) = get.scope.deadline else { return self.get_in_time(get).await };
        timeout_at(deadline, self.get_in_time(get)).await.unwrap_or_else(|_| {
            let reason = "The read timed out while waiting for other requests.";
            Err(self.failure_of(get, Kind::Deadline, reason))
        })
    }

    async fn get_in_time(&self, get: &Get<'_>) -> Result<Response, Error> {
        let Inner { cloud, identity, projects, .. } = &*self.0;
        let region = get.scope.region_or(&cloud.region);
        self.check_region(get.service, region)
            .map_err(|reason| self.failure_of(get, Kind::Argument, reason))?;
        let held = identity.held(cloud, get.scope);
        let caller = held.caller().await?;
        let wants_project = get.path.iter().any(|segment| matches!(segment, Segment::ProjectId));
        let project = if wants_project { Some(projects.of(&caller, region).await?.id) } else { None };
        let endpoint = cloud.endpoints.of(get.service, region);
        let endpoint = endpoint.map_err(|reason| self.failure_of(get, Kind::Argument, reason))?;
        let project_id = project.as_deref().unwrap_or_default();
        let segment = |segment| match segment {
            Segment::Text(text) => text,
            Segment::ProjectId => project_id,
        };
        let path: Vec<&str> = get.path.iter().copied().map(segment).collect();
        let call = Call {
            operation: get.operation,
            subject: Cow::Borrowed(get.subject),
            iam_action: get.iam_action,
            project: project.as_deref(),
            path: &path,
            query: get.query,
            ..Call::new(Method::GET, get.service, endpoint, region).by(&caller)
        };
        cloud.sender.send(call).await
    }

    /// Checks that a service can be used in a region, before anything is sent.
    ///
    /// # Errors
    ///
    /// Sentences that explain why it cannot, and what to do.
    fn check_region(&self, service: Service, region: &str) -> Result<(), Cow<'static, str>> {
        let Inner { cloud: Cloud { endpoints, region: home, .. }, identity, .. } = &*self.0;
        if !endpoints::is_region(region) {
            let reason = "A region consists of lower-case letters, digits and hyphens, such as cn-north-4.";
            return Err(reason.into());
        }
        if region != home
            && let Some(setting) = endpoints.setting(service)
        {
            return Err(format!(
                "Region {region} cannot be read through {setting}, which is for region {home}. Use another provider configuration for that region."
            ).into());
        }
        if region != home && identity.is_callers_token {
            return Err(format!(
                "Region {region} cannot be read with a configured token (`token`), which is valid for one project in region {home}. Use an access key or a password, or another provider configuration for that region."
            ).into());
        }
        Ok(())
    }

    fn failure_of(&self, get: &Get<'_>, kind: Kind, reason: impl Into<String>) -> Error {
        let region = get.scope.region_or(self.region());
        failure((get.operation, get.subject), get.service, region, kind, reason)
    }
}

/// Creates an error about a request that was not sent: `what` is its verb and its subject.
fn failure(
    what: (&'static str, &str),
    service: Service,
    region: &str,
    kind: Kind,
    reason: impl Into<String>,
) -> Error {
    let asked = Asked {
        operation: what.0,
        subject: what.1.to_owned(),
        region: region.to_owned(),
        service: service.key,
        ..Asked::default()
    };
    Error::new(kind, Some(&Arc::new(asked)), reason)
}

mod inspect;
pub(crate) mod projects;
#[cfg(test)]
mod tests;
