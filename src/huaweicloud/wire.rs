//! The seam between what is asked and how it travels: one request out, one answer or failure back.

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use super::error::Kind;

/// A request, complete and signed.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// A complete answer, whatever its status.
pub(crate) struct Incoming {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Decompressed, at most 16 MiB.
    pub(crate) body: Bytes,
}

/// No complete answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    /// Sentences that say what happened and which setting to look at.
    pub(crate) text: String,
    /// Whether another attempt could end differently.
    pub(crate) retryable: bool,
}

/// Sends requests. The one implementation for production is [`super::http::Http`].
#[async_trait]
pub(crate) trait Wire: Send + Sync {
    /// Sends one request and reads the whole answer. Dropping the future abandons both.
    async fn exchange(&self, request: Outgoing) -> Result<Incoming, Failure>;
}
