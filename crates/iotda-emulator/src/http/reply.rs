//! A response before any fault is applied, and the error formats of each sender.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

impl Reply {
    /// Creates a response from JSON text.
    pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::typed(status, JSON, body)
    }

    pub(crate) fn value(status: StatusCode, body: &Value) -> Self {
        Self::json(status, body.to_string())
    }

    pub(crate) fn text(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::typed(status, HeaderValue::from_static("text/plain"), body)
    }

    pub(crate) fn typed(status: StatusCode, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![(CONTENT_TYPE, content_type)], body: body.into() }
    }

    /// Creates an error of a service, in the flat format of IoTDA, IAM v3.0 and STS.
    pub(crate) fn service_error(status: StatusCode, code: &str, message: &str) -> Self {
        Self::value(status, &json!({ "error_code": code, "error_msg": message }))
    }

    /// Creates an error of the API gateway; its request id is in the body too.
    pub(crate) fn gateway_error(status: StatusCode, code: &str, message: &str, request_id: &str) -> Self {
        Self::value(status, &json!({ "error_msg": message, "error_code": code, "request_id": request_id }))
    }

    /// Creates the API gateway's 401.
    pub(crate) fn unauthenticated(why: &str, request_id: &str) -> Self {
        let message = format!("Incorrect IAM authentication information: {why}");
        Self::gateway_error(StatusCode::UNAUTHORIZED, "APIGW.0301", &message, request_id)
    }

    /// Creates an error of IAM's v3 API: nested, with a numeric code.
    pub(crate) fn keystone_error(status: StatusCode, message: &str) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let error = json!({ "code": status.as_u16(), "message": message, "title": title });
        Self::value(status, &json!({ "error": error }))
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }
}
