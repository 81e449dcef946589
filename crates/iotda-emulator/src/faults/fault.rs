//! What can go wrong with a request.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};

use super::throttle::Throttle;

/// Something that goes wrong with a request.
///
/// The faults that end early break the connection on HTTP/1.1, and only the stream on HTTP/2. Those that speak of
/// the genuine answer are applied to what the cloud would have said, checks of signatures and all; the others
/// answer without looking at the request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// An error with this status, worded as whoever would send it: the gateway's throttling for 429, IoTDA for
    /// 500, a proxy's page of HTML otherwise.
    Status(u16),
    /// An answer given in full.
    Answer(Answer),
    /// A gateway that counts: 429 for the requests beyond a limit.
    Throttle(Throttle),
    /// A redirect with status 307.
    Redirect(
        /// The `Location`.
        String,
    ),
    /// The genuine answer, later. Latencies of several rules add up, and go together with another fault.
    #[serde(rename = "latency_ms", deserialize_with = "millis")]
    Latency(Duration),
    /// No answer at all, on a connection that stays open.
    Hang,
    /// A TCP reset in place of an answer.
    ResetBeforeHeaders,
    /// A TCP reset after the genuine answer's headers.
    ResetAfterHeaders,
    /// A TCP reset after half of the genuine answer's body.
    ResetInBody,
    /// Half of the genuine answer's body, under the whole one's `Content-Length`, then an orderly end.
    TruncatedBody,
    /// The genuine answer's body in pieces of that many bytes with that much time between them.
    SlowDrip {
        /// Bytes in a piece.
        bytes: usize,
        /// Time between two pieces.
        #[serde(rename = "every_ms", deserialize_with = "millis")]
        every: Duration,
    },
    /// Half of the genuine answer's body, as if it were all of it.
    MalformedJson,
    /// The genuine answer, filled up with blanks to this many bytes: still JSON, and too much of it.
    Oversized(usize),
    /// A body in chunks that never ends.
    EndlessBody,
    /// The genuine answer, compressed with gzip.
    Gzip,
    /// The genuine answer under a `Content-Encoding` of this name, whatever its body is.
    Encoded {
        /// The value of `Content-Encoding`.
        coding: String,
        /// In how many members of gzip the body is; none leaves it as it is.
        #[serde(default)]
        gzip_members: usize,
    },
    /// A JSON string of this many characters, compressed with gzip to about a thousandth.
    GzipBomb(usize),
    /// These bytes in place of an answer, then the end of the connection. On HTTP/2: a reset stream.
    Raw(String),
}

/// An answer given in full.
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
    /// An answer with this status and nothing else.
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

    /// Sets a body of JSON.
    #[must_use]
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.body("application/json", body)
    }

    /// Sets a body of HTML, as proxies send it.
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
