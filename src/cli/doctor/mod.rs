//! `doctor`: reports the settings that reads use, and what prevents them from working. It uses the provider's own
//! client, so its results cannot differ from those of a plan.

mod checks;
mod report;

use std::io::Write;
use std::sync::Arc;

use huaweicloud::endpoints::METADATA;
use huaweicloud::{
    Client, Description, EndpointInUse, Error, Kind, ProjectInUse, ProjectOrigin, Scope, SignedIn,
};
use tfplug::Provider as _;
use tokio::time::Instant;

use super::configured::{self, Configured};
use super::failure::Failure;
use super::options::DoctorOptions;
use super::output;
use crate::iotda::{Instances, SERVICE};
use crate::provider::IotdaProvider;
use checks::Contact;
use report::Report;

/// Placeholder region, used to examine the rest of a configuration. No request is sent to it.
const ANY_REGION: &str = "cn-north-4";

pub(super) async fn run(options: &DoctorOptions) -> Result<(), Failure> {
    let deadline = Instant::now().checked_add(options.timeout);
    let mut stdout = std::io::stdout();
    let lines: Option<&mut dyn Write> = if options.json { None } else { Some(&mut stdout) };
    let mut report = Report::new(IotdaProvider::VERSION, lines)?;
    let region = options.region.as_deref();
    let Configured { provider, diagnostics } = configured::provider(region).await?;
    report.add(checks::configuration(&diagnostics))?;
    match provider.client() {
        Some(client) => {
            let api = client.instances();
            let scope = Scope { region, deadline };
            Examination { client: api.client(), instances: api.within(scope), scope }
                .run(&mut report)
                .await?;
        }
        None => without_configuration(&mut report).await?,
    }
    if options.json {
        output::print(&report.json()?)?;
    }
    report.outcome()
}

/// Reports the credentials in use even if only the region is missing. Sends no request.
async fn without_configuration(report: &mut Report<'_>) -> Result<(), Failure> {
    let Configured { provider, .. } = configured::provider(Some(ANY_REGION)).await?;
    let description = provider.client().map(|client| client.instances().client().describe(SERVICE, None));
    let Some(Ok(description)) = description else {
        return Ok(report.skip(&checks::AFTER_CONFIGURATION, "the configuration is not valid")?);
    };
    report.skip(&["region"], "not configured: set HW_REGION_NAME, or use --region")?;
    report.add(checks::credentials_without_region(&description))?;
    Ok(report.skip(&checks::AFTER_CREDENTIALS, "not checked without a region")?)
}

/// A client to examine.
struct Examination<'a> {
    client: &'a Client,
    instances: Instances<'a>,
    scope: Scope<'a>,
}

/// Results of the steps of a read; `None` for a step that an earlier failure made impossible.
struct Steps {
    signed_in: Result<SignedIn, Error>,
    project: Option<Result<ProjectInUse, Error>>,
    count: Option<Result<usize, Error>>,
}

impl Examination<'_> {
    /// Performs the steps of a read one at a time, and reports each before the next.
    async fn run(&self, report: &mut Report<'_>) -> std::io::Result<()> {
        let region = self.instances.region();
        let description = self.client.describe(SERVICE, self.scope.region);
        report.add(checks::region(region, description.as_ref().err()))?;
        let Ok(description) = description else {
            return report.skip(&checks::AFTER_REGION, "the region cannot be read");
        };
        let places = &description.endpoints;
        let signed_in = self.client.sign_in(self.scope).await;
        report.add(checks::credentials(&description, &signed_in))?;
        let project = self.project(&description, signed_in.is_ok()).await;
        report.add(checks::project(project.as_ref(), places))?;
        let count = match (&signed_in, &project) {
            (Ok(_), Some(Ok(_))) => Some(self.instances.count().await),
            _ => None,
        };
        let steps = Steps { signed_in, project, count };
        for place in places {
            let contact = self.contact(place, &steps).await;
            let handshake = self.client.handshake(place);
            report.add(checks::endpoint(place, &contact))?;
            report.add(checks::tls(place, &description, &contact, handshake.as_ref()))?;
        }
        let works = matches!(steps.count, Some(Ok(_)));
        report.add(checks::clock(self.client.clock_difference(), works))?;
        report.add(checks::read(steps.count.as_ref(), places))
    }

    async fn project(
        &self,
        description: &Description,
        is_signed_in: bool,
    ) -> Option<Result<ProjectInUse, Error>> {
        if is_signed_in {
            return Some(self.client.project(self.scope).await);
        }
        let id = description.project_id.as_deref()?;
        Some(Ok(ProjectInUse { id: Arc::from(id), origin: ProjectOrigin::Given }))
    }

    /// Returns whether an endpoint responds, as known from the steps; otherwise tries it.
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
