//! The target of requests: region, cloud, endpoints and project.

use std::collections::BTreeMap;

use super::arguments::{ArgumentError, Step};
use super::catalog::{
    AUTH_URL, CLOUD, PROJECT_ID, PROJECT_NAME, REGION, TENANT_ID, TENANT_NAME, endpoint_variable,
};
use super::given::{Given, ValueSource, explicit};
use super::lookup::Lookup;
use super::other_services;
use super::profile::{Named, Profile};
use crate::endpoints::{self, Endpoint, Endpoints, IAM, METADATA, STS, Service};

const WORLD: &str = "myhuaweicloud.com";
const EUROPE: &str = "myhuaweicloud.eu";
const EUROPEAN_REGIONS: &str = "eu-west-1";

/// The configured project, if any.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfiguredProject {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    /// Name of the setting that supplies the name, for errors.
    pub(crate) name_set_by: Option<String>,
}

pub(super) fn region(lookup: &mut Lookup<'_>, profile: Named<'_>) -> Option<String> {
    let given = match lookup.text(REGION, lookup.arguments.region.as_deref()) {
        Some(given) => Some(given),
        // A profile that cannot be read may contain it.
        None => profile.ok()?.and_then(Profile::region),
    };
    let Some(given) = given else {
        let near = lookup.near_misses(&[REGION]).map(|near| format!(" {near}"));
        let detail = format!(
            "Set {REGION} to the region to read from, such as cn-north-4.{}",
            near.unwrap_or_default()
        );
        lookup.errors.push(ArgumentError::at("region", "Missing region", detail));
        return None;
    };
    if !endpoints::is_region(&given.value) {
        let rule = "must consist of lower-case letters, digits and hyphens, such as cn-north-4: host names are built from it";
        lookup.reject(&given, "Invalid region", rule);
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
        let argument = lookup.arguments.endpoints.get(service.key).cloned();
        let argument = argument.map(|value| Given { value, source: ValueSource::Endpoint(service.key) });
        let given = argument.or_else(|| lookup.variable(&[&endpoint_variable(service.key)]));
        let endpoint = given.and_then(|given| endpoint(lookup, &given, service, "Invalid endpoint"));
        custom.extend(endpoint.map(|endpoint| (service.key, endpoint)));
    }
    let auth_url = lookup.text(AUTH_URL, lookup.arguments.auth_url.as_deref());
    let auth_url = auth_url.and_then(|given| endpoint(lookup, &given, IAM, "Invalid auth_url"));
    Endpoints::new(custom, auth_url, cloud)
}

fn endpoint(
    lookup: &mut Lookup<'_>,
    given: &Given,
    service: Service,
    summary: &'static str,
) -> Option<Endpoint> {
    match Endpoint::parse(&given.value).and_then(|endpoint| endpoint.of_service(service)) {
        Ok(endpoint) => Some(endpoint.set_by(given.source.name())),
        Err(rule) => {
            lookup.reject(given, summary, &format!("is not usable: {rule}"));
            None
        }
    }
}

fn cloud(lookup: &mut Lookup<'_>, region: Option<&str>) -> String {
    let Some(given) = lookup.text(CLOUD, lookup.arguments.cloud.as_deref()) else {
        let european = region.is_some_and(|region| region.starts_with(EUROPEAN_REGIONS));
        return if european { EUROPE } else { WORLD }.to_owned();
    };
    if !endpoints::is_domain(&given.value) {
        let rule = "must be a DNS name such as myhuaweicloud.com, without scheme, port or path: host names are built from it";
        lookup.reject(&given, "Invalid cloud", rule);
    }
    given.value
}

/// Rejects misspellings of supported keys; accepts those of other services; warns about the rest.
fn check_keys(lookup: &mut Lookup<'_>, known: &[Service]) {
    for key in lookup.arguments.endpoints.keys() {
        let path = vec![Step::Name("endpoints"), Step::Key(key.clone())];
        let meant = known.iter().find(|service| service.misspellings.contains(&key.as_str()));
        if let Some(service) = meant {
            let detail =
                format!("`{key}` is not a key of `endpoints`. The key of this service is `{}`.", service.key);
            lookup.errors.push(ArgumentError::within(path, "Unknown endpoint", detail));
        } else if !known.iter().any(|service| service.key == key) && !other_services::includes(key) {
            let keys: Vec<&str> = known.iter().map(|service| service.key).collect();
            let detail = format!("`{key}` is not used. The keys with an effect are: {}.", keys.join(", "));
            lookup.warnings.push(ArgumentError::within(path, "Endpoint without effect", detail));
        }
    }
}

/// Returns the project by ID or name: the block's, then that of the environment, then that of the profile, whose
/// project belongs to the profile's own region.
pub(super) fn project(
    lookup: &mut Lookup<'_>,
    profile: Option<&Profile>,
    region: Option<&str>,
) -> ConfiguredProject {
    let arguments = lookup.arguments;
    let of_block = [
        explicit(PROJECT_ID, arguments.project_id.as_deref())
            .or_else(|| explicit(TENANT_ID, arguments.tenant_id.as_deref())),
        explicit(PROJECT_NAME, arguments.project_name.as_deref())
            .or_else(|| explicit(TENANT_NAME, arguments.tenant_name.as_deref())),
    ];
    let is_set = |project: &[Option<Given>; 2]| project.iter().any(Option::is_some);
    let [id, name] = if is_set(&of_block) {
        of_block
    } else {
        let of_environment = [[PROJECT_ID, TENANT_ID], [PROJECT_NAME, TENANT_NAME]]
            .map(|names| lookup.variable(&names.map(|argument| argument.variables).concat()));
        let at_home = |profile: &&Profile| {
            profile.region().is_none_or(|home| region.is_none_or(|region| region == home.value))
        };
        let of_profile = || [profile.filter(at_home).and_then(Profile::project_id), None];
        if is_set(&of_environment) { of_environment } else { of_profile() }
    };
    if let Some(given) = id.as_ref().filter(|given| !is_id(&given.value)) {
        let rule = "must consist of letters, digits, hyphens and underscores, such as 0123456789abcdef0123456789abcdef";
        lookup.reject(given, "Invalid project ID", rule);
    }
    ConfiguredProject {
        id: id.map(|given| given.value),
        name_set_by: name.as_ref().map(|given| given.source.name()),
        name: name.map(|given| given.value),
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}
