//! `doctor`: reports the settings that reads use, and what prevents them from working. It uses the provider's own
//! client, so its results cannot differ from those of a plan.

mod checks;
mod report;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use huaweicloud::endpoints::METADATA;
use huaweicloud::{
    Client, EndpointInUse, Error, Kind, ProjectInUse, ProjectOrigin, Scope, SignedIn, duration,
};
use tfplug::Provider as _;
use tokio::time::Instant;

use super::configured;
use super::failure::Failure;
use super::options::{Command, Options};
use super::output;
use crate::iotda::{Instances, SERVICE};
use crate::provider::{IotdaProvider, validators};
use checks::Contact;
use report::Report;

const USAGE: &str = "\
Reports which credentials, project and endpoints are in use, and checks TLS, the clock and a test read. Never prints secrets.
Uses the same environment variables and files as the provider.

Usage: terraform-provider-iotda doctor [--region REGION] [--timeout 30s] [--json]

  --region   region to use instead of HW_REGION_NAME
  --timeout  timeout of all checks together, as a duration such as 90s (default: 30s)
  --json     print JSON

Exit codes: 0 all checks passed (warnings allowed), 1 a check failed, 2 wrong command line.";

pub(super) const COMMAND: Command = Command {
    name: "doctor",
    usage: USAGE,
    options: &[
        // A region that is not valid is a result of the checks.
        ("region", Some(|_| Ok(()))),
        ("timeout", Some(validators::go_duration)),
        ("json", None),
        ("help", None),
    ],
    run: |options| Box::pin(run(options)),
};

/// Time limit for all checks together.
const LIMIT: Duration = Duration::from_secs(30);

/// Placeholder region, used to examine the rest of a configuration. No request is sent to it.
const ANY_REGION: &str = "cn-north-4";

async fn run(options: Options) -> Result<(), Failure> {
    let limit = options.value("timeout").and_then(duration::parse).unwrap_or(LIMIT);
    let deadline = Instant::now().checked_add(limit);
    let mut stdout = std::io::stdout();
    let lines: Option<&mut dyn Write> = if options.has("json") { None } else { Some(&mut stdout) };
    let mut report = Report::new(IotdaProvider::VERSION, lines)?;
    let region = options.value("region");
    let (provider, diagnostics) = configured::provider(region).await?;
    report.add(checks::configuration(&diagnostics))?;
    match provider.client() {
        Some(client) => examine(&client.cloud, Scope { region, deadline }, &mut report).await?,
        None => without_configuration(&mut report).await?,
    }
    if options.has("json") {
        output::print(&serde_json::to_string_pretty(&report)?)?;
    }
    report.outcome()
}

/// Reports the credentials in use even if only the region is missing. Sends no request.
async fn without_configuration(report: &mut Report<'_>) -> Result<(), Failure> {
    let (provider, _) = configured::provider(Some(ANY_REGION)).await?;
    let Some(Ok(description)) = provider.client().map(|client| client.cloud.describe(SERVICE, None)) else {
        return Ok(report.skip_rest("the configuration is not valid")?);
    };
    report.add(checks::no_region())?;
    report.add(checks::credentials_without_region(&description))?;
    Ok(report.skip_rest("not checked without a region")?)
}

/// Results of the steps of a read; `None` for a step that an earlier failure made impossible.
struct Steps {
    signed_in: Result<SignedIn, Error>,
    project: Option<Result<ProjectInUse, Error>>,
    count: Option<Result<usize, Error>>,
}

/// Performs the steps of a read one at a time, and reports each before the next.
async fn examine(client: &Client, scope: Scope<'_>, report: &mut Report<'_>) -> std::io::Result<()> {
    let instances = Instances { client, scope };
    let description = client.describe(SERVICE, scope.region);
    report.add(checks::region(instances.region(), description.as_ref().err()))?;
    let Ok(description) = description else {
        return report.skip_rest("the region cannot be read");
    };
    let places = &description.endpoints;
    let signed_in = client.sign_in(scope).await;
    report.add(checks::credentials(&description, &signed_in))?;
    let project = match (&signed_in, &description.project_id) {
        (Ok(_), _) => Some(client.project(scope).await),
        (Err(_), id) => {
            id.as_deref().map(|id| Ok(ProjectInUse { id: Arc::from(id), origin: ProjectOrigin::Given }))
        }
    };
    report.add(checks::project(project.as_ref(), places))?;
    let count = match (&signed_in, &project) {
        (Ok(_), Some(Ok(_))) => Some(instances.count().await),
        _ => None,
    };
    let steps = Steps { signed_in, project, count };
    for place in places {
        let contact = steps.contact(client, place, scope).await;
        let handshake = client.handshake(place);
        report.add(checks::endpoint(place, &contact))?;
        report.add(checks::tls(place, &description, &contact, handshake.as_ref()))?;
    }
    let works = matches!(steps.count, Some(Ok(_)));
    report.add(checks::clock(client.clock_difference(), works))?;
    report.add(checks::read(steps.count.as_ref(), places))
}

impl Steps {
    /// Returns whether an endpoint responds, as known from the steps; otherwise tries it.
    async fn contact(&self, client: &Client, place: &EndpointInUse, scope: Scope<'_>) -> Contact {
        let Self { signed_in, project, count } = self;
        let failures = [
            signed_in.as_ref().err(),
            project.as_ref().and_then(|step| step.as_ref().err()),
            count.as_ref().and_then(|step| step.as_ref().err()),
        ];
        if let Some(error) = failures.into_iter().flatten().find(|error| place.concerns(error)) {
            return if error.status().is_some() { Contact::Answered } else { Contact::Failed(error.clone()) };
        }
        let is_service = place.service.key == SERVICE.key;
        let answered = (place.for_credentials && signed_in.is_ok())
            || (place.for_project && matches!(project, Some(Ok(_))))
            || (is_service && matches!(count, Some(Ok(_))));
        if answered {
            return Contact::Answered;
        }
        let silent = signed_in.as_ref().is_err_and(|error| *error.kind() == Kind::NoCredentials);
        if silent && place.service.key == METADATA.key {
            return Contact::Silent;
        }
        if scope.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Contact::OutOfTime;
        }
        match client.reach(place, scope.deadline).await {
            Ok(()) => Contact::Answered,
            Err(error) => Contact::Failed(error),
        }
    }
}
