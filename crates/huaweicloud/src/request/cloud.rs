//! The common context of requests and credential sources.

use std::sync::Arc;
use std::time::SystemTime;

use super::sender::Sender;
use crate::endpoints::Endpoints;
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
        self.sender.clock.now()
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
