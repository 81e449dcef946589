//! What flattening finds that the user should know.

/// Something about an instance that the user should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Note {
    /// Some tags have no key, and are omitted.
    TagsWithoutKey,
    /// Several access addresses have this type.
    AccessTypeTwice(String),
    /// The API reports another region than the one that was asked.
    OtherRegion {
        /// The region that was asked.
        asked: String,
        /// The region that the API reports.
        reported: String,
    },
}
