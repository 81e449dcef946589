//! Faults that can be applied to a request.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};

use super::throttle::Throttle;

/// A fault that is applied to a request.
///
/// The faults that end early break the connection on HTTP/1.1, and only the stream on HTTP/2. Those described with the
/// genuine response are applied to the response of the cloud, including its checks of signatures; the others respond
/// without evaluating the request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// An error with this status, in the format of its usual sender: the gateway's throttling for 429, IoTDA for 500,
    /// otherwise a proxy's HTML page.
    Status(u16),
    /// A complete response.
    Answer(Answer),
    /// A gateway that counts requests: 429 beyond a limit.
    Throttle(Throttle),
    /// A redirect with status 307.
    Redirect(
        /// The `Location`.
        String,
    ),
    /// The genuine response, delayed. Latencies of several rules add up, and can be combined with another fault.
    #[serde(rename = "latency_ms", deserialize_with = "millis")]
    Latency(Duration),
    /// No response, on a connection that stays open.
    Hang,
    /// A TCP reset in place of a response.
    ResetBeforeHeaders,
    /// A TCP reset after the headers of the genuine response.
    ResetAfterHeaders,
    /// A TCP reset after half of the body of the genuine response.
    ResetInBody,
    /// Half of the body of the genuine response, under the `Content-Length` of the whole one, then an orderly end.
    TruncatedBody,
    /// The body of the genuine response in chunks of this many bytes, separated by this much time.
    SlowDrip {
        /// Bytes in a chunk.
        bytes: usize,
        /// Time between two chunks.
        #[serde(rename = "every_ms", deserialize_with = "millis")]
        every: Duration,
    },
    /// Half of the body of the genuine response, as if it were complete.
    MalformedJson,
    /// The genuine response, padded with blanks to this many bytes: valid JSON, but too large.
    Oversized(usize),
    /// A chunked body that never ends.
    EndlessBody,
    /// The genuine response, compressed with gzip.
    Gzip,
    /// The genuine response under a `Content-Encoding` of this name, regardless of its body.
    Encoded {
        /// The value of `Content-Encoding`.
        coding: String,
        /// Number of gzip members in the body; 0 leaves it unchanged.
        #[serde(default)]
        gzip_members: usize,
    },
    /// A JSON string of this many characters, compressed with gzip to about a thousandth.
    GzipBomb(usize),
    /// These bytes in place of a response, then the end of the connection. On HTTP/2: a reset stream.
    Raw(String),
}

/// A complete response.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: Vec<(String, String)>,
    #[serde(default, deserialize_with = "text")]
    pub(super) body: Bytes,
}

impl Answer {
    /// Creates a response with this status and no headers or body.
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// Adds a header, such as `Retry-After`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body and its content type.
    #[must_use]
    pub fn body(self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        let mut answer = self.header("content-type", content_type);
        answer.body = body.into();
        answer
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.body("application/json", body)
    }

    /// Sets an HTML body, as proxies send it.
    #[must_use]
    pub fn html(self, body: impl Into<Bytes>) -> Self {
        self.body("text/html", body)
    }
}

fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    String::deserialize(deserializer).map(Bytes::from)
}
