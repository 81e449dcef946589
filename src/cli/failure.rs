//! Reasons why a command did not succeed.

/// Reason why a command did not succeed.
pub(super) enum Failure {
    /// The command failed; the text describes the error.
    Failed(String),
    /// The command line is invalid.
    Usage(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}
