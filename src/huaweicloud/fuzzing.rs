//! Ways in for the fuzzers, which check what must hold for any input.
#![allow(clippy::expect_used, missing_docs, reason = "for fuzzers, which want to crash")]

use reqwest::header::HeaderMap;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

use super::endpoints::Endpoint;
use super::refusal::{self, Words};
use super::{decode, escape};

/// Reads a body as a read does.
pub fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    match decode::object(body) {
        Ok(object) => Some(object),
        Err(fault) => {
            assert!(fault.text.len() < 4096 && !fault.text.contains(char::is_control), "{}", fault.text);
            None
        }
    }
}

/// Reads a body as that of an error: what is repeated of it is short, harmless and without the secret.
pub fn refusal(body: &[u8]) {
    let secret = SecretString::from("HUNTER2");
    let words = Words::read(&HeaderMap::new(), body, &[&secret]);
    for text in [words.code, words.message, words.request_id].into_iter().flatten() {
        assert!(!text.is_empty() && text.len() <= 1024 + '…'.len_utf8());
        assert!(!text.contains(char::is_control) && !text.contains("HUNTER2"), "{text:?}");
    }
    let _ = refusal::is_html(body);
}

/// Builds the URL of a request below an endpoint. It names the host that was checked, and each segment and each value
/// is still one when the URL is read again: nothing in them can lead elsewhere.
pub fn url(endpoint: &str, segments: &[&str], query: &[(&str, &str)]) {
    let Ok(endpoint) = Endpoint::parse(endpoint) else { return };
    // Every request has a path of its own below the endpoint.
    if segments.is_empty() {
        return;
    }
    let Ok(path) = endpoint.path(segments) else { return };
    let url = endpoint.url(&path, &escape::query(query));
    let read = Url::parse(&url).expect("what was built is a URL");
    assert_eq!(read.as_str(), url, "nothing is normalized");
    let host = read
        .host_str()
        .map(|host| read.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
    assert_eq!(host.as_deref(), Some(endpoint.host.as_str()));
    assert!(read.scheme() == "https" || url.starts_with("http://"));
    let mut pairs: Vec<_> =
        query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    pairs.sort_unstable();
    let read_pairs: Vec<_> =
        read.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    assert_eq!(read_pairs, pairs);
    let read_segments: Vec<_> = read.path_segments().into_iter().flatten().collect();
    let tail = read_segments.len().checked_sub(segments.len()).expect("no segment is lost");
    for (read, segment) in read_segments.iter().skip(tail).zip(segments) {
        let decoded = percent_encoding::percent_decode_str(read).decode_utf8().expect("it was text");
        assert_eq!(decoded, *segment);
    }
}
