//! Responses of a provider, with the checks that Terraform makes.

use std::fmt;

use serde_json::Value as Json;

use super::HostError;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::path::{AttributePath, Step};
use crate::proto::tfplugin6 as wire;
use crate::value::{Type, Unknowns, Value, ValueError};

/// Result of a read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The state as JSON, in the form of `terraform output -json`; null after an error. Unknown values are null here.
    pub state: Json,
    /// The state as received, in which unknown and null are distinct.
    pub value: Value,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
    /// Whether the provider deferred the read.
    pub deferred: bool,
}

/// Reason why a function returned no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// The message to the user, without the full stop that the host adds.
    pub text: String,
    /// The parameter whose argument is at fault.
    pub argument: Option<String>,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.argument {
            Some(parameter) => write!(f, "{parameter}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl std::error::Error for CallError {}

impl Read {
    /// Creates a read that produced only these diagnostics.
    pub(super) fn failed(diagnostics: Diagnostics) -> Self {
        Self { state: Json::Null, value: Value::Null, diagnostics, deferred: false }
    }

    /// Applies Terraform's checks: it rejects a state that is null or unknown in part, and a read that is deferred
    /// although deferral is not allowed.
    pub(super) fn of(
        response: wire::read_data_source::Response,
        ty: &Type,
        deferral_allowed: bool,
    ) -> Result<Self, HostError> {
        let diagnostics = from_wire(response.diagnostics);
        if diagnostics.has_errors() {
            return Ok(Self::failed(diagnostics));
        }
        let value = Value::from_wire(response.state.as_ref(), ty)?;
        let deferred = response.deferred.is_some();
        if deferred && !deferral_allowed {
            return Err(HostError::new("the provider deferred the read, which was not allowed"));
        }
        if value.is_null() {
            return Err(HostError::new("the provider returned neither a state nor an error"));
        }
        if !deferred
            && let Err(ValueError { path, unknown: true, .. }) = value.conforms(ty, Unknowns::Refused)
        {
            let place = if path.steps().is_empty() { "the state".to_owned() } else { format!("`{path}`") };
            return Err(HostError::new(format!("the provider left {place} unknown")));
        }
        Ok(Self { state: value.to_json(), value, diagnostics, deferred })
    }
}

impl CallError {
    pub(super) fn of(error: wire::FunctionError, function: &wire::Function) -> Self {
        let position = error.function_argument.and_then(|position| usize::try_from(position).ok());
        let argument = position.and_then(|position| parameter(function, position)).map(|it| it.name.clone());
        Self { text: error.text, argument }
    }
}

/// Returns the parameter of the argument at this position.
pub(super) fn parameter(function: &wire::Function, position: usize) -> Option<&wire::function::Parameter> {
    function.parameters.get(position).or(function.variadic_parameter.as_ref())
}

pub(super) fn from_wire(diagnostics: Vec<wire::Diagnostic>) -> Diagnostics {
    use wire::attribute_path::step::Selector;
    let step = |step: wire::attribute_path::Step| {
        Some(match step.selector? {
            Selector::AttributeName(name) => Step::Attribute(name),
            Selector::ElementKeyString(key) => Step::Key(key),
            Selector::ElementKeyInt(index) => Step::Index(usize::try_from(index).ok()?),
        })
    };
    let diagnostic = |diagnostic: wire::Diagnostic| Diagnostic {
        severity: match diagnostic.severity() {
            wire::diagnostic::Severity::Warning => Severity::Warning,
            _ => Severity::Error,
        },
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        path: diagnostic
            .attribute
            .map(|path| path.steps.into_iter().filter_map(step).collect::<AttributePath>()),
    };
    diagnostics.into_iter().map(diagnostic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(state: &Value, deferred: bool, deferral_allowed: bool) -> Result<Read, String> {
        let rain = Type::Object([("rain".to_owned(), Type::List(Box::new(Type::Number)))].into());
        let response = wire::read_data_source::Response {
            state: Some(state.to_wire().unwrap()),
            diagnostics: Vec::new(),
            deferred: deferred.then(wire::Deferred::default),
        };
        Read::of(response, &rain, deferral_allowed).map_err(|error| error.to_string())
    }

    #[test]
    fn what_terraform_does_not_take_is_refused() {
        let rain = |value| Value::Map([("rain".to_owned(), value)].into());
        let known = rain(Value::List(Vec::new()));
        let unknown = rain(Value::List(vec![Value::Null, Value::Unknown]));
        assert_eq!(answered(&known, false, false).unwrap().value, known);
        let read = answered(&unknown, true, true).unwrap();
        assert_eq!((read.deferred, read.value), (true, unknown.clone()));
        for (state, deferred, words) in [
            (&Value::Null, false, "the provider returned neither a state nor an error"),
            (&Value::Unknown, false, "the provider left the state unknown"),
            (&unknown, false, "the provider left `rain[1]` unknown"),
            (&known, true, "the provider deferred the read, which was not allowed"),
        ] {
            assert_eq!(answered(state, deferred, false).unwrap_err(), words);
        }
    }

    #[test]
    fn after_an_error_there_is_no_state() {
        let diagnostics = Diagnostics::error("Not found", "There is no such thing.").to_wire();
        let response = wire::read_data_source::Response { diagnostics, ..Default::default() };
        let read = Read::of(response, &Type::Bool, false).unwrap();
        assert!(read.state.is_null() && read.value.is_null() && read.diagnostics.has_errors());
    }
}
