//! For this project's benchmarks, fuzzers and vectors: the stages of a request, one by one. Not part of the API.
#![allow(missing_docs, reason = "hidden")]

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::escape;
use crate::request::decode;
use crate::request::signing::signer;

#[cfg(fuzzing)]
pub use fuzzing::{object, server_error, url};

/// Returns the `Authorization` of a GET without a body.
pub fn sign(
    host: &str,
    path: &str,
    project: &str,
    secret_key: &SecretString,
    time: OffsetDateTime,
) -> String {
    let date = signer::date(time);
    let headers = [("host", host), ("x-project-id", project), ("x-sdk-date", &date)];
    let request =
        signer::Request { method: "GET", path, query: "", headers: &headers, body: b"", date: &date };
    signer::sign("AccessKey", secret_key, &request)
}

/// Returns all stages of a signature: the canonical request, the string to sign, the signature and `Authorization`.
/// `path` and `query` are not yet encoded; `headers` are sorted by lower-case name, including the date.
pub fn stages(
    (access_key, secret_key): (&str, &SecretString),
    method: &str,
    path: &str,
    query: &[(&str, &str)],
    headers: &[(&str, &str)],
    body: &[u8],
) -> [String; 4] {
    let mut encoded = String::new();
    path.split('/').skip(1).for_each(|segment| escape::push_segment(&mut encoded, segment));
    let query = escape::query(query);
    let date = headers.iter().find(|(name, _)| *name == "x-sdk-date").map_or("", |(_, date)| date);
    let request = signer::Request { method, path: &encoded, query: &query, headers, body, date };
    let canonical = signer::canonical_request(&request);
    let to_sign = signer::string_to_sign(date, &canonical);
    let signature = signer::signature(secret_key, &to_sign);
    [canonical.to_string(), to_sign, signature, signer::sign(access_key, secret_key, &request)]
}

/// Decodes the object of a body, or returns what is wrong with it.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    decode::object(body, &[]).map_err(|fault| fault.text)
}

/// Invariants that hold for any input.
#[cfg(fuzzing)]
#[allow(clippy::expect_used, reason = "fuzzers want to crash")]
mod fuzzing {
    use reqwest::header::HeaderMap;
    use secrecy::SecretString;
    use serde::de::DeserializeOwned;
    use url::Url;

    use crate::endpoints::Endpoint;
    use crate::error::{Hidden, ServerError, is_html};
    use crate::escape;
    use crate::request::decode;

    /// Decodes a body as a read does.
    pub fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
        match decode::object(body, &[]) {
            Ok(object) => Some(object),
            Err(fault) => {
                assert!(fault.text.len() < 4096 && !fault.text.contains(char::is_control), "{}", fault.text);
                None
            }
        }
    }

    /// Parses a body as an error: the repeated text is short, harmless and without the secret.
    pub fn server_error(body: &[u8]) {
        let secret = SecretString::from("HUNTER2-HUNTER2");
        let words = ServerError::read(&HeaderMap::new(), body, &[Hidden::Secret(secret.clone())]);
        for text in [words.code, words.message, words.request_id].into_iter().flatten() {
            assert!(!text.is_empty() && text.len() <= 1024 + '…'.len_utf8());
            assert!(!text.contains(char::is_control) && !text.contains("HUNTER2-HUNTER2"), "{text:?}");
        }
        let _ = is_html(body);
    }

    /// Builds the URL of a request below an endpoint. It names the host that was checked, and each segment and each
    /// value is still one when the URL is parsed again: nothing in them can change the target.
    pub fn url(endpoint: &str, segments: &[&str], query: &[(&str, &str)]) {
        let Ok(endpoint) = Endpoint::parse(endpoint) else { return };
        // Every request has a path below the endpoint.
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
}
