//! Decoding of JSON bodies, with the path of the first error.

use serde::de::DeserializeOwned;

use crate::error::{Hidden, is_html, tidy_masked};

/// Why a body could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// JSON path; empty for the whole body.
    pub(crate) path: String,
    /// Explanation, as a sentence.
    pub(crate) text: String,
}

/// Decodes a body that must be one JSON object. The error about a value of the wrong type quotes the value, unless it
/// contains a `hidden` one.
pub(crate) fn object<T: DeserializeOwned>(body: &[u8], hidden: &[Hidden]) -> Result<T, DecodeError> {
    read(body, |error| tidy_masked(&in_words(error), hidden).unwrap_or_default())
}

/// Decodes a body that holds secrets: the error about a value of the wrong type does not quote the value.
pub(crate) fn object_with_secrets<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    read(body, |error| {
        let text = error.to_string();
        if text.starts_with("missing field") { text } else { "another type was expected".to_owned() }
    })
}

fn read<T: DeserializeOwned>(
    body: &[u8],
    in_words: impl Fn(&serde_json::Error) -> String,
) -> Result<T, DecodeError> {
    match body.trim_ascii_start().first() {
        Some(b'{') => {}
        None => return Err(whole("The response is empty; a JSON object was expected.")),
        Some(b'[') => return Err(whole("The response is a JSON array; an object was expected.")),
        Some(_) if is_html(body) => {
            return Err(whole(
                "The response is an HTML page; a JSON object was expected. A proxy or login page may intercept the request.",
            ));
        }
        Some(_) => return Err(whole("The response is not the JSON object that was expected.")),
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let reason = in_words(&inner);
        let too_large = reason.starts_with("number out of range");
        if inner.is_data() && path == "." {
            return whole(format!("The response is not the JSON object that was expected: {reason}."));
        }
        if inner.is_data() || (too_large && path != ".") {
            // A missing field is reported at the object that should contain it.
            let what = if reason.starts_with("missing field") { "incomplete" } else { "of the wrong type" };
            return DecodeError {
                text: format!("The field `{path}` of the response is {what}: {reason}."),
                path,
            };
        }
        broken(&inner)
    })?;
    json.end().map_err(|error| broken(&error))?;
    Ok(value)
}

/// Returns serde's message, without the names of Rust types.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("invalid type: ").or(text.strip_prefix("invalid value: ")).unwrap_or(&text);
    let text = text.replace(", expected i64 at line", ", expected a whole number at line");
    text.replace(", expected a sequence at line", ", expected an array at line")
}

fn broken(error: &serde_json::Error) -> DecodeError {
    let (line, column) = (error.line(), error.column());
    whole(if error.is_eof() {
        format!("The JSON response is truncated at line {line}, column {column}.")
    } else {
        format!("The response is not valid JSON (line {line}, column {column}).")
    })
}

fn whole(text: impl Into<String>) -> DecodeError {
    DecodeError { path: String::new(), text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[expect(dead_code, reason = "only decoding is tested")]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only decoding is tested")]
        port: Option<i64>,
    }

    fn fault(body: &str) -> DecodeError {
        object::<Outer>(body.as_bytes(), &[]).unwrap_err()
    }

    #[test]
    fn a_wrong_type_is_named_by_its_path() {
        for (body, path) in [
            (r#"{"list":[{},{"port":"443"}]}"#, "list[1].port"),
            (r#"{"list":[{"port":1.5}]}"#, "list[0].port"),
            (r#"{"list":[{"port":1e300}]}"#, "list[0].port"),
            (r#"{"list":[{"port":9223372036854775808}]}"#, "list[0].port"),
            (r#"{"list":{}}"#, "list"),
            (r#"{"list":[7]}"#, "list[0]"),
        ] {
            let fault = fault(body);
            assert_eq!(fault.path, path);
            assert!(fault.text.contains(&format!("`{path}`")), "{}", fault.text);
        }
        let expected = "The field `list[0].port` of the response is of the wrong type: string \"443\", expected a whole \
                        number at line 1 column 22.";
        assert_eq!(fault(r#"{"list":[{"port":"443"}]}"#).text, expected);
    }

    #[test]
    fn what_is_no_object_is_described() {
        for (body, word) in [
            ("", "empty"),
            (" \n", "empty"),
            ("[]", "array"),
            ("<!doctype html>", "HTML"),
            ("null", "not the JSON object"),
            ("{\"list\":[", "truncated"),
            ("{\"list\":[]} x", "not valid JSON"),
            ("{'list'", "not valid JSON"),
        ] {
            let fault = fault(body);
            assert!(fault.text.contains(word) && fault.path.is_empty(), "{body}: {}", fault.text);
        }
    }
}
