//! Where to ask: region, cloud, endpoints and project.

use std::collections::BTreeMap;

use super::Project;
use super::arguments::{ArgumentError, Step};
use super::catalog;
use super::lookup::{Lookup, Origin, given};
use super::profile::Profile;
use crate::endpoints::{self, Endpoint, Endpoints, IAM, METADATA, STS, Service};

const WORLD: &str = "myhuaweicloud.com";
const EUROPE: &str = "myhuaweicloud.eu";
const EUROPEAN_REGIONS: &str = "eu-west-1";

pub(super) fn region(lookup: &mut Lookup<'_>) -> Option<String> {
    const VARIABLES: [&str; 2] = ["HW_REGION_NAME", "OS_REGION_NAME"];
    let given = lookup.text("region", lookup.arguments.region.as_deref(), &VARIABLES, Profile::region);
    let Some(given) = given else {
        let detail = "Set `region`, or the environment variable HW_REGION_NAME (or OS_REGION_NAME), to the region whose instances are to be read, such as cn-north-4.";
        lookup.errors.push(ArgumentError::at("region", "Missing region", detail));
        return None;
    };
    if !endpoints::is_region(&given.value) {
        let rule = "must consist of lower-case letters, digits and hyphens, such as cn-north-4: host names are built from it";
        lookup.complain(&given.origin, "Invalid region", rule);
        return None;
    }
    Some(given.value)
}

pub(super) fn endpoints(lookup: &mut Lookup<'_>, services: &[Service], region: Option<&str>) -> Endpoints {
    let cloud = cloud(lookup, region);
    let mut known: Vec<Service> = services.to_vec();
    known.extend([IAM, STS, METADATA]);
    check_keys(lookup, &known);
    let mut custom = BTreeMap::new();
    for service in known {
        let explicit = lookup.arguments.endpoints.get(service.key);
        let (text, path) = match explicit {
            Some(text) => {
                (text.clone(), Some(vec![Step::Name("endpoints"), Step::Key(service.key.to_owned())]))
            }
            None => match lookup.variable(&[&variable(service)]) {
                Some(given) => (given.value, None),
                None => continue,
            },
        };
        let checked = Endpoint::parse(&text).and_then(|endpoint| {
            endpoints::check_use(service.key, &endpoint)?;
            Ok(endpoint)
        });
        match (checked, path) {
            (Ok(endpoint), _) => {
                custom.insert(service.key, endpoint);
            }
            (Err(rule), Some(path)) => {
                let detail = format!("The endpoint `{}` is not usable: {rule}.", service.key);
                lookup.errors.push(ArgumentError::within(path, "Invalid endpoint", detail));
            }
            (Err(rule), None) => {
                let origin = Origin::Variable(variable(service));
                lookup.complain(&origin, "Invalid endpoint", &format!("is not usable: {rule}"));
            }
        }
    }
    Endpoints::new(custom, auth_url(lookup), cloud)
}

fn variable(service: Service) -> String {
    format!("HW_{}_ENDPOINT", service.key.to_uppercase())
}

fn auth_url(lookup: &mut Lookup<'_>) -> Option<Endpoint> {
    const VARIABLES: [&str; 2] = ["HW_AUTH_URL", "OS_AUTH_URL"];
    let given = lookup.text("auth_url", lookup.arguments.auth_url.as_deref(), &VARIABLES, |_| None)?;
    let checked = Endpoint::parse(&given.value).and_then(|endpoint| {
        endpoints::check_use(IAM.key, &endpoint)?;
        Ok(endpoint)
    });
    checked
        .map_err(|rule| lookup.complain(&given.origin, "Invalid auth_url", &format!("is not usable: {rule}")))
        .ok()
}

fn cloud(lookup: &mut Lookup<'_>, region: Option<&str>) -> String {
    let given = lookup.text("cloud", lookup.arguments.cloud.as_deref(), &["HW_CLOUD"], |_| None);
    let Some(given) = given else {
        let european = region.is_some_and(|region| region.starts_with(EUROPEAN_REGIONS));
        return if european { EUROPE } else { WORLD }.to_owned();
    };
    if !endpoints::is_domain(&given.value) {
        let rule = "must be a DNS name such as myhuaweicloud.com, without scheme, port or path: host names are built from it";
        lookup.complain(&given.origin, "Invalid cloud", rule);
    }
    given.value
}

/// Refuses keys that mean one of ours but are not it; accepts those of other services; warns of the rest.
fn check_keys(lookup: &mut Lookup<'_>, known: &[Service]) {
    for key in lookup.arguments.endpoints.keys() {
        let path = vec![Step::Name("endpoints"), Step::Key(key.clone())];
        let meant = known.iter().find(|service| service.misspellings.contains(&key.as_str()));
        if let Some(service) = meant {
            let detail =
                format!("`{key}` is not a key of `endpoints`. The key of this service is `{}`.", service.key);
            lookup.errors.push(ArgumentError::within(path, "Unknown endpoint", detail));
        } else if !known.iter().any(|service| service.key == key) && !catalog::is_foreign(key) {
            let keys: Vec<&str> = known.iter().map(|service| service.key).collect();
            let detail = format!("`{key}` is not used. The keys with an effect are: {}.", keys.join(", "));
            lookup.warnings.push(ArgumentError::within(path, "Endpoint without effect", detail));
        }
    }
}

/// The project by ID or name: the block's, then that of the environment, then that of the profile.
pub(super) fn project(lookup: &mut Lookup<'_>) -> Project {
    let arguments = lookup.arguments;
    let explicit = |argument, value: &Option<String>| {
        given(value.as_deref()).map(|value| (value.to_owned(), Origin::Argument(argument)))
    };
    let id =
        explicit("project_id", &arguments.project_id).or_else(|| explicit("tenant_id", &arguments.tenant_id));
    let name = explicit("project_name", &arguments.project_name)
        .or_else(|| explicit("tenant_name", &arguments.tenant_name));
    let (id, name) = match (id, name) {
        (None, None) => {
            let mut variable =
                |names: &[&str]| lookup.variable(names).map(|given| (given.value, given.origin));
            let id = variable(&["HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"]);
            let name = variable(&["HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"]);
            match (id, name) {
                (None, None) => {
                    (lookup.in_profile(Profile::project_id).map(|given| (given.value, given.origin)), None)
                }
                found => found,
            }
        }
        found => found,
    };
    if let Some((_, origin)) = id.as_ref().filter(|(id, _)| !is_id(id)) {
        let rule = "must consist of letters, digits, hyphens and underscores, such as 0123456789abcdef0123456789abcdef";
        lookup.complain(origin, "Invalid project ID", rule);
    }
    Project { id: id.map(|(id, _)| id), name: name.map(|(name, _)| name) }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}
