//! What flattening finds that the user should know.

use tfplug::Diagnostic;

use huaweicloud::tidy;

/// Something about an instance that the user should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Note {
    /// Some tags have no key, and are left out.
    TagsWithoutKey,
    /// Several access addresses have this type.
    AccessTypeTwice(String),
}

/// Instances that a warning names.
const MAX_NAMED: usize = 20;

/// What the user should know of the fields of these instances.
pub(super) fn note_warning(note: &Note, instance_ids: &[&str]) -> Diagnostic {
    let ids = instance_ids.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    let (instances, more) = match instance_ids.len().checked_sub(MAX_NAMED) {
        None | Some(0) if instance_ids.len() == 1 => (format!("instance {ids}"), String::new()),
        None | Some(0) => (format!("the instances {ids}"), String::new()),
        Some(more) => (format!("the instances {ids}"), format!(" and {more} more")),
    };
    let named = instances + &more;
    match note {
        Note::TagsWithoutKey => Diagnostic::warning(
            "Tags without a key",
            format!("Of the tags that the API gave for {named}, those without a key are left out of `tags`."),
        ),
        Note::AccessTypeTwice(access_type) => Diagnostic::warning(
            "Access type given twice",
            format!(
                "The API gave several access addresses of the type {} for {named}. `endpoints` has the most complete one, \
                 and of several such the first by domain name and port; `access_infos` has them all.",
                tidy(access_type).unwrap_or_default()
            ),
        ),
    }
}
