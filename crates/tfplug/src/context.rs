//! Contexts that the framework passes to a provider together with a configuration.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::diagnostics::{Diagnostic, Diagnostics};

/// Context of [`Provider::configure`](crate::Provider::configure).
#[derive(Debug)]
pub struct ConfigureContext {
    pub(crate) host_version: String,
    pub(crate) warnings: Warnings,
}

impl ConfigureContext {
    /// Returns the version of the host: Terraform's, or the Terraform version that the host claims to match.
    pub fn host_version(&self) -> &str {
        &self.host_version
    }

    /// Shows the user a warning, which does not stop the operation.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }
}

/// Context of [`DataSource::read`](crate::DataSource::read).
#[derive(Debug)]
pub struct ReadContext<C> {
    client: Arc<C>,
    deadline: Option<Instant>,
    warnings: Arc<Warnings>,
}

impl<C> ReadContext<C> {
    pub(crate) fn new(client: Arc<C>, warnings: Arc<Warnings>, limit: Duration) -> Self {
        let deadline = Instant::now().checked_add(limit);
        Self { client, deadline, warnings }
    }

    /// Returns the client that [`Provider::configure`](crate::Provider::configure) created.
    pub fn client(&self) -> &C {
        &self.client
    }

    /// Returns the time by which the read must have ended; `None` only for a limit that the clock cannot represent.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Shows the user a warning, which does not stop the read.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.push(warning);
    }
}

/// Warnings of an operation, which survive its future.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<Diagnostics>);

impl Warnings {
    pub(crate) fn push(&self, warning: Diagnostic) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    pub(crate) fn take(&self) -> Diagnostics {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
