//! Secrets in messages from a server, in any encoding in which the server repeats them.
//!
//! Masking a short secret would reveal it: it is what is missing between the remaining letters. A text that contains
//! one is therefore withheld as a whole.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::escape;

/// Minimum length of a secret that is masked; a text with a shorter one is withheld.
const SHORTEST_MASKED: usize = 8;
/// Number of characters of an access key's ID that are shown.
const SHOWN: usize = 4;

/// A value that must not be repeated.
#[derive(Clone)]
pub(crate) enum Hidden {
    /// A secret, masked completely.
    Secret(SecretString),
    /// The ID of an access key: not secret, but private. Its last characters identify the key.
    AccessKey(SecretString),
}

impl Hidden {
    fn text(&self) -> &str {
        let (Self::Secret(secret) | Self::AccessKey(secret)) = self;
        secret.expose_secret()
    }

    fn is_short(&self) -> bool {
        self.text().chars().count() < SHORTEST_MASKED
    }

    /// Whether a text contains the value in any encoding: unchanged, and in the encodings of JSON (once and twice, with
    /// `\/` or `\u` escapes), HTML, URLs and forms.
    pub(super) fn occurs_in(&self, text: &str) -> bool {
        !self.text().is_empty()
            && spellings(self.text()).iter().any(|spelling| text.contains(spelling.as_str()))
    }
}

/// Whether a text contains a secret that masking would reveal.
pub(super) fn is_withheld(text: &str, hidden: &[Hidden]) -> bool {
    hidden.iter().any(|hidden| hidden.is_short() && hidden.occurs_in(text))
}

/// Returns the text with every secret masked; `None` if it must be withheld.
pub(super) fn mask(text: &str, hidden: &[Hidden]) -> Option<String> {
    if is_withheld(text, hidden) {
        return None;
    }
    let mut masked = text.to_owned();
    for hidden in hidden.iter().filter(|hidden| !hidden.is_short()) {
        let mask = match hidden {
            Hidden::Secret(_) => "***".to_owned(),
            Hidden::AccessKey(_) => format!("***{}", last(hidden.text())),
        };
        for spelling in spellings(hidden.text()) {
            masked = masked.replace(spelling.as_str(), &mask);
        }
    }
    Some(masked)
}

fn last(text: &str) -> &str {
    let start = text.char_indices().rev().nth(SHOWN - 1).map_or(0, |(start, _)| start);
    text.get(start..).unwrap_or_default()
}

/// Returns every encoding, the longest first: a shorter one may be part of it.
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

/// Encodes a JSON string, without its quotes.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// Encodes everything beyond ASCII as `\u` escapes.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
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
            let text = format!("You sent {said}, said the server.");
            let secret = SecretString::from(secret);
            let masked = mask(&text, &[Hidden::Secret(secret.clone())]);
            assert_eq!(masked.as_deref(), Some("You sent ***, said the server."), "{said}");
        }
    }

    #[test]
    fn an_access_key_keeps_its_last_four_characters() {
        let text = "ak HPUAEMULATOR0ABCDEF1 not exist";
        let key = SecretString::from("HPUAEMULATOR0ABCDEF1");
        assert_eq!(mask(text, &[Hidden::AccessKey(key.clone())]).as_deref(), Some("ak ***DEF1 not exist"));
    }

    #[test]
    fn a_short_secret_withholds_the_text_that_contains_it() {
        for (secret, text, withheld) in [
            ("e", "Incorrect IAM authentication information", true),
            ("wrong", "The username or password is wrong.", true),
            ("1234567", "code=1234567", true),
            ("wrong", "No such user.", false),
            ("", "verify aksk", false),
        ] {
            let secret = SecretString::from(secret);
            for hidden in [Hidden::Secret(secret.clone()), Hidden::AccessKey(secret.clone())] {
                let masked = mask(text, &[hidden]);
                assert_eq!(masked.as_deref(), (!withheld).then_some(text), "{text}");
            }
        }
    }
}
