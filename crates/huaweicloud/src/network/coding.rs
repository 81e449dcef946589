//! Response bodies in their original form: decompressed, and without a byte order mark.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};

use super::wire::{BODY_LIMIT, TransportError};
use crate::error::{Kind, tidy};

/// The supported codings, in the format of `Accept-Encoding`.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip");

/// First bytes of a gzip member [RFC 1952 §2.3.1].
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Removes the content codings of a body [RFC 9110 §8.4]. A body labelled gzip that is not compressed is returned
/// unchanged.
///
/// # Errors
///
/// A coding that was not requested, damaged data, and more than the limit after decompression.
pub(super) fn decode(headers: &HeaderMap, body: Bytes) -> Result<Bytes, TransportError> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let names: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let names = names.iter().flat_map(|names| names.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let codings: Vec<String> = names.filter(|name| !matches!(name.as_str(), "" | "identity")).collect();
    let mut body = body;
    for coding in codings.iter().rev() {
        body = match coding.as_str() {
            "gzip" | "x-gzip" => gunzip(body)?,
            other => {
                let coding = tidy(other).unwrap_or_default();
                let text = format!(
                    "The response is compressed as \"{coding}\" (Content-Encoding), but only gzip was requested. Check whether a proxy changes responses."
                );
                return Err(TransportError::new(Kind::Decode { path: String::new() }, text, false));
            }
        };
    }
    Ok(if body.starts_with(BYTE_ORDER_MARK) { body.slice(BYTE_ORDER_MARK.len()..) } else { body })
}

fn gunzip(body: Bytes) -> Result<Bytes, TransportError> {
    if !body.starts_with(&GZIP) {
        return Ok(body);
    }
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(&*body).take(BODY_LIMIT as u64 + 1).read_to_end(&mut out);
    if out.len() > BODY_LIMIT {
        return Err(TransportError::too_large());
    }
    read.map_err(|error| {
        let text = format!("The response is damaged: its gzip data cannot be decompressed ({error}).");
        TransportError::new(Kind::Interrupted, text, true)
    })?;
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(codings: &[&str], body: Vec<u8>) -> Result<Bytes, TransportError> {
        let headers = codings.iter().map(|coding| (CONTENT_ENCODING, coding.parse().unwrap())).collect();
        decode(&headers, body.into())
    }

    #[test]
    fn gzip_is_decoded_by_whatever_name_and_in_whatever_number_of_members() {
        let two = [member(b"{\"a\":"), member(b"1}")].concat();
        let twice = member(&member(b"{\"a\":1}"));
        let marked = member(b"\xef\xbb\xbf{\"a\":1}");
        for (codings, body) in [
            (&["gzip"][..], two.clone()),
            (&["GZIP"], two.clone()),
            (&["x-gzip"], two.clone()),
            (&["X-Gzip , identity"], two),
            (&["gzip, gzip"], twice.clone()),
            (&["gzip", "gzip"], twice),
            (&["gzip"], marked),
            (&["gzip"], b"{\"a\":1}".to_vec()),
            (&["identity"], b"{\"a\":1}".to_vec()),
            (&[], b"\xef\xbb\xbf{\"a\":1}".to_vec()),
            (&[""], b"{\"a\":1}".to_vec()),
        ] {
            assert_eq!(decoded(codings, body).unwrap(), "{\"a\":1}", "{codings:?}");
        }
        assert_eq!(decoded(&["gzip"], Vec::new()).unwrap(), "");
    }

    #[test]
    fn another_coding_is_named() {
        for (coding, name) in [("br", "\"br\""), ("gzip, Zstd", "\"zstd\""), ("br, gzip", "\"br\"")] {
            let error = decoded(&[coding], Vec::new()).unwrap_err();
            assert_eq!(error.kind, Kind::Decode { path: String::new() });
            assert!(error.text.contains(name) && !error.retryable, "{}", error.text);
        }
    }

    #[test]
    fn damaged_data_is_told_from_a_broken_connection_and_retried() {
        let whole = member(&[b'x'; 1000]);
        let cut = whole[..whole.len() - 9].to_vec();
        let followed = [whole, b"rest".to_vec()].concat();
        for body in [cut, followed, b"\x1f\x8b".to_vec()] {
            let error = decoded(&["gzip"], body).unwrap_err();
            assert_eq!((error.kind, error.retryable), (Kind::Interrupted, true));
            assert!(error.text.contains("cannot be decompressed"), "{}", error.text);
        }
    }

    #[test]
    fn no_member_takes_the_whole_beyond_the_limit() {
        let half = member(&vec![b' '; BODY_LIMIT / 2]);
        assert_eq!(decoded(&["gzip"], [half.clone(), half.clone()].concat()).unwrap().len(), BODY_LIMIT);
        let error = decoded(&["gzip"], [half.clone(), half, member(b" ")].concat()).unwrap_err();
        assert_eq!(error.kind, Kind::TooLarge);
    }
}
