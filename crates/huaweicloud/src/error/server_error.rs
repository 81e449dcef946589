//! The words of a server that refuses, whatever shape they come in.

use reqwest::header::HeaderMap;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::text::{TEXT_LIMIT, is_html, tidy_masked};

/// A larger body is no error that anyone wrote: as values it would take twelve times its size.
const JSON_LIMIT: usize = 1 << 20;
/// Objects within objects that are searched for an error.
const DEPTH_LIMIT: usize = 4;

/// An error as the server worded it. Every text is on one line, free of control characters and at most 1 KiB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServerError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl ServerError {
    /// Reads the error of IoTDA and the gateways (`error_code`, `error_msg`), of IAM (nested, with a numeric code) or
    /// of anything else (`code`, `message`, an HTML page, plain text). `secrets` are masked in it.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8], secrets: &[&SecretString]) -> Self {
        let tidy = |text: &str| tidy_masked(text, secrets);
        let object = body
            .get(..=JSON_LIMIT)
            .is_none()
            .then(|| serde_json::from_slice::<Map<String, Value>>(body).ok());
        let object = object.flatten();
        let (code, message) = match object.as_ref().map(|object| (find(object, DEPTH_LIMIT), object)) {
            Some((Some((code, message)), _)) => (code, message),
            Some((None, object)) if object.is_empty() => (None, None),
            _ => (None, plain(body)),
        };
        let in_body = object.as_ref().and_then(|object| text(object.get("request_id")));
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let request_id = in_body.or_else(|| header("x-request-id")).or_else(|| header("x-iam-trace-id"));
        Self {
            code: code.as_deref().and_then(tidy),
            message: message.as_deref().and_then(tidy),
            request_id: request_id.as_deref().and_then(tidy),
        }
    }

    /// Whether a gateway sent this because it knows no such API.
    pub(crate) fn is_unknown_api(&self) -> bool {
        matches!(self.code.as_deref(), Some("APIGW.0101" | "APIG.0101"))
    }
}

type Pair = (Option<String>, Option<String>);

fn find(object: &Map<String, Value>, depth: usize) -> Option<Pair> {
    let pair = |code: &str, message: &str| {
        let pair = (text(object.get(code)), text(object.get(message)));
        (pair.0.is_some() || pair.1.is_some()).then_some(pair)
    };
    let own = pair("error_code", "error_msg").or_else(|| pair("code", "message"));
    if let Some((code, message)) = own {
        return Some((code, message.map(|message| with_details(message, object.get("details")))));
    }
    let below = depth.checked_sub(1)?;
    object.values().filter_map(Value::as_object).find_map(|inner| find(inner, below))
}

fn with_details(mut message: String, details: Option<&Value>) -> String {
    for detail in details.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
        for part in [text(detail.get("error_code")), text(detail.get("error_msg"))].into_iter().flatten() {
            message.push_str(" / ");
            message.push_str(&part);
        }
    }
    message
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What is worth repeating of a body that is no JSON error: of an HTML page its title, of other text the start.
fn plain(body: &[u8]) -> Option<String> {
    // Four times the limit leaves enough after masking and cleaning. A word that is cut might be a part of a secret,
    // which nobody would know to mask.
    let start = match body.get(..4 * TEXT_LIMIT) {
        Some(start) => {
            let word = start.iter().rev().take_while(|byte| byte.is_ascii_graphic()).count();
            start.get(..start.len() - word).filter(|words| !words.is_empty()).unwrap_or(start)
        }
        None => body,
    };
    let start = String::from_utf8_lossy(start);
    if !is_html(body) {
        return Some(start.into_owned());
    }
    let lower = start.to_ascii_lowercase();
    let from = lower.find("<title>")? + "<title>".len();
    let to = from + lower.get(from..)?.find("</title>")?;
    start.get(from..to).map(|title| format!("(HTML page) {title}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Option<String>, Option<String>, Option<String>) {
        let ServerError { code, message, request_id } =
            ServerError::read(&HeaderMap::new(), body.as_bytes(), &[]);
        (code, message, request_id)
    }

    fn words(code: &str, message: &str, id: &str) -> (Option<String>, Option<String>, Option<String>) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (some(code), some(message), some(id))
    }

    #[test]
    fn every_known_shape() {
        for (body, expected) in [
            (
                r#"{"error_code":"THINGS.000006","error_msg":"Invalid input data."}"#,
                words("THINGS.000006", "Invalid input data.", ""),
            ),
            (
                r#"{"error_msg":"Incorrect","error_code":"APIGW.0301","request_id":"9358"}"#,
                words("APIGW.0301", "Incorrect", "9358"),
            ),
            (
                r#"{"error":{"code":401,"message":"Wrong.","title":"Unauthorized"}}"#,
                words("401", "Wrong.", ""),
            ),
            (r#"{"code":"A","message":"B"}"#, words("A", "B", "")),
            (r#"{"wrap":{"deep":{"error_code":"A","error_msg":"B"}}}"#, words("A", "B", "")),
            (
                r#"{"error_code":"A","error_msg":"B","details":[{"error_code":"C","error_msg":"D"}]}"#,
                words("A", "B / C / D", ""),
            ),
            (r#"{"error_msg":"only words"}"#, words("", "only words", "")),
            ("<html><head><title>502 Bad\nGateway</title>", words("", "(HTML page) 502 Bad Gateway", "")),
            ("<html>nothing", words("", "", "")),
            ("{\"truncated\": ", words("", "{\"truncated\":", "")),
            ("plain words", words("", "plain words", "")),
            ("[]", words("", "[]", "")),
            ("{}", words("", "", "")),
            ("", words("", "", "")),
        ] {
            assert_eq!(read(body), expected, "{body}");
        }
    }

    #[test]
    fn the_request_id_comes_from_either_header() {
        for name in ["x-request-id", "x-iam-trace-id"] {
            let mut headers = HeaderMap::new();
            headers.insert(name, "abc".parse().unwrap());
            assert_eq!(ServerError::read(&headers, b"", &[]).request_id.as_deref(), Some("abc"));
        }
    }

    #[test]
    fn invalid_utf8_is_shown_as_replacement_characters() {
        let lossy = ServerError::read(&HeaderMap::new(), b"\xff\xfe bad", &[]);
        assert_eq!(lossy.message.as_deref(), Some("\u{fffd}\u{fffd} bad"));
    }

    #[test]
    fn a_secret_that_a_server_repeats_is_masked() {
        let secret = SecretString::from("HUNTER2");
        let body = br#"{"error_code":"APIGW.0301","error_msg":"ak HUNTER2 not exist"}"#;
        let words = ServerError::read(&HeaderMap::new(), body, &[&secret]);
        assert_eq!(words.message.as_deref(), Some("ak *** not exist"));
    }

    /// Blanks are left out, so that the place where a body is cut can come to be shown.
    #[test]
    fn no_part_of_a_secret_is_shown_where_a_body_is_cut() {
        let secret = SecretString::from("HUNTER2");
        for cut in 0..10 {
            let body = format!("no{}HUNTER2 more", " ".repeat(4 * TEXT_LIMIT - 2 - cut));
            let words = ServerError::read(&HeaderMap::new(), body.as_bytes(), &[&secret]);
            let message = words.message.unwrap();
            assert!(!message.contains("HU"), "{message}");
        }
    }

    #[test]
    fn a_large_body_is_repeated_in_part_and_not_taken_apart() {
        let body = format!(r#"{{"error_code":"A","x":[{}]}}"#, vec!["0"; 1 << 20].join(","));
        let (code, message, _) = read(&body);
        assert!(code.is_none() && message.is_some_and(|message| message.starts_with(r#"{"error_code":"A""#)));
    }
}
