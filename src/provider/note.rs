//! What flattening finds that the user should know.

use tfplug::Diagnostic;

/// Something about an instance that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// This many tags have no key, and are left out.
    TagsWithoutKey(usize),
    /// Several access addresses have this type.
    AccessTypeTwice(String),
}

/// What the user should know of an instance's fields.
pub(super) fn note_warning(note: &Note, instance_id: &str) -> Diagnostic {
    match note {
        Note::TagsWithoutKey(count) => Diagnostic::warning(
            "Tags without a key",
            format!(
                "Of the tags that the API gave for instance {instance_id}, {count} without a key are left out of `tags`."
            ),
        ),
        Note::AccessTypeTwice(access_type) => Diagnostic::warning(
            "Access type given twice",
            format!(
                "Instance {instance_id} has several access addresses of the type {access_type}. `endpoints` has the one \
                 with a domain name and a port, and of several such the first in alphabetical order; `access_infos` has \
                 them all."
            ),
        ),
    }
}
