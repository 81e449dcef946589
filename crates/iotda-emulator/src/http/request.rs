//! A request as received.

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A received request. Path and query are kept unchanged, because the signature covers them.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) connection_id: u64,
}

impl Request {
    /// Returns a header's value, if it exists and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the decoded value of a query parameter.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        let found = query_pairs(&self.query).find(|(key, _)| key == name.as_bytes());
        found.map(|(_, value)| String::from_utf8_lossy(&value).into_owned())
    }

    /// Returns the part of the JSON body at a JSON pointer, if it has this form.
    pub(crate) fn json<T: DeserializeOwned>(&self, pointer: &str) -> Option<T> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        T::deserialize(body.pointer(pointer)?).ok()
    }

    /// Returns the decoded segments of the path, without the empty one before the leading slash.
    pub(crate) fn segments(&self) -> Vec<String> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
    }
}

/// Decodes the pairs of a query. A plus sign is literal: in signed requests a space is `%20`.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decode_str(key).collect(), percent_decode_str(value).collect())
    })
}

#[cfg(test)]
pub(crate) fn sample(method: Method, path: &str, query: &str) -> Request {
    Request { method, path: path.to_owned(), query: query.to_owned(), ..Request::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_values_and_segments_are_decoded_after_splitting() {
        let request = sample(Method::GET, "/a%2Fb/c", "name=x%26y+z&flag&name=second");
        assert_eq!(request.segments(), ["a/b", "c"]);
        assert_eq!(request.query_value("name").as_deref(), Some("x&y+z"));
        assert_eq!(request.query_value("flag").as_deref(), Some(""));
        assert_eq!(request.query_value("absent"), None);
    }
}
