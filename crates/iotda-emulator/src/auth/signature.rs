//! Verification of SDK-HMAC-SHA256 signatures: the canonical request is rebuilt from the received one.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::http::request::{Request, query_pairs};

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'~').remove(b'.');

/// A parsed `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Authorization<'a> {
    pub(crate) access_key: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    pub(crate) fn parse(header: &'a str) -> Result<Self, String> {
        let rest = header
            .strip_prefix(ALGORITHM)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or_else(|| malformed("unsupported algorithm"))?;
        let mut parts = rest.split(", ");
        let mut part = |name: &str| {
            parts.next()?.strip_prefix(name)?.strip_prefix('=').filter(|value| !value.is_empty())
        };
        let access_key = part("Access").ok_or_else(|| malformed("Access is missing"))?;
        let signed = part("SignedHeaders").ok_or_else(|| malformed("SignedHeaders is missing"))?;
        let signature = part("Signature").ok_or_else(|| malformed("Signature is missing"))?;
        let signed_headers: Vec<_> = signed.split(';').collect();
        if !signed_headers.is_sorted_by(|a, b| a < b) {
            return Err(malformed("SignedHeaders is not sorted"));
        }
        if !signed_headers.contains(&"x-sdk-date") {
            return Err(malformed("x-sdk-date is not signed"));
        }
        Ok(Self { access_key, signed_headers, signature })
    }

    /// Whether the signature covers a header, named in lower case.
    pub(crate) fn covers(&self, header: &str) -> bool {
        self.signed_headers.contains(&header)
    }

    /// Verifies the signature of a request with the key's secret.
    pub(crate) fn verify(&self, request: &Request, secret_key: &str) -> Result<(), String> {
        let canonical_request = self.canonical_request(request)?;
        let date = request.header("x-sdk-date").unwrap_or_default();
        if sign(secret_key, &string_to_sign(date, &canonical_request)) == self.signature {
            return Ok(());
        }
        let shown = canonical_request.replace('\n', "|");
        Err(format!("verify ak sk signature fail, canonical request: {shown}"))
    }

    fn canonical_request(&self, request: &Request) -> Result<String, String> {
        let headers = self.signed_headers.iter().map(|name| canonical_header(request, name));
        let parts = [
            request.method.as_str(),
            &canonical_path(&request.path),
            &canonical_query(&request.query),
            &headers.collect::<Result<String, _>>()?,
            &self.signed_headers.join(";"),
            &payload_hash(request)?,
        ];
        Ok(parts.join("\n"))
    }
}

/// Describes a signature that does not have the only supported form.
fn malformed(why: &str) -> String {
    format!("calc ak sk signature fail:{why}")
}

fn string_to_sign(date: &str, canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{date}\n{}", hex(&Sha256::digest(canonical_request)))
}

fn sign(secret_key: &str, to_sign: &str) -> String {
    // HMAC accepts keys of any length, so there is no error to report.
    Hmac::<Sha256>::new_from_slice(secret_key.as_bytes())
        .map(|mut mac| {
            mac.update(to_sign.as_bytes());
            hex(&mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

fn canonical_path(path: &str) -> String {
    let segments =
        path.split('/').map(|segment| escaped(&Cow::from(percent_decode_str(segment))).to_string());
    let path = segments.collect::<Vec<_>>().join("/");
    if path.ends_with('/') { path } else { path + "/" }
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<_> = query_pairs(query).collect();
    pairs.sort();
    let pairs = pairs.iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Returns a line for each value of a signed header.
fn canonical_header(request: &Request, name: &str) -> Result<String, String> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) || name == "authorization" {
        return Err(malformed("SignedHeaders names a header that cannot be signed"));
    }
    let values = request.headers.get_all(name).iter().map(|value| str::from_utf8(value.as_bytes()));
    let mut values: Vec<_> =
        values.collect::<Result<_, _>>().map_err(|_| malformed("a signed header is not UTF-8"))?;
    if values.is_empty() {
        return Err(malformed("a signed header is missing"));
    }
    values.sort_unstable_by_key(|value| value.trim());
    Ok(values.iter().fold(String::new(), |lines, value| lines + &format!("{name}:{}\n", value.trim())))
}

/// `X-Sdk-Content-Sha256` replaces the payload's hash, but must match it unless it states that nothing was hashed.
fn payload_hash(request: &Request) -> Result<String, String> {
    let actual = hex(&Sha256::digest(&request.body));
    match request.header("x-sdk-content-sha256") {
        Some("UNSIGNED-PAYLOAD") => Ok("UNSIGNED-PAYLOAD".to_owned()),
        Some(claimed) if claimed != actual => Err(malformed("x-sdk-content-sha256 is wrong")),
        _ => Ok(actual),
    }
}

fn escaped(bytes: &[u8]) -> PercentEncode<'_> {
    percent_encode(bytes, ESCAPED)
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use hyper::header::{HeaderName, HeaderValue};
    use serde_json::Value;

    use super::*;
    use crate::http::request::sample;

    fn vectors() -> Vec<Value> {
        serde_json::from_str(include_str!("../../tests/fixtures/sdk_hmac_sha256.json")).unwrap()
    }

    fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
        vector[key].as_str().unwrap()
    }

    /// Creates the request of a vector, with the minimum of escaping in its query that the wire needs.
    fn request(vector: &Value) -> Request {
        let escape = |part: &Value| part.as_str().unwrap().replace('%', "%25").replace('&', "%26");
        let pairs = vector["query"].as_array().unwrap();
        let query: Vec<_> =
            pairs.iter().map(|pair| format!("{}={}", escape(&pair[0]), escape(&pair[1]))).collect();
        let method = Method::from_bytes(text(vector, "method").as_bytes()).unwrap();
        let mut request = sample(method, text(vector, "path"), &query.join("&"));
        for (name, value) in vector["headers_signed"].as_object().unwrap() {
            let name = HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes()).unwrap();
            request.headers.append(name, HeaderValue::from_str(value.as_str().unwrap()).unwrap());
        }
        request.headers.append("test_underscore", HeaderValue::from_static("TEST_VALUE"));
        request.body = text(vector, "body").to_owned().into();
        request
    }

    #[test]
    fn the_published_vectors_hold_stage_by_stage() {
        assert_eq!(vectors().len(), 20);
        for vector in vectors() {
            let id = text(&vector, "id");
            let request = request(&vector);
            let authorization = Authorization::parse(text(&vector, "authorization")).unwrap();
            assert_eq!(authorization.access_key, text(&vector, "access_key"), "{id}");
            let canonical = authorization.canonical_request(&request).unwrap();
            assert_eq!(canonical, text(&vector, "canonical_request"), "{id}");
            let to_sign = string_to_sign(request.header("x-sdk-date").unwrap(), &canonical);
            assert_eq!(to_sign, text(&vector, "string_to_sign"), "{id}");
            assert_eq!(sign(text(&vector, "secret_key"), &to_sign), text(&vector, "signature"), "{id}");
            authorization.verify(&request, text(&vector, "secret_key")).unwrap();
        }
    }

    #[test]
    fn any_change_to_a_signed_request_is_noticed() {
        let vector = vectors().into_iter().find(|vector| vector["id"] == "iotda-4").unwrap();
        let authorization = Authorization::parse(text(&vector, "authorization")).unwrap();
        let refused = |change: &dyn Fn(&mut Request)| {
            let mut request = request(&vector);
            change(&mut request);
            authorization.verify(&request, text(&vector, "secret_key")).unwrap_err()
        };
        let mismatch =
            |refused: String| refused.starts_with("verify ak sk signature fail, canonical request: ");
        assert!(mismatch(refused(&|it| it.path.push('x'))));
        assert!(mismatch(refused(&|it| it.query = it.query.replace("50", "51"))));
        assert!(mismatch(refused(&|it| it.body = "x".into())));
        assert!(mismatch(refused(&|it| it.method = Method::DELETE)));
        assert!(mismatch(refused(&|it| {
            it.headers.insert("host", HeaderValue::from_static("elsewhere"));
        })));
        let missing = refused(&|it| {
            it.headers.remove("x-project-id");
        });
        assert_eq!(missing, "calc ak sk signature fail:a signed header is missing");
        assert!(mismatch(authorization.verify(&request(&vector), "another").unwrap_err()));
    }

    #[test]
    fn every_byte_outside_the_unreserved_set_is_escaped() {
        let escaped = escaped(&(0..=0x7f).collect::<Vec<_>>()).to_string();
        let plain: String = escaped.split('%').map(|part| part.get(2..).unwrap_or("")).collect();
        assert_eq!(plain, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
        assert!(escaped.starts_with("%00%01") && escaped.ends_with("%7F"));
    }

    #[test]
    fn queries_are_sorted_by_their_decoded_parts() {
        let canonical = canonical_query("multi=3&multi=1&a%7Eb=&a-b&path=%2Ftmp+x&multi=2");
        assert_eq!(canonical, "a-b=&a~b=&multi=1&multi=2&multi=3&path=%2Ftmp%2Bx");
    }

    #[test]
    fn only_the_one_form_of_the_header_is_accepted() {
        for (header, why) in [
            ("V11-HMAC-SHA256 Credential=AK/x, SignedHeaders=a, Signature=0", "unsupported algorithm"),
            ("SDK-HMAC-SHA256 SignedHeaders=x-sdk-date, Signature=0", "Access is missing"),
            ("SDK-HMAC-SHA256 Access=A,SignedHeaders=x-sdk-date,Signature=0", "SignedHeaders is missing"),
            (
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date;host, Signature=0",
                "SignedHeaders is not sorted",
            ),
            ("SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=0", "x-sdk-date is not signed"),
            ("SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date", "Signature is missing"),
        ] {
            assert_eq!(Authorization::parse(header), Err(malformed(why)), "{header}");
        }
    }
}
