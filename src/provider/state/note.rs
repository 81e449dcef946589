//! Findings of the conversion that the user should know about.

/// A finding about an instance that the user should know about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Note {
    /// Some tags have no key and are omitted.
    TagsWithoutKey,
    /// Several access addresses have this type.
    AccessTypeTwice(String),
    /// The API reports a region other than the requested one.
    OtherRegion {
        /// The requested region.
        asked: String,
        /// The region that the API reports.
        reported: String,
    },
}
