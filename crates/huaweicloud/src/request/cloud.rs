//! What every request and every credential source works with.

use std::sync::Arc;
use std::time::SystemTime;

use super::sender::Sender;
use crate::endpoints::Endpoints;
use crate::settings::ConfiguredProject;
use crate::settings::environment::Environment;

/// The cloud as configured: where its services are, and how to send to them.
pub(crate) struct Cloud {
    pub(crate) sender: Sender,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) environment: Environment,
    /// The region of the configuration.
    pub(crate) region: String,
    /// The project of the configuration, in that region.
    pub(crate) project: ConfiguredProject,
}

impl Cloud {
    pub(crate) fn now(&self) -> SystemTime {
        self.sender.now()
    }

    /// The project to use in `region`: the configured one at home, the region's own elsewhere.
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

/// A project by what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProjectRef<'a> {
    Id(&'a str),
    Name(&'a str),
}
