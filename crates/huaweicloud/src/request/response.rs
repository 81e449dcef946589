//! A successful response, and errors about its content.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::decode;
use crate::error::{Asked, Error, Hidden, Kind, Reply, ServerError, Shape, tidy};

const NOT_RETRIED: &str =
    "The response does not match the API's documentation, so the request was not retried.";

/// A successful response.
pub struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) asked: Arc<Asked>,
    /// Values that must not be repeated from the body.
    pub(crate) hidden: Arc<[Hidden]>,
}

impl Response {
    /// Returns the decompressed body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the server's ID for this request, if it sent one.
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("x-request-id")?.to_str().ok()
    }

    /// Decodes the body as a JSON object of the documented shape.
    ///
    /// # Errors
    ///
    /// [`Kind::Decode`] with the JSON path of the first error. It quotes the body's own error message if there is one.
    pub fn object<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.decoded(decode::object(&self.body, &self.hidden)).map_err(|error| {
            let words = self.words();
            let is_error = words.shape == Shape::Cloud;
            if is_error { error.with_reply(Reply { status: self.status.as_u16(), words }) } else { error }
        })
    }

    /// Decodes a body that holds secrets: the error quotes nothing of it.
    pub(crate) fn object_with_secrets<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.decoded(decode::object_with_secrets(&self.body))
    }

    fn decoded<T>(&self, result: Result<T, decode::DecodeError>) -> Result<T, Error> {
        result.map_err(|fault| self.error(Kind::Decode { path: fault.path }, fault.text).and(NOT_RETRIED))
    }

    /// Creates an error about a body that is JSON but not the documented response. It quotes the body's own error
    /// message if there is one, otherwise the beginning of the body. Not for bodies that hold secrets.
    pub fn unexpected(&self, path: &str, cause: impl Into<String>) -> Error {
        Error::new(Kind::Decode { path: path.to_owned() }, Some(&self.asked), cause)
            .and(NOT_RETRIED)
            .with_reply(Reply { status: self.status.as_u16(), words: self.words() })
    }

    fn words(&self) -> ServerError {
        ServerError::read(&self.headers, &self.body, &self.hidden)
    }

    /// Creates an error about this response.
    pub fn error(&self, kind: Kind, cause: impl Into<String>) -> Error {
        let request_id = self.request_id().and_then(tidy);
        let words = ServerError { request_id, ..ServerError::default() };
        Error::new(kind, Some(&self.asked), cause).with_reply(Reply { status: self.status.as_u16(), words })
    }
}
