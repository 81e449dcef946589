//! SDK-HMAC-SHA256, the request signature of Huawei Cloud's gateways, as pure functions with every stage visible.

use ring::{digest, hmac};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Name of the algorithm, the first word of `Authorization` and the first line of the string to sign.
const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The signed parts of a request.
pub(crate) struct Request<'a> {
    /// `GET`, `POST` …
    pub(crate) method: &'a str,
    /// The path as sent, percent-encoded.
    pub(crate) path: &'a str,
    /// The query as sent: sorted and percent-encoded, without `?`.
    pub(crate) query: &'a str,
    /// Signed headers with lower-case names, sorted by name.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// The body as sent.
    pub(crate) body: &'a [u8],
    /// `X-Sdk-Date`, also among the headers.
    pub(crate) date: &'a str,
}

/// Formats the value of `X-Sdk-Date`: UTC, `20240115T093045Z`.
pub(crate) fn date(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Returns the value of `Authorization` for a request: all stages in their order.
pub(crate) fn sign(access_key: &str, secret_key: &SecretString, request: &Request<'_>) -> String {
    let signature = signature(secret_key, &string_to_sign(request.date, &canonical_request(request)));
    authorization(access_key, request.headers, &signature)
}

/// Stage 1: the canonical request. It holds the security token if there is one, so it is wiped.
pub(crate) fn canonical_request(request: &Request<'_>) -> Zeroizing<String> {
    let values: usize = request.headers.iter().map(|(_, value)| value.len()).sum();
    // Capacity for the whole text: a reallocation would leave copies behind.
    let mut out =
        Zeroizing::new(String::with_capacity(512 + request.path.len() + request.query.len() + values));
    let slash = if request.path.ends_with('/') { "" } else { "/" };
    out.extend([request.method, "\n", request.path, slash, "\n", request.query, "\n"]);
    for (name, value) in request.headers {
        out.extend([name, ":", value.trim(), "\n"]);
    }
    out.extend(["\n", &names(request.headers), "\n", &sha256(request.body)]);
    out
}

/// Stage 2: the string to sign.
pub(crate) fn string_to_sign(date: &str, canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{date}\n{}", sha256(canonical_request.as_bytes()))
}

/// Stage 3: the signature. The HMAC key is the unmodified secret key.
pub(crate) fn signature(secret_key: &SecretString, string_to_sign: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret_key.expose_secret().as_bytes());
    hex(hmac::sign(&key, string_to_sign.as_bytes()).as_ref())
}

/// Stage 4: the `Authorization` header.
fn authorization(access_key: &str, headers: &[(&str, &str)], signature: &str) -> String {
    let names = names(headers);
    format!("{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}")
}

fn names(headers: &[(&str, &str)]) -> String {
    headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";")
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_utc_without_punctuation() {
        let time = time::macros::datetime!(2024-01-15 10:30:45.9 +1);
        assert_eq!(date(time), "20240115T093045Z");
    }
}
