//! Secrets in the words of a server, in whatever spelling it repeats them.

use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::escape;

/// Masks a secret in a text: as it is, and as JSON (once and twice, with `\/` or `\u` escapes), HTML, URLs and forms
/// spell it.
pub(super) fn mask(text: &mut String, secret: &str) {
    if secret.is_empty() {
        return;
    }
    for spelling in spellings(secret) {
        if text.contains(spelling.as_str()) {
            *text = text.replace(spelling.as_str(), "***");
        }
    }
}

/// Every spelling, the longest first: a shorter one may be a part of it.
fn spellings(secret: &str) -> Vec<Zeroizing<String>> {
    let json = json(secret);
    let mut segment = String::new();
    escape::push_segment(&mut segment, secret);
    let percent = segment.split_off(1);
    let all = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let mut spellings: Vec<_> = [
        secret.to_owned(),
        json.replace('/', "\\/"),
        ascii(&json),
        ascii(&json).replace('/', "\\/"),
        self::json(&json),
        self::json(&ascii(&json)),
        html(secret),
        percent.replace("%20", "+"),
        percent,
        all,
        json,
    ]
    .into_iter()
    .map(Zeroizing::new)
    .collect();
    spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    spellings.dedup();
    spellings
}

/// As a JSON string, without its quotes.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// With `\u` escapes for everything beyond ASCII.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_a_secret_stays() {
        let secret = "PLANT\"PW\\ü&<a/b+c=";
        for said in [
            secret,
            r#"PLANT\"PW\\ü&<a/b+c="#,
            r#"PLANT\"PW\\ü&<a\/b+c="#,
            r#"PLANT\"PW\\\u00fc&<a/b+c="#,
            r#"PLANT\\\"PW\\\\ü&<a/b+c="#,
            "PLANT&quot;PW\\ü&amp;&lt;a/b+c=",
            "PLANT%22PW%5C%C3%BC%26%3Ca%2Fb%2Bc%3D",
        ] {
            let mut text = format!("You sent {said}, said the server.");
            mask(&mut text, secret);
            assert_eq!(text, "You sent ***, said the server.", "{said}");
        }
    }

    #[test]
    fn no_secret_masks_nothing() {
        let mut text = "verify aksk".to_owned();
        mask(&mut text, "");
        assert_eq!(text, "verify aksk");
    }
}
