//! From arguments, environment and profile to settings that can be used. All faults are reported together.

pub(crate) mod arguments;
mod catalog;
pub(crate) mod environment;
mod lookup;
mod network;
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
use environment::Environment;
use lookup::Lookup;

pub(crate) use roles::{Federation, Hop, IdToken};
pub(crate) use sign_in::{Base, Domain, Login, SignIn, User};

const DEFAULT_RETRIES: u32 = 5;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A complete configuration, checked. Nothing has been sent for it.
pub struct Settings {
    pub(crate) region: String,
    pub(crate) project: Project,
    pub(crate) endpoints: Endpoints,
    pub(crate) sign_in: SignIn,
    pub(crate) tls: Tls,
    pub(crate) proxies: Proxies,
    pub(crate) max_retries: u32,
    pub(crate) request_timeout: Duration,
    pub(crate) environment: Environment,
    warnings: Vec<ArgumentWarning>,
}

/// The project as configured, if it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Project {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}

impl Settings {
    /// Resolves every argument: the explicit value, then `HW_*`, then `OS_*`, then a named profile. Credentials come whole
    /// from the first layer that has any. `services` are those the caller will ask, besides IAM, STS and metadata.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the arguments, the environment variables and the files they name.
    pub fn resolve(
        arguments: &Arguments,
        environment: &Environment,
        services: &[Service],
    ) -> Result<Self, Vec<ArgumentError>> {
        let mut lookup = Lookup::new(arguments, environment);
        lookup.refuse_what_is_unknown();
        let region = place::region(&mut lookup);
        let endpoints = place::endpoints(&mut lookup, services, region.as_deref());
        let project = place::project(&mut lookup);
        let sign_in = sign_in::sign_in(&mut lookup, &project);
        let tls = network::tls(&mut lookup);
        let proxies = network::proxies(&mut lookup);
        let max_retries = max_retries(&mut lookup);
        let request_timeout = request_timeout(&mut lookup);
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

    /// What works but should be known.
    pub fn warnings(&self) -> &[ArgumentWarning] {
        &self.warnings
    }

    /// The region of the configuration.
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

fn max_retries(lookup: &mut Lookup<'_>) -> u32 {
    const SUMMARY: &str = "Invalid max_retries";
    if let Some(number) = lookup.arguments.max_retries {
        return number.try_into().map_or_else(
            |_| {
                let detail = "It must be a whole number from 0 on.";
                lookup.errors.push(ArgumentError::at("max_retries", SUMMARY, detail));
                DEFAULT_RETRIES
            },
            retries,
        );
    }
    let Some(given) = lookup.variable(&["HW_MAX_RETRIES"]) else { return DEFAULT_RETRIES };
    given.value.trim().parse().map_or_else(
        |_| {
            lookup.complain(&given.origin, SUMMARY, "must be a whole number from 0 on");
            DEFAULT_RETRIES
        },
        retries,
    )
}

/// More than can be counted is as good as the most that can.
fn retries(number: u64) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

fn request_timeout(lookup: &mut Lookup<'_>) -> Duration {
    let explicit = lookup.arguments.request_timeout.as_deref();
    let Some(given) = lookup.text("request_timeout", explicit, &["HW_REQUEST_TIMEOUT"], |_| None) else {
        return DEFAULT_TIMEOUT;
    };
    duration::parse(&given.value).unwrap_or_else(|| {
        let rule = "must be a duration above zero with a unit, such as \"30s\" or \"1m30s\"";
        lookup.complain(&given.origin, "Invalid request_timeout", rule);
        DEFAULT_TIMEOUT
    })
}

#[cfg(test)]
mod tests;
