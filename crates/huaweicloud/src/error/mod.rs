//! One error for every failure to get a usable response: the request, its target, the response, and what to do next.

mod credential_source;
mod masking;
mod server_error;
pub(crate) mod text;

use std::fmt;
use std::sync::Arc;

pub use credential_source::{CredentialSource, Place};
pub(crate) use masking::Hidden;
pub(crate) use server_error::{ServerError, Shape};
pub use text::tidy;
pub(crate) use text::{is_html, tidy_masked};

/// The kind of failure, for callers that act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// HTTP 401: the credentials were not accepted. Never retried, and remembered for the credential.
    Unauthorized,
    /// HTTP 403: the credentials are valid, but the permission is missing.
    Forbidden,
    /// HTTP 401 because of too many earlier failures: the access key is locked for some minutes. Never retried.
    Locked,
    /// HTTP 401 or 403 in a form that the cloud does not use: something between this machine and the cloud responded, and
    /// nothing is known about the credentials.
    Intercepted,
    /// HTTP 404 from the service: the requested object does not exist.
    NotFound,
    /// HTTP 404 from a gateway or a server outside the cloud: the API is not served there.
    WrongEndpoint,
    /// HTTP 429, or 403 with a throttling code.
    Throttled,
    /// Another status from 400 to 499.
    Rejected,
    /// A status from 500, or one outside 200–499 that is not a redirect.
    Unavailable,
    /// A status from 300 to 399. Redirects are not followed.
    Redirect,
    /// One attempt took longer than the request timeout.
    Timeout,
    /// The caller's own deadline has passed.
    Deadline,
    /// The host name did not resolve.
    Dns,
    /// The connection could not be established.
    Connect,
    /// This machine has no thread, descriptor, port or buffer left for the request, or does not permit it.
    SystemLimit,
    /// The TLS handshake failed.
    Tls,
    /// The connection broke, or the body was cut short.
    Interrupted,
    /// The body is larger than 16 MiB after decompression.
    TooLarge,
    /// The body does not match the API documentation; `path` is the JSON path of the mismatch, empty for the whole
    /// body.
    Decode {
        /// JSON path such as `access_infos[2].port`.
        path: String,
    },
    /// The region has no project of that name, or none that these credentials can access.
    NoProject,
    /// No credentials were found anywhere.
    NoCredentials,
    /// A credential source returned an unusable response.
    CredentialSource,
    /// The request cannot be made: an invalid region, or an argument that forbids it.
    Argument,
    /// The HTTP client could not be set up.
    Setup,
}

impl Kind {
    /// Whether the same request would fail in the same way again in this process, for results shared by all reads.
    pub(crate) fn is_final(&self) -> bool {
        let other = matches!(self, Self::Forbidden | Self::NoProject | Self::NoCredentials);
        other || self.refuses_credential()
    }

    /// Whether the cloud rejected the credential itself, so that no further request is made with it.
    pub(crate) fn refuses_credential(&self) -> bool {
        matches!(self, Self::Unauthorized | Self::Locked)
    }
}

/// The request: what was requested, from where, and with which credential.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A verb: `read`, `list`, `look up`.
    pub operation: &'static str,
    /// Object of the operation: `instance 8561675c-…`.
    pub subject: String,
    /// HTTP method.
    pub method: &'static str,
    /// URL without credentials.
    pub url: String,
    /// Region of the request.
    pub region: String,
    /// Project of the request, if it has one.
    pub project: Option<String>,
    /// Key of the service in `endpoints`.
    pub service: &'static str,
    /// Source of the credential.
    pub credential: Option<Arc<CredentialSource>>,
    /// IAM action that the request needs, if the caller knows it.
    pub iam_action: Option<&'static str>,
}

/// The response.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) words: ServerError,
}

/// An error of a request, or of something a request depends on. Cheap to clone.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    asked: Option<Arc<Asked>>,
    reply: Option<Reply>,
    /// Complete sentences: the cause first, then the advice.
    sentences: Vec<String>,
    /// Whether the caller's own deadline prevented a retry.
    out_of_time: bool,
    source: Option<Arc<reqwest::Error>>,
}

impl Error {
    pub(crate) fn new(kind: Kind, asked: Option<&Arc<Asked>>, cause: impl Into<String>) -> Self {
        let sentences = vec![cause.into()];
        let asked = asked.cloned();
        let out_of_time = false;
        Self(Arc::new(Inner { kind, asked, reply: None, sentences, out_of_time, source: None }))
    }

    pub(crate) fn with_reply(self, reply: Reply) -> Self {
        self.changed(|inner| inner.reply = Some(reply))
    }

    /// Sets the underlying error.
    pub(crate) fn caused_by(self, source: Option<Arc<reqwest::Error>>) -> Self {
        self.changed(|inner| inner.source = source)
    }

    /// Adds a sentence, such as the caller's advice.
    #[must_use]
    pub fn and(self, sentence: impl Into<String>) -> Self {
        self.changed(|inner| inner.sentences.push(sentence.into()))
    }

    /// Adds a sentence if the error is of one of these kinds.
    pub(crate) fn and_for(self, kinds: &[Kind], sentence: impl Into<String>) -> Self {
        if kinds.contains(self.kind()) { self.and(sentence) } else { self }
    }

    /// Replaces kind and cause for the same response, by an error that is not about any particular request.
    pub(crate) fn reworded(self, kind: Kind, cause: impl Into<String>) -> Self {
        self.changed(|inner| {
            (inner.kind, inner.sentences, inner.asked) = (kind, vec![cause.into()], None);
        })
    }

    /// Replaces the kind.
    pub(crate) fn of_kind(self, kind: Kind) -> Self {
        self.changed(|inner| inner.kind = kind)
    }

    /// Marks an error after which the caller's own deadline left no time for another attempt, and adds a sentence about
    /// that.
    pub(crate) fn out_of_time(self, sentence: impl Into<String>) -> Self {
        self.and(sentence).into_out_of_time()
    }

    /// Marks an error that the caller's own deadline caused.
    pub(crate) fn into_out_of_time(self) -> Self {
        self.changed(|inner| inner.out_of_time = true)
    }

    /// Whether the caller's own deadline caused it, so that it does not apply to other callers.
    pub fn is_of_time(&self) -> bool {
        self.0.out_of_time || self.0.kind == Kind::Deadline
    }

    /// Adds how the previous attempt ended, and its response.
    pub(crate) fn after(self, previous: &Self) -> Self {
        let sentence = format!("The previous attempt failed: {}.", previous.summary());
        self.and(sentence).changed(|inner| inner.reply.clone_from(&previous.0.reply))
    }

    fn changed(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Returns the kind of failure.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// Returns the HTTP status, if there was a response.
    pub fn status(&self) -> Option<u16> {
        self.0.reply.as_ref().map(|reply| reply.status)
    }

    /// Returns the server's error code, unchanged.
    pub fn code(&self) -> Option<&str> {
        self.0.reply.as_ref()?.words.code.as_deref()
    }

    /// Returns the request, unless the error is not about any particular one.
    pub fn asked(&self) -> Option<&Asked> {
        self.0.asked.as_deref()
    }

    /// Returns a short title without values, such as `Permission denied`.
    pub fn summary(&self) -> &'static str {
        match &self.0.kind {
            Kind::Unauthorized => "Credentials not accepted",
            Kind::Forbidden => "Permission denied",
            Kind::Locked => "Access key temporarily locked",
            Kind::Intercepted => "Request blocked on the network path",
            Kind::NotFound => "Not found",
            Kind::WrongEndpoint => "No such API at this endpoint",
            Kind::Throttled => "Too many requests",
            Kind::Rejected => "Request rejected",
            Kind::Unavailable => "Service unavailable",
            Kind::Redirect => "Unexpected redirect",
            Kind::Timeout => "Request timed out",
            Kind::Deadline => "Read timed out",
            Kind::Dns => "Host name not resolved",
            Kind::Connect => "Connection failed",
            Kind::SystemLimit => "System limit reached",
            Kind::Tls => "TLS handshake failed",
            Kind::Interrupted => "Connection interrupted",
            Kind::TooLarge => "Response too large",
            Kind::Decode { .. } => "Unexpected response",
            Kind::NoProject => "No project in this region",
            Kind::NoCredentials => "No credentials",
            Kind::CredentialSource => "Credentials not obtained",
            Kind::Argument => "Request not possible",
            Kind::Setup => "HTTP client not set up",
        }
    }

    /// Returns sentences that explain what happened and what to do, then the facts, one per line.
    pub fn detail(&self) -> String {
        let asked = self.asked();
        let sentence = asked.map(Asked::sentence);
        let sentences: Vec<&str> = sentence.iter().chain(&self.0.sentences).map(String::as_str).collect();
        let mut facts = Vec::new();
        if let Some(Reply { status, words }) = &self.0.reply {
            // If the body of a response is at fault, its status says nothing about the error.
            let status = Some(status.to_string()).filter(|_| !(200..300).contains(status));
            facts.push(("HTTP status", status));
            facts.push(("Error code", words.code.clone()));
            facts.push(("Message", words.message.clone()));
            facts.push(("Request ID", words.request_id.clone()));
            facts.push(("Encoded authorization message", words.encoded_authorization.clone()));
        }
        let request = asked.filter(|asked| !asked.url.is_empty());
        facts.push(("Request", request.map(|asked| format!("{} {}", asked.method, asked.url))));
        let facts = facts.into_iter().filter_map(|(name, fact)| Some(format!("\n{name}: {}", fact?)));
        let facts: String = facts.collect();
        let gap = if facts.is_empty() { "" } else { "\n" };
        format!("{}{gap}{facts}", sentences.join(" "))
    }
}

impl Asked {
    fn sentence(&self) -> String {
        let region =
            if self.region.is_empty() { String::new() } else { format!(" in region {}", self.region) };
        let project = self.project.as_ref().map(|project| format!(", project {project}")).unwrap_or_default();
        format!("Could not {} {}{region}{project}.", self.operation, self.subject)
    }

    /// Returns host and port of the request.
    pub(crate) fn host(&self) -> &str {
        let after = self.url.split_once("://").map_or("", |(_, rest)| rest);
        after.split(['/', '?']).next().unwrap_or_default()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.summary(), self.detail())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", self.kind()).field("detail", &self.detail()).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_says_what_was_asked_and_what_came_back() {
        let asked = Arc::new(Asked {
            operation: "read",
            subject: "instance 8561".into(),
            method: "GET",
            url: "https://iotda-mgmt.cn-north-4.myhuaweicloud.com/v5/iot/p/iotda-instances/8561".into(),
            region: "cn-north-4".into(),
            project: Some("p".into()),
            ..Asked::default()
        });
        let words = ServerError {
            code: Some("X.1".into()),
            message: Some("No.".into()),
            request_id: Some("r".into()),
            ..ServerError::default()
        };
        let error = Error::new(Kind::Rejected, Some(&asked), "The service rejected the request.")
            .with_reply(Reply { status: 400, words });
        assert_eq!(error.summary(), "Request rejected");
        assert_eq!(
            error.detail(),
            "Could not read instance 8561 in region cn-north-4, project p. The service rejected the request.\n\
             \n\
             HTTP status: 400\n\
             Error code: X.1\n\
             Message: No.\n\
             Request ID: r\n\
             Request: GET https://iotda-mgmt.cn-north-4.myhuaweicloud.com/v5/iot/p/iotda-instances/8561"
        );
        assert_eq!(asked.host(), "iotda-mgmt.cn-north-4.myhuaweicloud.com");
        assert_eq!((error.status(), error.code()), (Some(400), Some("X.1")));
    }

    #[test]
    fn an_error_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone + 'static>() {}
        shared::<Error>();
    }
}
