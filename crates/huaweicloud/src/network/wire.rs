//! The interface between requests and their transport: one request out, one response or failure back.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use crate::error::Kind;

/// Timeout of a connection attempt, TLS included.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum size of a body after decompression, in bytes.
pub(crate) const BODY_LIMIT: usize = 16 << 20;

/// A complete, signed request.
pub struct Outgoing {
    /// HTTP method.
    pub method: Method,
    /// Absolute URL, encoded.
    pub url: String,
    /// All headers except those of HTTP itself.
    pub headers: HeaderMap,
    /// The body, if it has one.
    pub body: Option<Bytes>,
}

/// A complete response, whatever its status.
pub(crate) struct Incoming {
    pub(crate) status: StatusCode,
    pub headers: HeaderMap,
    /// Decompressed body, at most 16 MiB.
    pub body: Bytes,
}

/// The failure to get a complete response.
#[derive(Clone, Debug)]
pub struct TransportError {
    /// What failed.
    pub kind: Kind,
    /// Sentences that explain what happened and which setting to check.
    pub text: String,
    /// Whether a retry could succeed.
    pub retryable: bool,
    /// The error of the HTTP library, without the URL.
    pub source: Option<Arc<reqwest::Error>>,
}

impl TransportError {
    /// Creates an error of this client, or of a script.
    pub fn new(kind: Kind, text: impl Into<String>, retryable: bool) -> Self {
        Self { kind, text: text.into(), retryable, source: None }
    }

    pub(super) fn too_large() -> Self {
        Self::new(Kind::TooLarge, "The response exceeds the limit of 16 MiB.", false)
    }
}

/// Sends requests. The only production implementation is [`super::http::Http`].
#[async_trait]
pub(crate) trait Wire: Send + Sync {
    /// Sends one request and reads the whole response. Dropping the future abandons both.
    async fn exchange(&self, request: Outgoing) -> Result<Incoming, TransportError>;
}
