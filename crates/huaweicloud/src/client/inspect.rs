//! What a client goes by and what it has met, for whoever wants to see why reads fail: never a secret.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Method;
use tokio::time::Instant;
use url::Url;

use super::projects::{self, Origin};
use super::{Caller, Client, Inner, failure};
use crate::endpoints::{Endpoint, IAM, Service};
use crate::error::{CredentialSource, Error, Kind};
use crate::network::handshakes::Handshake;
use crate::request::call::Call;
use crate::request::cloud::ProjectRef;
use crate::request::credential::Bearer as _;
use crate::scope::Scope;
use crate::settings::Domain;

/// What a client goes by, known before anything is sent.
#[derive(Clone, Debug)]
pub struct Description {
    /// Where the credential comes from.
    pub source: Arc<CredentialSource>,
    /// Agencies that are assumed, in this order.
    pub agencies: Vec<Agency>,
    /// ID of the project in the configuration, where it counts for the region.
    pub project_id: Option<String>,
    /// Where requests go: the service itself, and what credentials and the project's ID are asked of.
    pub endpoints: Vec<EndpointInUse>,
    /// Whether the system's roots are trusted, and no bundle in their place.
    pub system_roots: bool,
    /// Whether any certificate is accepted.
    pub insecure: bool,
}

/// An agency, and the account that owns it, by name or ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its name.
    pub name: String,
    /// ID or name of the account.
    pub account: String,
}

/// One place that requests go to.
#[derive(Clone, Debug)]
pub struct EndpointInUse {
    /// The service there.
    pub service: Service,
    /// Base URL.
    pub url: String,
    /// Whether the configuration names it; else it is built from region and cloud, or fixed.
    pub configured: bool,
    /// Host and port of the proxy on the way.
    pub proxy: Option<String>,
    /// Whether it is asked for credentials.
    pub for_credentials: bool,
    /// Whether it is asked for the ID of the project.
    pub for_project: bool,
    endpoint: Endpoint,
}

/// A credential that was obtained.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Where it comes from.
    pub source: Arc<CredentialSource>,
    /// When it ends, if that is known.
    pub expires_at: Option<SystemTime>,
}

/// The project of a region.
#[derive(Clone, Debug)]
pub struct ProjectInUse {
    /// Its ID.
    pub id: Arc<str>,
    /// How that is known.
    pub origin: ProjectOrigin,
}

/// How a project's ID is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectOrigin {
    /// From the configuration.
    Given,
    /// The credential is for this project.
    Credential,
    /// IAM was asked for the project of this name.
    LookedUp(String),
}

impl Client {
    /// What this client goes by when it asks `service` in `region`.
    ///
    /// # Errors
    ///
    /// [`Kind::Argument`] when the service cannot be asked there at all.
    pub fn describe(&self, service: Service, region: Option<&str>) -> Result<Description, Error> {
        let Inner { cloud, identity, tls, .. } = &*self.0;
        let region = region.unwrap_or(&cloud.region);
        let impossible =
            |reason: String| failure(("ask", service.key), service, region, Kind::Argument, reason);
        self.check_region(service, region).map_err(|reason| impossible(reason.into_owned()))?;
        let asked = identity.asks_iam();
        let look_up = !identity.is_of_project() && matches!(cloud.project_in(region), ProjectRef::Name(_));
        let home = &cloud.region;
        let mut found = vec![(service, cloud.endpoints.of(service, region), false, false)];
        if asked || look_up {
            found.push((IAM, cloud.endpoints.identity(home), asked, look_up));
        }
        found.extend(
            identity.services().map(|service| (service, cloud.endpoints.of(service, home), true, false)),
        );
        let mut endpoints: Vec<EndpointInUse> = Vec::new();
        for (service, endpoint, for_credentials, for_project) in found {
            let endpoint = endpoint.map_err(|reason| impossible(reason.to_owned()))?;
            let known = endpoints
                .iter_mut()
                .find(|known| known.service.key == service.key && known.endpoint == *endpoint);
            if let Some(known) = known {
                known.for_credentials |= for_credentials;
            } else {
                let endpoint = endpoint.into_owned();
                endpoints.push(self.in_use(service, endpoint, for_credentials, for_project));
            }
        }
        let agencies = identity.agencies().iter().map(Agency::of).collect();
        let project_id = match cloud.project_in(region) {
            ProjectRef::Id(id) => Some(id.to_owned()),
            ProjectRef::Name(_) => None,
        };
        Ok(Description {
            source: identity.source(),
            agencies,
            project_id,
            endpoints,
            system_roots: tls.trusts_the_system(),
            insecure: tls.insecure,
        })
    }

    /// Obtains the credential for a region, as its first read does. Whether servers accept it is told by what is asked
    /// with it.
    ///
    /// # Errors
    ///
    /// Whatever kept a credential from being obtained.
    pub async fn sign_in(&self, scope: Scope<'_>) -> Result<SignedIn, Error> {
        let Inner { cloud, identity, .. } = &*self.0;
        let credential = identity.credential(cloud, scope).await?;
        Ok(SignedIn { source: Arc::clone(&credential.source), expires_at: credential.expires_at() })
    }

    /// The project of a region, looked up if need be, as its first read does.
    ///
    /// # Errors
    ///
    /// Those of [`sign_in`](Self::sign_in), and whatever kept the project from being found.
    pub async fn project(&self, scope: Scope<'_>) -> Result<ProjectInUse, Error> {
        let Inner { cloud, identity, projects, .. } = &*self.0;
        let caller = Caller { identity, cloud, scope };
        let credential = caller.credential().await?;
        let id = projects.id(cloud, &caller, &credential, scope).await?;
        let region = scope.region_or(&cloud.region);
        let origin = match projects::origin(cloud, &credential, region) {
            Origin::Given(_) => ProjectOrigin::Given,
            Origin::Credential(_) => ProjectOrigin::Credential,
            Origin::Name(name) => ProjectOrigin::LookedUp(name.to_owned()),
        };
        Ok(ProjectInUse { id, origin })
    }

    /// Asks an endpoint for nothing in particular, once and without any credential. Whatever it answers, it is there.
    ///
    /// # Errors
    ///
    /// Whatever kept an answer from coming.
    pub async fn reach(&self, place: &EndpointInUse, deadline: Option<Instant>) -> Result<(), Error> {
        let cloud = &self.0.cloud;
        let call = Call {
            operation: "reach",
            subject: format!("the endpoint `{}`", place.service.key).into(),
            max_retries: Some(0),
            deadline,
            ..Call::new(Method::GET, place.service, &place.endpoint, &cloud.region)
        };
        match cloud.sender.send(&call).await {
            Err(error) if error.status().is_none() => Err(error),
            _ => Ok(()),
        }
    }

    /// The last TLS handshake with an endpoint's host that came as far as its certificates.
    pub fn handshake(&self, place: &EndpointInUse) -> Option<Handshake> {
        let url = Url::parse(&place.url).ok()?;
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
        self.0.tls.handshake(host)
    }

    /// Seconds that the server of the last answer is ahead of this machine, negative when behind; `None` as long as
    /// none has told its time.
    pub fn clock_difference(&self) -> Option<i64> {
        self.0.cloud.sender.skew.measured()
    }

    fn in_use(
        &self,
        service: Service,
        endpoint: Endpoint,
        for_credentials: bool,
        for_project: bool,
    ) -> EndpointInUse {
        let Inner { cloud, proxies, .. } = &*self.0;
        let url = endpoint.path(&[]).map(|path| endpoint.url(&path, "")).unwrap_or_default();
        let proxied = Url::parse(&url).is_ok_and(|url| proxies.of(&url).is_some());
        let proxy = proxies.name().filter(|_| proxied);
        let configured = cloud.endpoints.is_configured(service);
        EndpointInUse { service, url, configured, proxy, for_credentials, for_project, endpoint }
    }
}

impl EndpointInUse {
    /// Whether an error is about a request to this place.
    pub fn concerns(&self, error: &Error) -> bool {
        error
            .asked()
            .is_some_and(|asked| asked.service == self.service.key && asked.url.starts_with(&self.url))
    }
}

impl Agency {
    fn of((name, account): &(String, Domain)) -> Self {
        let (Domain::Id(account) | Domain::Name(account)) = account;
        Self { name: name.clone(), account: account.clone() }
    }
}

#[cfg(test)]
mod tests;
