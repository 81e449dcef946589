//! Diagnostics for the errors of the configuration and the notes of the conversion.

use huaweicloud::{self, ArgumentError, ArgumentWarning, tidy};
use tfplug::{AttributePath, Diagnostic, Diagnostics, Step};

use super::state::note::Note;

/// Maximum number of instances that a warning names.
const MAX_NAMED: usize = 20;

/// Returns all errors of the configuration.
pub(super) fn argument_errors(errors: Vec<ArgumentError>) -> Diagnostics {
    errors
        .into_iter()
        .map(|error| place(Diagnostic::error(error.summary, error.detail), error.argument))
        .collect()
}

/// Returns a warning about a configuration that works but that the user should know about.
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

/// Returns a warning about these instances.
pub(super) fn note_warning(note: &Note, instance_ids: &[&str]) -> Diagnostic {
    let ids = instance_ids.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    let named = match instance_ids.len() {
        1 => format!("instance {ids}"),
        count if count > MAX_NAMED => format!("the instances {ids} and {} more", count - MAX_NAMED),
        _ => format!("the instances {ids}"),
    };
    match note {
        Note::TagsWithoutKey => Diagnostic::warning(
            "Tags without a key",
            format!("The API returned tags without a key for {named}; they are omitted from `tags`."),
        ),
        Note::AccessTypeTwice(access_type) => Diagnostic::warning(
            "Access type returned twice",
            format!(
                "The API returned several access addresses of type {} for {named}. `endpoints` contains the most complete one \
                 (if equal, the first by domain name and port); `access_infos` contains all.",
                tidy(access_type).unwrap_or_default()
            ),
        ),
        Note::OtherRegion { asked, reported } => Diagnostic::warning(
            "Instance in another region",
            format!(
                "The API reports the region {} for {named}, but the request was sent to region {asked}. Check the region, the \
                 project (`project_id` or HW_PROJECT_ID) and the endpoint `iotda_mgmt`.",
                tidy(reported).unwrap_or_default()
            ),
        ),
    }
}
