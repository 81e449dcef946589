//! What flattening finds that the user should know.

/// Something about an instance that the user should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Note {
    /// Some tags have no key, and are left out.
    TagsWithoutKey,
    /// Several access addresses have this type.
    AccessTypeTwice(String),
}
