//! Resolution of arguments, environment and profile into settings. All errors are reported together.

pub(crate) mod arguments;
pub mod catalog;
mod credentials;
pub(crate) mod environment;
mod given;
mod layer;
mod lookup;
mod network;
mod oidc;
mod other_services;
mod place;
mod profile;
mod roles;
mod sign_in;

use std::time::Duration;

use crate::duration;
use crate::endpoints::{Endpoints, Service};
use crate::network::proxy::Proxies;
use crate::network::tls::Tls;
use arguments::{ArgumentError, ArgumentWarning, Arguments};
use catalog::{AGENCY_DOMAIN_NAME, AGENCY_NAME, MAX_RETRIES, REQUEST_TIMEOUT, SIGNING_ALGORITHM, USER_AGENT};
use environment::Environment;
use lookup::Lookup;

pub(crate) use layer::fault as fault_of_secret;
pub(crate) use place::ConfiguredProject;
pub(crate) use sign_in::{Base, Domain, Federation, Hop, IdToken, Login, SignIn, User, WhyMetadata};

const DEFAULT_RETRIES: u32 = 5;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A complete, checked configuration. Creating it sends nothing.
pub struct Settings {
    pub(crate) region: String,
    pub(crate) project: ConfiguredProject,
    pub(crate) endpoints: Endpoints,
    pub(crate) sign_in: SignIn,
    pub(crate) tls: Tls,
    pub(crate) proxies: Proxies,
    pub(crate) max_retries: u32,
    pub(crate) request_timeout: Duration,
    pub(crate) environment: Environment,
    warnings: Vec<ArgumentWarning>,
}

impl Settings {
    /// Resolves every argument: the explicit value, then `HW_*`, then `OS_*`, then a named profile. Credentials are
    /// taken as a set from the first layer that has any. `services` are those the caller uses, in addition to IAM, STS
    /// and metadata.
    ///
    /// # Errors
    ///
    /// All errors in the arguments, the environment variables and the files they name.
    pub fn resolve(
        arguments: &Arguments,
        environment: &Environment,
        services: &[Service],
    ) -> Result<Self, Vec<ArgumentError>> {
        let mut lookup = Lookup::new(arguments, environment);
        let named = profile::named(&mut lookup);
        let named = named.as_ref().map(Option::as_ref).map_err(|reported| *reported);
        refuse_unsupported(&mut lookup);
        let region = place::region(&mut lookup, named);
        let endpoints = place::endpoints(&mut lookup, services, region.as_deref());
        let project = place::project(&mut lookup, named.ok().flatten(), region.as_deref());
        let sign_in = credentials::sign_in(&mut lookup, named, project.id.is_some());
        let tls = network::tls(&mut lookup);
        let proxies = network::proxies(&mut lookup, services, &endpoints, region.as_deref());
        let max_retries = max_retries(&mut lookup);
        let request_timeout = request_timeout(&mut lookup);
        // The client reads these itself, where it cannot report one that is not UTF-8.
        for name in USER_AGENT {
            lookup.variable(&[name]);
        }
        let Lookup { errors, warnings, .. } = lookup;
        match (region, sign_in) {
            (Some(region), Some(sign_in)) if errors.is_empty() => Ok(Self {
                region,
                project,
                endpoints,
                sign_in,
                tls,
                proxies,
                max_retries,
                request_timeout,
                environment: environment.clone(),
                warnings,
            }),
            _ => Err(errors),
        }
    }

    /// Returns warnings about settings that work but deserve attention.
    pub fn warnings(&self) -> &[ArgumentWarning] {
        &self.warnings
    }

    /// Returns the configured region.
    pub fn region(&self) -> &str {
        &self.region
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("region", &self.region)
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}

/// Rejects mechanisms of the official provider that this client does not support.
fn refuse_unsupported(lookup: &mut Lookup<'_>) {
    let Arguments { agency_name, agency_domain_name, signing_algorithm, .. } = lookup.arguments;
    for (argument, value) in [(AGENCY_NAME, agency_name), (AGENCY_DOMAIN_NAME, agency_domain_name)] {
        if let Some(given) = lookup.text(argument, value.as_deref()) {
            let rule = "is not supported: use `assume_role` with `agency_name` and `domain_name` instead";
            lookup.reject(&given, "Unsupported argument", rule);
        }
    }
    let algorithm = lookup.text(SIGNING_ALGORITHM, signing_algorithm.as_deref());
    if let Some(given) = algorithm.filter(|given| given.value != "HmacSHA256") {
        let rule = "names a signing algorithm that is not supported: remove it or use \"HmacSHA256\"";
        lookup.reject(&given, "Unsupported signing_algorithm", rule);
    }
}

fn max_retries(lookup: &mut Lookup<'_>) -> u32 {
    let explicit = lookup.arguments.max_retries.map(|number| number.to_string());
    let Some(given) = lookup.text(MAX_RETRIES, explicit.as_deref()) else { return DEFAULT_RETRIES };
    match given.value.trim().parse::<u64>() {
        // A number too large to count has the same effect as the maximum.
        Ok(number) => number.try_into().unwrap_or(u32::MAX),
        Err(_) => {
            lookup.reject(&given, "Invalid max_retries", "must be a whole number, 0 or more");
            DEFAULT_RETRIES
        }
    }
}

fn request_timeout(lookup: &mut Lookup<'_>) -> Duration {
    let explicit = lookup.arguments.request_timeout.as_deref();
    let Some(given) = lookup.text(REQUEST_TIMEOUT, explicit) else { return DEFAULT_TIMEOUT };
    duration::parse(&given.value).unwrap_or_else(|| {
        let rule = "must be a duration above zero with a unit, such as \"30s\" or \"1m30s\"";
        lookup.reject(&given, "Invalid request_timeout", rule);
        DEFAULT_TIMEOUT
    })
}

#[cfg(test)]
mod tests;
