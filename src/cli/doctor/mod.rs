//! `doctor`: what is in use for reads, and what keeps them from working. Everything is asked of the provider's own client,
//! so that nothing here can differ from what a plan does.

mod checks;
mod report;

use std::sync::Arc;

use huaweicloud::endpoints::METADATA;
use huaweicloud::{
    Client, Description, EndpointInUse, Error, Kind, ProjectInUse, ProjectOrigin, Scope, SignedIn,
};
use tfplug::Provider as _;
use tokio::time::Instant;

use super::failure::Failure;
use super::options::DoctorOptions;
use super::{configured, output};
use crate::iotda::{Instances, SERVICE};
use crate::provider::IotdaProvider;
use checks::Contact;
use report::Report;

pub(super) async fn run(options: &DoctorOptions) -> Result<(), Failure> {
    let deadline = Instant::now().checked_add(options.timeout);
    let (provider, diagnostics) = configured::provider().await?;
    let mut report = Report::new(IotdaProvider::VERSION);
    report.add(checks::configuration(&diagnostics));
    match provider.client() {
        None => report.skip(&checks::AFTER_CONFIGURATION, "the configuration cannot be used"),
        Some(client) => {
            let api = client.instances();
            let scope = Scope { region: options.region.as_deref(), deadline };
            Examination { client: api.client(), instances: api.within(scope), scope }.run(&mut report).await;
        }
    }
    output::print(&report.render(options.json)?)?;
    report.outcome()
}

/// A client under examination.
struct Examination<'a> {
    client: &'a Client,
    instances: Instances<'a>,
    scope: Scope<'a>,
}

/// How the steps of a read went; `None` for those that the ones before made impossible.
struct Steps {
    signed_in: Result<SignedIn, Error>,
    project: Option<Result<ProjectInUse, Error>>,
    count: Option<Result<usize, Error>>,
}

impl Examination<'_> {
    async fn run(&self, report: &mut Report) {
        let region = self.instances.region();
        let description = self.client.describe(SERVICE, self.scope.region);
        report.add(checks::region(region, description.as_ref().err()));
        let Ok(description) = description else {
            return report.skip(&checks::AFTER_REGION, "the region cannot be read");
        };
        let steps = self.steps(&description).await;
        let places = &description.endpoints;
        report.add(checks::credentials(&description, &steps.signed_in));
        report.add(checks::project(steps.project.as_ref(), places));
        for place in places {
            let contact = self.contact(place, &steps).await;
            let handshake = self.client.handshake(place);
            report.add(checks::endpoint(place, &contact));
            report.add(checks::tls(place, &description, &contact, handshake.as_ref()));
        }
        let works = matches!(steps.count, Some(Ok(_)));
        report.add(checks::clock(self.client.clock_difference(), works));
        report.add(checks::read(steps.count.as_ref(), places));
    }

    /// Takes the steps of a read, one by one.
    async fn steps(&self, description: &Description) -> Steps {
        let signed_in = self.client.sign_in(self.scope).await;
        let project = match (&signed_in, &description.project_id) {
            (Ok(_), _) => Some(self.client.project(self.scope).await),
            (Err(_), Some(id)) => {
                Some(Ok(ProjectInUse { id: Arc::from(id.as_str()), origin: ProjectOrigin::Given }))
            }
            (Err(_), None) => None,
        };
        let count = match (&signed_in, &project) {
            (Ok(_), Some(Ok(_))) => Some(self.instances.count().await),
            _ => None,
        };
        Steps { signed_in, project, count }
    }

    /// Whether a place answers: by what the steps met there, else by asking it.
    async fn contact(&self, place: &EndpointInUse, steps: &Steps) -> Contact {
        let failures = [
            steps.signed_in.as_ref().err(),
            steps.project.as_ref().and_then(|step| step.as_ref().err()),
            steps.count.as_ref().and_then(|step| step.as_ref().err()),
        ];
        if let Some(error) = failures.into_iter().flatten().find(|error| place.concerns(error)) {
            return if error.status().is_some() { Contact::Answered } else { Contact::Failed(error.clone()) };
        }
        let is_service = place.service.key == SERVICE.key;
        let answered = (place.for_credentials && steps.signed_in.is_ok())
            || (place.for_project && matches!(steps.project, Some(Ok(_))))
            || (is_service && matches!(steps.count, Some(Ok(_))));
        if answered {
            return Contact::Answered;
        }
        let silent = steps.signed_in.as_ref().is_err_and(|error| *error.kind() == Kind::NoCredentials);
        if silent && place.service.key == METADATA.key {
            return Contact::Silent;
        }
        if self.scope.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Contact::OutOfTime;
        }
        match self.client.reach(place, self.scope.deadline).await {
            Ok(()) => Contact::Answered,
            Err(error) => Contact::Failed(error),
        }
    }
}
