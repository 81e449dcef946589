//! What the framework hands to a provider along with a configuration.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Diagnostic, Diagnostics};

/// Handed to [`Provider::configure`](crate::Provider::configure).
#[derive(Debug)]
pub struct ConfigureContext {
    host_version: String,
    warnings: Warnings,
}

impl ConfigureContext {
    pub(crate) fn new(host_version: String) -> Self {
        Self { host_version, warnings: Warnings::default() }
    }

    /// The version of the host: of Terraform, or of the Terraform that the host says it is like.
    pub fn host_version(&self) -> &str {
        &self.host_version
    }

    /// Tells the user something that does not stop the operation.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    pub(crate) fn take_warnings(&self) -> Diagnostics {
        self.warnings.take()
    }
}

/// Handed to [`DataSource::read`](crate::DataSource::read).
#[derive(Debug)]
pub struct ReadContext<C> {
    client: Arc<C>,
    deadline: Option<Instant>,
    reading: Arc<Reading>,
}

impl<C> ReadContext<C> {
    pub(crate) fn new(client: Arc<C>, reading: Arc<Reading>, limit: Option<Duration>) -> Self {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        Self { client, deadline, reading }
    }

    /// What [`Provider::configure`](crate::Provider::configure) made.
    pub fn client(&self) -> &C {
        &self.client
    }

    /// When the read must have ended.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Tells the user something that does not stop the read.
    pub fn warn(&self, warning: Diagnostic) {
        self.reading.warnings.push(warning);
    }
}

/// What outlives the future of a read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    warnings: Warnings,
}

impl Reading {
    pub(crate) fn take_warnings(&self) -> Diagnostics {
        self.warnings.take()
    }
}

#[derive(Debug, Default)]
struct Warnings(Mutex<Diagnostics>);

impl Warnings {
    fn push(&self, warning: Diagnostic) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    fn take(&self) -> Diagnostics {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
