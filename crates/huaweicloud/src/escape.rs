//! Percent-encoding as the signature requires it: only `A-Z a-z 0-9 - . _ ~` are unchanged, hexadecimal digits are
//! upper case.
//! Requests are sent in the same encoding, so the two can never differ.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Appends `/` and one path segment to `out`.
pub(crate) fn push_segment(out: &mut String, segment: &str) {
    out.push('/');
    out.extend(utf8_percent_encode(segment, ESCAPED));
}

/// Returns the query string: sorted by key, then by value, both bytewise and before encoding; empty values keep their
/// `=`.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let escaped = |text| utf8_percent_encode(text, ESCAPED);
    let pairs = sorted.into_iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_unreserved_characters_stay() {
        for byte in 0_u8..128 {
            let mut out = String::new();
            push_segment(&mut out, char::from(byte).encode_utf8(&mut [0; 4]));
            let kept = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let expected = if kept { format!("/{}", char::from(byte)) } else { format!("/%{byte:02X}") };
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_query_is_sorted_and_keeps_repeated_keys() {
        let pairs = [
            ("limit", "1"),
            ("test", "一 (&=?!#%.*)"),
            ("multi", "3"),
            ("multi", "1"),
            ("path", "/tmp/123"),
            ("multi", "2"),
            ("empty", ""),
        ];
        let expected = "empty=&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29";
        assert_eq!(query(&pairs), expected);
    }
}
