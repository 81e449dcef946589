//! Project IDs by region: known from the configuration or the credential, otherwise looked up once.

use std::sync::Arc;

use reqwest::Method;
use serde::Deserialize;

use crate::error::{Error, Kind, tidy};
use crate::request::{Call, Caller, Cloud, Flights, ProjectRef, objects};

/// Maximum number of projects that an error names.
const SHOWN: usize = 10;

/// Project IDs found so far.
#[derive(Default)]
pub(crate) struct Projects(Flights<Arc<str>>);

/// Response of IAM to `GET /v3/projects`, limited to the fields in use.
#[derive(Deserialize)]
struct List {
    #[serde(default, deserialize_with = "objects")]
    projects: Option<Vec<Project>>,
}

#[derive(Deserialize)]
struct Project {
    id: Option<String>,
    name: Option<String>,
}

/// The project of a region.
#[derive(Clone, Debug)]
pub struct ProjectInUse {
    /// ID of the project.
    pub id: Arc<str>,
    /// How the ID is known.
    pub origin: ProjectOrigin,
}

/// How a project's ID is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectOrigin {
    /// From the configuration.
    Given,
    /// The credential is for this project.
    Credential,
    /// IAM lookup of the project of this name.
    LookedUp(String),
}

impl Projects {
    /// Returns the project to use in `region`. Concurrent callers share one request.
    pub(crate) async fn of(&self, caller: &Caller<'_>, region: &str) -> Result<ProjectInUse, Error> {
        let (id, origin) = match (caller.cloud.project_in(region), &caller.credential.project_id) {
            (ProjectRef::Id(id), _) => (id.into(), ProjectOrigin::Given),
            (ProjectRef::Name(_), Some(id)) => (id.as_str().into(), ProjectOrigin::Credential),
            (ProjectRef::Name(name), None) => {
                let look_up = look_up(caller, name, region);
                let id = self.0.of(region).get(|_| true, |_| false, look_up).await?;
                (id, ProjectOrigin::LookedUp(name.to_owned()))
            }
        };
        Ok(ProjectInUse { id, origin })
    }
}

async fn look_up(caller: &Caller<'_>, name: &str, region: &str) -> Result<Arc<str>, Error> {
    let cloud = caller.cloud;
    let call = Call {
        operation: "look up",
        subject: format!("the project \"{name}\"").into(),
        path: &["v3", "projects"],
        query: &[("name", name)],
        region,
        ..cloud.identity_call(Method::GET)?.by(caller)
    };
    let skip = "Set `project_id` to skip the lookup.";
    let answer = cloud.sender.send(call).await.map_err(|error| error.and_for(&[Kind::Forbidden], skip))?;
    let list: List = answer.object()?;
    let Some(projects) = list.projects else {
        return Err(answer.unexpected("projects", "The response is not a list: it has no `projects`."));
    };
    let ids: Vec<&str> = projects
        .iter()
        .filter(|project| project.name.as_deref() == Some(name))
        .filter_map(|project| project.id.as_deref())
        .collect();
    match *ids.as_slice() {
        [id] => Ok(id.into()),
        [] => Err(answer.error(Kind::NoProject, none(&projects, name)).and(advice(cloud, region))),
        _ => {
            let shown = ids.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
            let shown = tidy(&shown).unwrap_or_default();
            let text = format!("IAM has {} projects named \"{name}\": {shown}.", ids.len());
            Err(answer.error(Kind::NoProject, text).and("Set `project_id` to choose one."))
        }
    }
}

/// Returns what to check: the name as configured, or that of the region.
fn advice(cloud: &Cloud, region: &str) -> String {
    let check = match cloud.project.name_set_by.as_deref().filter(|_| region == cloud.region) {
        Some(setting) => format!("The name is set with {setting}: check it and `region`"),
        None => "The name is that of the region's default project: check `region`, or set `project_name`"
            .to_owned(),
    };
    format!(
        "{check}. Also check that these credentials may use the region. With `project_id` no lookup is needed."
    )
}

fn none(projects: &[Project], name: &str) -> String {
    let others: Vec<&str> =
        projects.iter().filter_map(|project| project.name.as_deref()).take(SHOWN).collect();
    match tidy(&others.join(", ")) {
        None => format!("IAM has no project named \"{name}\" that these credentials can access."),
        Some(others) => format!("IAM returned projects other than \"{name}\": {others}."),
    }
}
