//! The common context of requests and credential sources.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Method;
use tokio::time::Instant;

use super::call::Call;
use super::credential::{Bearer, Credential};
use super::sender::Sender;
use crate::endpoints::{Endpoint, Endpoints, IAM, Service};
use crate::error::{Error, Kind};
use crate::settings::ConfiguredProject;
use crate::settings::environment::Environment;

/// The cloud as configured: the endpoints of its services, and how to send requests to them.
pub(crate) struct Cloud {
    pub(crate) sender: Sender,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) environment: Environment,
    /// The configured region.
    pub(crate) region: String,
    /// The configured project, in that region.
    pub(crate) project: ConfiguredProject,
}

impl Cloud {
    pub(crate) fn now(&self) -> SystemTime {
        (self.sender.clock)()
    }

    /// Creates a call to the endpoint of a service in the configured region.
    ///
    /// # Errors
    ///
    /// If the endpoint is not a valid URL.
    pub(crate) fn call(&self, method: Method, service: Service) -> Result<Call<'_>, Error> {
        self.call_to(method, service, self.endpoints.of(service, &self.region))
    }

    /// Creates a call to the endpoint for projects and tokens.
    ///
    /// # Errors
    ///
    /// If the endpoint is not a valid URL.
    pub(crate) fn identity_call(&self, method: Method) -> Result<Call<'_>, Error> {
        self.call_to(method, IAM, self.endpoints.identity(&self.region))
    }

    fn call_to<'a>(
        &'a self,
        method: Method,
        service: Service,
        endpoint: Result<Cow<'a, Endpoint>, &'static str>,
    ) -> Result<Call<'a>, Error> {
        let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
        Ok(Call::new(method, service, endpoint, &self.region))
    }

    /// Returns the project to use in `region`: the configured one in the configured region, otherwise the region's own.
    pub(crate) fn project_in<'a>(&'a self, region: &'a str) -> ProjectRef<'a> {
        if region != self.region {
            return ProjectRef::Name(region);
        }
        match (&self.project.id, &self.project.name) {
            (Some(id), _) => ProjectRef::Id(id),
            (None, Some(name)) => ProjectRef::Name(name),
            (None, None) => ProjectRef::Name(region),
        }
    }
}

/// A project, identified by ID or name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProjectRef<'a> {
    Id(&'a str),
    Name(&'a str),
}

/// The identity that requests are made with.
pub(crate) struct Caller<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) credential: Arc<Credential>,
    /// Renews the credential.
    pub(crate) bearer: Option<&'a dyn Bearer>,
    pub(crate) deadline: Option<Instant>,
}

impl<'a> Call<'a> {
    /// Sets the identity that it is made with, until its deadline.
    pub(crate) fn by(self, caller: &Caller<'a>) -> Self {
        let credential = Some(Arc::clone(&caller.credential));
        Self { credential, bearer: caller.bearer, deadline: caller.deadline, ..self }
    }
}
