//! Why a command was not done.

/// Why a command was not done.
pub(super) enum Failure {
    /// It was tried; the text says what went wrong.
    Failed(String),
    /// The command line is wrong.
    Usage(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}
