//! Looks up values, the explicit argument before its environment variables, and collects errors about them.

use super::arguments::{ArgumentError, ArgumentWarning, Arguments, Step};
use super::catalog::{Argument, NEAR_MISSES};
use super::environment::Environment;
use super::given::{Given, ValueSource, explicit};
use super::sign_in::Domain;

/// Block and environment, and the errors found in them.
pub(super) struct Lookup<'a> {
    pub(super) arguments: &'a Arguments,
    pub(super) environment: &'a Environment,
    pub(super) errors: Vec<ArgumentError>,
    pub(super) warnings: Vec<ArgumentWarning>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(arguments: &'a Arguments, environment: &'a Environment) -> Self {
        Self { arguments, environment, errors: Vec::new(), warnings: Vec::new() }
    }

    /// Returns the first variable that is set. One that is not UTF-8 is reported once, and skipped.
    pub(super) fn variable(&mut self, names: &[&str]) -> Option<Given> {
        for name in names {
            match self.environment.variable(name) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    return Some(Given { value, source: ValueSource::Variable((*name).to_owned()) });
                }
                Err(_) => {
                    let detail = format!("The environment variable {name} is not UTF-8.");
                    let error = ArgumentError::outside("Invalid environment variable", detail);
                    if !self.errors.contains(&error) {
                        self.errors.push(error);
                    }
                }
            }
        }
        None
    }

    /// Returns the value of an argument, or of its first variable that is set.
    pub(super) fn text(&mut self, argument: Argument, value: Option<&str>) -> Option<Given> {
        explicit(argument, value).or_else(|| self.variable(argument.variables))
    }

    /// Returns an account, by ID if both are set: the explicit one, otherwise that of the environment.
    pub(super) fn account(
        &mut self,
        [id, name]: [Argument; 2],
        [explicit_id, explicit_name]: [Option<&str>; 2],
    ) -> Option<Domain> {
        Domain::of(explicit_id, explicit_name)
            .or_else(|| Some(Domain::Id(self.variable(id.variables)?.value)))
            .or_else(|| Some(Domain::Name(self.variable(name.variables)?.value)))
    }

    /// Returns a sentence about the variables that are set and may be mistaken for those of these arguments.
    pub(super) fn near_misses(&self, arguments: &[Argument]) -> Option<String> {
        let set = |name: &str| !matches!(self.environment.variable(name), Ok(None));
        let near = NEAR_MISSES.iter().filter(|(name, argument)| arguments.contains(argument) && set(name));
        let sentences: Vec<String> = near
            .map(|(name, argument)| {
                format!("{name} is set but has no effect: the variable is {}.", argument.of_environment())
            })
            .collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Reports that a value breaks a rule, and includes the value.
    pub(super) fn reject(&mut self, given: &Given, summary: &'static str, rule: &str) {
        let source = &given.source;
        let value = given.shown().map(|value| format!(" The value is \"{value}\"."));
        self.blame(source, summary, format!("{source} {rule}.{}", value.unwrap_or_default()));
    }

    /// Reports that a secret value breaks a rule, without the value.
    pub(super) fn complain(&mut self, source: &ValueSource, summary: &'static str, rule: &str) {
        self.blame(source, summary, format!("{source} {rule}."));
    }

    /// Reports an error at the place where the user can fix it.
    pub(super) fn blame(&mut self, source: &ValueSource, summary: &'static str, detail: String) {
        let error = match source {
            ValueSource::Argument(name) => ArgumentError::at(name, summary, detail),
            ValueSource::Endpoint(key) => {
                let path = vec![Step::Name("endpoints"), Step::Key((*key).to_owned())];
                ArgumentError::within(path, summary, detail)
            }
            ValueSource::Variable(_) => ArgumentError::outside(summary, detail),
            ValueSource::Profile(profile) => return self.blame(&profile.named_by, summary, detail),
        };
        self.errors.push(error);
    }
}
