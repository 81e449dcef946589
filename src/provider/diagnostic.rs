//! Errors of the layers below, as diagnostics.

use tfplug::{AttributePath, Diagnostic, Diagnostics, Step};

use huaweicloud::{self, ArgumentError, ArgumentWarning, Kind};

/// An error of a data source's request, which points at `region` where that argument was given and is at fault.
pub(super) fn read_error(error: &huaweicloud::Error, region: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(error.summary(), error.detail());
    match error.kind() {
        Kind::Argument | Kind::NoProject if region.is_some() => {
            diagnostic.at(AttributePath::attribute("region"))
        }
        _ => diagnostic,
    }
}

/// Everything that is wrong with the configuration.
pub(super) fn argument_errors(errors: Vec<ArgumentError>) -> Diagnostics {
    errors
        .into_iter()
        .map(|error| place(Diagnostic::error(error.summary, error.detail), error.argument))
        .collect()
}

/// Something about the configuration that works, but that the user should know.
pub(super) fn argument_warning(warning: &ArgumentWarning) -> Diagnostic {
    place(Diagnostic::warning(warning.summary, &*warning.detail), warning.argument.clone())
}

fn place(diagnostic: Diagnostic, argument: Option<Vec<huaweicloud::Step>>) -> Diagnostic {
    let step = |step| match step {
        huaweicloud::Step::Name(name) => Step::Attribute(name.to_owned()),
        huaweicloud::Step::Index(index) => Step::Index(index),
        huaweicloud::Step::Key(key) => Step::Key(key),
    };
    match argument {
        Some(steps) => diagnostic.at(steps.into_iter().map(step).collect::<AttributePath>()),
        None => diagnostic,
    }
}
