//! Where a value comes from: the explicit argument, then environment variables in their order, then the profile.

use std::fmt;

use super::arguments::{ArgumentError, ArgumentWarning, Arguments};
use super::environment::Environment;
use super::profile::{self, Profile};

/// The sources of all values, and what was found wrong in them.
pub(super) struct Lookup<'a> {
    pub(super) arguments: &'a Arguments,
    pub(super) environment: &'a Environment,
    /// The profile that the block or the environment names.
    pub(super) profile: Option<Profile>,
    pub(super) errors: Vec<ArgumentError>,
    pub(super) warnings: Vec<ArgumentWarning>,
}

/// A fault that is among the errors already.
pub(super) struct Reported;

/// A value and its origin.
pub(super) struct Given {
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Argument(&'static str),
    Variable(String),
    Profile(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(f, "`{name}`"),
            Self::Variable(name) => write!(f, "The environment variable {name}"),
            Self::Profile(name) => write!(f, "The value of {name}"),
        }
    }
}

impl<'a> Lookup<'a> {
    pub(super) fn new(arguments: &'a Arguments, environment: &'a Environment) -> Self {
        let mut lookup =
            Self { arguments, environment, profile: None, errors: Vec::new(), warnings: Vec::new() };
        lookup.profile = profile::read(&mut lookup);
        lookup
    }

    /// The first variable that is set.
    pub(super) fn variable(&mut self, names: &[&str]) -> Option<Given> {
        for name in names {
            match self.environment.variable(name) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    return Some(Given { value, origin: Origin::Variable((*name).to_owned()) });
                }
                Err(_) => self.errors.push(ArgumentError::outside(
                    "Invalid environment variable",
                    format!("The environment variable {name} is not UTF-8."),
                )),
            }
        }
        None
    }

    /// The value of one argument.
    pub(super) fn text(
        &mut self,
        argument: &'static str,
        explicit: Option<&str>,
        variables: &[&str],
        in_profile: fn(&Profile) -> Option<&str>,
    ) -> Option<Given> {
        if let Some(value) = given(explicit) {
            return Some(Given { value: value.to_owned(), origin: Origin::Argument(argument) });
        }
        self.variable(variables).or_else(|| self.in_profile(in_profile))
    }

    /// A value of the profile.
    pub(super) fn in_profile(&self, field: fn(&Profile) -> Option<&str>) -> Option<Given> {
        let profile = self.profile.as_ref()?;
        let value = given(field(profile))?.to_owned();
        Some(Given { value, origin: Origin::Profile(profile.to_string()) })
    }

    /// Reports that a value breaks a rule; the value itself is not repeated.
    pub(super) fn complain(&mut self, origin: &Origin, summary: &'static str, rule: &str) {
        let detail = format!("{origin} {rule}.");
        match origin {
            Origin::Argument(name) => self.errors.push(ArgumentError::at(name, summary, detail)),
            Origin::Variable(_) => self.errors.push(ArgumentError::outside(summary, detail)),
            Origin::Profile(_) => self.blame_profile(summary, detail),
        }
    }

    /// Reports something wrong in the profile, at the argument that names it if one does.
    pub(super) fn blame_profile(&mut self, summary: &'static str, detail: String) {
        let naming = self.profile.as_ref().map(|profile| &profile.named_by);
        self.errors.push(match naming {
            Some(Origin::Argument(name)) => ArgumentError::at(name, summary, detail),
            _ => ArgumentError::outside(summary, detail),
        });
    }

    /// Refuses mechanisms of the official provider that this client does not have.
    pub(super) fn refuse_what_is_unknown(&mut self) {
        const AGENCY: &str =
            "is not supported: use `assume_role` with `agency_name` and `domain_name` instead";
        let Arguments { agency_name, agency_domain_name, signing_algorithm, .. } = self.arguments;
        let found = [
            self.text("agency_name", agency_name.as_deref(), &["OS_AGENCY_NAME"], |_| None),
            self.text(
                "agency_domain_name",
                agency_domain_name.as_deref(),
                &["OS_AGENCY_DOMAIN_NAME"],
                |_| None,
            ),
        ];
        for given in found.into_iter().flatten() {
            self.complain(&given.origin, "Unsupported argument", AGENCY);
        }
        let algorithm =
            self.text("signing_algorithm", signing_algorithm.as_deref(), &["HW_SIGNING_ALGORITHM"], |_| None);
        if let Some(given) = algorithm.filter(|given| given.value != "HmacSHA256") {
            let rule = "names a signing algorithm that is not supported: leave it out or use \"HmacSHA256\"";
            self.complain(&given.origin, "Unsupported signing_algorithm", rule);
        }
    }
}

/// An explicit value; the empty string counts as none, as in the official provider.
pub(super) fn given(explicit: Option<&str>) -> Option<&str> {
    explicit.filter(|value| !value.is_empty())
}
