//! One request, and how an attempt at it can fail.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use tokio::time::Instant;

use super::credential::{Bearer, Credential, Form};
use super::quota::Quota;
use crate::endpoints::{Endpoint, Service};
use crate::error::masking::Hidden;
use crate::error::server_error::ServerError;
use crate::error::{CredentialSource, Error};

/// Codes of API Gateway for too many requests, usually with status 429 [APIG error codes].
const GATEWAY_THROTTLING_CODES: [&str; 2] = ["APIGW.0308", "APIG.0308"];

/// One request, and all that is needed to word what becomes of it.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static str,
    pub(crate) subject: Cow<'a, str>,
    pub(crate) iam_action: Option<&'static str>,
    pub(crate) service: Service,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) region: &'a str,
    pub(crate) project: Option<&'a str>,
    /// ID of the account that the credential is of, for IAM.
    pub(crate) domain: Option<&'a str>,
    pub(crate) method: Method,
    /// Segments, each sent as exactly one.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON.
    pub(crate) body: Option<Bytes>,
    /// That of the first attempt.
    pub(crate) credential: Option<&'a Credential>,
    /// Supplies that of every later attempt; without it all are made with the first.
    pub(crate) bearer: Option<&'a dyn Bearer>,
    /// What proves the identity instead of a credential: a password in the body.
    pub(crate) source: Option<Arc<CredentialSource>>,
    /// Further texts that must be masked in what the server says.
    pub(crate) secrets: Vec<&'a SecretString>,
    pub(crate) deadline: Option<Instant>,
    /// A limit for one attempt that is shorter than the configured one.
    pub(crate) attempt_limit: Option<Duration>,
    /// Fewer retries than configured. With 0 it is sent once, even if it is one request too many.
    pub(crate) max_retries: Option<u32>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(method: Method, service: Service, endpoint: &'a Endpoint, region: &'a str) -> Self {
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

    /// Whether it carries a signature, and so a date.
    pub(crate) fn is_signed(&self) -> bool {
        self.credential.is_some_and(|credential| matches!(credential.form, Form::Key { .. }))
    }

    /// Whether a server's error says that there are too many requests, whatever its status.
    pub(crate) fn is_throttling(&self, error: &ServerError) -> bool {
        error.code.as_deref().is_some_and(|code| {
            self.service.throttling_codes.contains(&code) || GATEWAY_THROTTLING_CODES.contains(&code)
        })
    }

    /// What must be masked in the server's words.
    pub(crate) fn hidden(&self) -> Vec<Hidden<'_>> {
        let own = self.credential.into_iter().flat_map(Credential::hidden);
        own.chain(self.secrets.iter().map(|secret| Hidden::Secret(secret))).collect()
    }
}

/// An attempt that did not end in success.
pub(crate) struct AttemptError {
    pub(crate) error: Error,
    pub(crate) retry: Retry,
}

/// Whether another attempt can end differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It cannot.
    Never,
    /// It can, after as long as the server asks for, if it does.
    After(Option<Duration>),
    /// It can as soon as the host's pace allows it.
    Paced {
        /// The quota that the server names.
        quota: Option<Quota>,
        /// The wait that the server asks for.
        retry_after: Option<Duration>,
    },
    /// It can at once, with another credential: this one expired before it was sent.
    Renewed,
}

impl From<Error> for AttemptError {
    /// One that is final.
    fn from(error: Error) -> Self {
        Self { error, retry: Retry::Never }
    }
}
