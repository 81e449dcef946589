//! Errors of a test's host.

use std::fmt;

use tonic::Status;

use crate::value::ValueError;

/// Reason why a host could not perform the operation of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError(String);

impl HostError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    #[expect(clippy::needless_pass_by_value, reason = "what `map_err` gives")]
    pub(crate) fn from_status(status: Status) -> Self {
        Self(format!("{:?}: {}", status.code(), status.message()))
    }

    pub(super) fn from_error(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(text)
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HostError {}

impl From<ValueError> for HostError {
    fn from(error: ValueError) -> Self {
        Self(error.to_string())
    }
}
