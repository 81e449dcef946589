//! A request, and the possible failures of an attempt at it.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use tokio::time::Instant;

use super::credential::{Bearer, Credential, Form};
use super::pace::quota::Quota;
use crate::endpoints::{Endpoint, Service};
use crate::error::{CredentialSource, Error, Hidden};

/// A request, with everything needed to report its outcome.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static str,
    pub(crate) subject: Cow<'a, str>,
    pub(crate) iam_action: Option<&'static str>,
    pub(crate) service: Service,
    pub(crate) endpoint: Cow<'a, Endpoint>,
    pub(crate) region: &'a str,
    pub(crate) project: Option<&'a str>,
    /// ID of the credential's account, for IAM.
    pub(crate) domain: Option<&'a str>,
    pub(crate) method: Method,
    /// Path segments, each sent as exactly one.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON body.
    pub(crate) body: Option<Bytes>,
    /// Credential of the next attempt.
    pub(crate) credential: Option<Arc<Credential>>,
    /// Supplies the credential of every later attempt; if `None`, all attempts use the first one.
    pub(crate) bearer: Option<&'a dyn Bearer>,
    /// Proof of identity in place of a credential: a password in the body.
    pub(crate) source: Option<Arc<CredentialSource>>,
    /// Additional texts that must be masked in server messages.
    pub(crate) secrets: Vec<&'a SecretString>,
    pub(crate) deadline: Option<Instant>,
    /// Timeout of one attempt, shorter than the configured one.
    pub(crate) attempt_limit: Option<Duration>,
    /// Maximum number of retries, fewer than configured. With 0 it is sent once, even if it is throttled.
    pub(crate) max_retries: Option<u32>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        method: Method,
        service: Service,
        endpoint: Cow<'a, Endpoint>,
        region: &'a str,
    ) -> Self {
        Self {
            operation: "use",
            subject: Cow::Borrowed(service.key),
            iam_action: None,
            service,
            endpoint,
            region,
            project: None,
            domain: None,
            method,
            path: &[],
            query: &[],
            headers: Vec::new(),
            body: None,
            credential: None,
            bearer: None,
            source: None,
            secrets: Vec::new(),
            deadline: None,
            attempt_limit: None,
            max_retries: None,
        }
    }

    /// Whether it carries a signature, and therefore a date.
    pub(crate) fn is_signed(&self) -> bool {
        self.credential.as_ref().is_some_and(|credential| matches!(credential.form, Form::Key { .. }))
    }

    /// Returns the values to mask in server messages.
    pub(crate) fn hidden(&self) -> Arc<[Hidden]> {
        match self.credential.as_ref().map(|credential| &credential.hidden) {
            // Every read: nothing is copied.
            Some(own) if self.secrets.is_empty() => Arc::clone(own),
            own => {
                let secrets = self.secrets.iter().map(|secret| Hidden::Secret((*secret).clone()));
                own.into_iter().flat_map(|own| own.iter().cloned()).chain(secrets).collect()
            }
        }
    }
}

/// An attempt that did not succeed.
pub(crate) struct AttemptError {
    pub(crate) error: Error,
    pub(crate) retry: Retry,
}

/// Whether a retry can have another outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// No retry.
    Never,
    /// Retry after the wait that the server requests, if any.
    After(Option<Duration>),
    /// Retry as soon as the host's pace allows it.
    Paced {
        /// The quota that the server names.
        quota: Option<Quota>,
        /// The wait that the server requests.
        retry_after: Option<Duration>,
    },
    /// Retry at once, with another credential: this one expired before it was sent.
    Renewed,
}

impl From<Error> for AttemptError {
    /// Creates a final failure.
    fn from(error: Error) -> Self {
        Self { error, retry: Retry::Never }
    }
}
