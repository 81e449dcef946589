//! Errors of a test's host.

use std::fmt;
use std::io;

use tonic::{Response, Status};

use crate::diagnostics::causes;
use crate::value::ValueError;

/// Reason why a host could not perform the operation of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError(String);

impl HostError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(super) fn from_error(error: impl std::error::Error) -> Self {
        Self(causes(&error))
    }
}

/// Returns the message of a reply.
pub(crate) fn answer<T>(reply: Result<Response<T>, Status>) -> Result<T, HostError> {
    let failed = |status: Status| HostError(format!("{:?}: {}", status.code(), status.message()));
    reply.map(Response::into_inner).map_err(failed)
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HostError {}

impl From<io::Error> for HostError {
    fn from(error: io::Error) -> Self {
        Self::from_error(error)
    }
}

impl From<ValueError> for HostError {
    fn from(error: ValueError) -> Self {
        Self(error.to_string())
    }
}
