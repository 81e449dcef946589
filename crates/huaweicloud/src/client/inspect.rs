//! Inspects a client's configuration and state, to diagnose failing reads. Never exposes a secret.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Method;
use tokio::time::Instant;
use url::Url;

use super::projects::ProjectInUse;
use super::{Client, Inner, failure};
use crate::endpoints::{Endpoint, IAM, Service};
use crate::error::{CredentialSource, Error, Kind};
use crate::network::Handshake;
use crate::request::{Bearer as _, Call, ProjectRef};
use crate::scope::Scope;
use crate::settings::Domain;

/// The configuration of a client, known before anything is sent.
#[derive(Clone, Debug)]
pub struct Description {
    /// Source of the credential.
    pub source: Arc<CredentialSource>,
    /// Agencies to assume, in this order.
    pub agencies: Vec<Agency>,
    /// ID of the configured project, if it applies to the region.
    pub project_id: Option<String>,
    /// Endpoints of the service itself, and of those used for credentials and the project's ID.
    pub endpoints: Vec<EndpointInUse>,
    /// Whether the system's roots are trusted, because no bundle replaces them.
    pub system_roots: bool,
    /// Whether any certificate is accepted.
    pub insecure: bool,
}

/// An agency, and the name or ID of the account that owns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its name.
    pub name: String,
    /// ID or name of the account.
    pub account: String,
}

/// An endpoint that requests are sent to.
#[derive(Clone, Debug)]
pub struct EndpointInUse {
    /// Service of the endpoint.
    pub service: Service,
    /// Base URL.
    pub url: String,
    /// Whether the configuration sets it. Otherwise it is built from region and cloud, or fixed.
    pub configured: bool,
    /// Host and port of the proxy in use.
    pub proxy: Option<String>,
    /// Whether it is used to obtain credentials.
    pub for_credentials: bool,
    /// Whether it is used to look up the ID of the project.
    pub for_project: bool,
    endpoint: Endpoint,
}

/// A credential that was obtained.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Source of the credential.
    pub source: Arc<CredentialSource>,
    /// Expiry, if known.
    pub expires_at: Option<SystemTime>,
}

impl Client {
    /// Describes what this client uses to send requests to `service` in `region`.
    ///
    /// # Errors
    ///
    /// [`Kind::Argument`] if the service cannot be used there at all.
    pub fn describe(&self, service: Service, region: Option<&str>) -> Result<Description, Error> {
        let Inner { cloud, identity, tls, proxies, .. } = &*self.0;
        let region = region.unwrap_or(&cloud.region);
        let impossible =
            |reason: String| failure(("ask", service.key), service, region, Kind::Argument, reason);
        self.check_region(service, region).map_err(|reason| impossible(reason.into_owned()))?;
        let asked = identity.asks_iam;
        let look_up = !identity.is_of_project && matches!(cloud.project_in(region), ProjectRef::Name(_));
        let home = &cloud.region;
        let mut found = vec![(service, cloud.endpoints.of(service, region), false, false)];
        if asked || look_up {
            found.push((IAM, cloud.endpoints.identity(home), asked, look_up));
        }
        let others = identity.services.iter();
        found.extend(others.map(|service| (*service, cloud.endpoints.of(*service, home), true, false)));
        let mut endpoints: Vec<EndpointInUse> = Vec::new();
        for (service, endpoint, for_credentials, for_project) in found {
            let endpoint = endpoint.map_err(|reason| impossible(reason.to_owned()))?.into_owned();
            let known = endpoints
                .iter_mut()
                .find(|known| known.service.key == service.key && known.endpoint == endpoint);
            if let Some(known) = known {
                known.for_credentials |= for_credentials;
                continue;
            }
            let url = endpoint.path(&[]).map(|path| endpoint.url(&path, "")).unwrap_or_default();
            let proxied = Url::parse(&url).is_ok_and(|url| proxies.of(&url).is_some());
            let proxy = proxies.name().filter(|_| proxied);
            let configured = cloud.endpoints.is_configured(service);
            let used =
                EndpointInUse { service, url, configured, proxy, for_credentials, for_project, endpoint };
            endpoints.push(used);
        }
        let agencies = identity.agencies.iter().map(Agency::of).collect();
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

    /// Obtains the credential for a region, as its first read does. Whether servers accept it shows only when a request
    /// is made with it.
    ///
    /// # Errors
    ///
    /// Any failure to obtain a credential.
    pub async fn sign_in(&self, scope: Scope<'_>) -> Result<SignedIn, Error> {
        let Inner { cloud, identity, .. } = &*self.0;
        let credential = identity.held(cloud, scope).credential().await?;
        Ok(SignedIn { source: Arc::clone(&credential.source), expires_at: credential.expires_at })
    }

    /// Returns the project of a region, looked up if needed, as its first read does.
    ///
    /// # Errors
    ///
    /// Those of [`sign_in`](Self::sign_in), and any failure to find the project.
    pub async fn project(&self, scope: Scope<'_>) -> Result<ProjectInUse, Error> {
        let Inner { cloud, identity, projects, .. } = &*self.0;
        let held = identity.held(cloud, scope);
        projects.of(&held.caller().await?, scope.region_or(&cloud.region)).await
    }

    /// Sends one request to an endpoint's base URL, without a credential. Any response proves that it is reachable.
    ///
    /// # Errors
    ///
    /// Any failure to get a response.
    pub async fn reach(&self, place: &EndpointInUse, deadline: Option<Instant>) -> Result<(), Error> {
        let cloud = &self.0.cloud;
        let call = Call {
            operation: "reach",
            subject: format!("the endpoint `{}`", place.service.key).into(),
            max_retries: Some(0),
            deadline,
            ..Call::new(Method::GET, place.service, Cow::Borrowed(&place.endpoint), &cloud.region)
        };
        match cloud.sender.send(call).await {
            Err(error) if error.status().is_none() => Err(error),
            _ => Ok(()),
        }
    }

    /// Returns the last TLS handshake with an endpoint's host that reached its certificates.
    pub fn handshake(&self, place: &EndpointInUse) -> Option<Handshake> {
        let url = Url::parse(&place.url).ok()?;
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
        self.0.tls.handshake(host)
    }

    /// Returns how many seconds the server of the last response is ahead of this machine, negative if behind; `None`
    /// until a server has sent its time.
    pub fn clock_difference(&self) -> Option<i64> {
        self.0.cloud.sender.skew.measured()
    }
}

impl EndpointInUse {
    /// Returns whether an error is about a request to this endpoint.
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
