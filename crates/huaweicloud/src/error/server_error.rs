//! Error messages of servers, in all formats.

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use super::masking::{self, Hidden};
use super::text::{TEXT_LIMIT, is_html, tidy_masked};

/// Replaces a message that contains a short secret.
const WITHHELD: &str = "(withheld, because it contains a configured secret)";
/// A larger body is not an error message, and parsed into values it would take twelve times its size.
const JSON_LIMIT: usize = 1 << 20;
/// Maximum length of an encoded message that is shown: a truncated one could not be decoded.
const ENCODED_LIMIT: usize = 4096;
/// Maximum depth of nested objects that are searched for an error.
const DEPTH_LIMIT: usize = 4;

/// An error as reported by the server. Every text is on one line, free of control characters and at most 1 KiB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServerError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// IAM's encoded details of a missing permission, for users who may decode it.
    pub(crate) encoded_authorization: Option<String>,
    pub(crate) shape: Shape,
}

/// The possible senders of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The cloud: one of its own error formats.
    Cloud,
    /// Unknown: the body is empty.
    #[default]
    Empty,
    /// A sender outside the cloud, such as a proxy, a firewall or a login page.
    Foreign,
}

impl ServerError {
    /// Parses the error of a service or gateway (`error_code`, `error_msg`, or `errorCode`, `errorMsg`), of IAM
    /// (nested, with a numeric code) or of any other sender (`code`, `message`, an HTML page, plain text). Masks the
    /// values in `hidden`.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8], hidden: &[Hidden]) -> Self {
        let tidy = |text: &str| tidy_masked(text, hidden);
        let json = Some(body).filter(|body| body.len() <= JSON_LIMIT);
        let object = json.and_then(|json| serde_json::from_slice::<Map<String, Value>>(json).ok());
        let found = object.as_ref().and_then(|object| find(object, DEPTH_LIMIT));
        let is_empty = object.as_ref().is_some_and(Map::is_empty) || body.trim_ascii().is_empty();
        let (shape, code, message) = found.unwrap_or_else(|| {
            if is_empty { (Shape::Empty, None, None) } else { (Shape::Foreign, None, plain(body)) }
        });
        let in_body = |name| object.as_ref().and_then(|object| text(object.get(name)));
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let request_id =
            in_body("request_id").or_else(|| header("x-request-id")).or_else(|| header("x-iam-trace-id"));
        Self {
            code: code.as_deref().and_then(tidy),
            message: message.as_deref().and_then(|message| {
                let withheld = masking::is_withheld(message, hidden);
                if withheld { Some(WITHHELD.to_owned()) } else { tidy(message) }
            }),
            request_id: request_id.as_deref().and_then(tidy),
            encoded_authorization: in_body("encoded_authorization_message")
                .filter(|text| is_encoded(text) && !hidden.iter().any(|hidden| hidden.occurs_in(text))),
            shape,
        }
    }

    /// Whether a gateway sent this because of too many earlier failures with this access key: it has no code of its
    /// own.
    pub(crate) fn is_locked(&self) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        matches!(self.code.as_deref(), Some("APIGW.0301" | "APIG.0301"))
            && message.contains("failed to reach the limit")
    }

    /// Whether a gateway sent this because it does not serve the API.
    pub(crate) fn is_unknown_api(&self) -> bool {
        matches!(self.code.as_deref(), Some("APIGW.0101" | "APIG.0101"))
    }
}

/// Names of an error's code and message that only the cloud uses.
const PAIRS: [(&str, &str); 2] = [("error_code", "error_msg"), ("errorCode", "errorMsg")];

/// Finds the code and the message of an error in a JSON object, and who sent it.
fn find(object: &Map<String, Value>, depth: usize) -> Option<(Shape, Option<String>, Option<String>)> {
    let pair = |(code, message): (&str, &str), shape| {
        let (code, message) = (text(object.get(code)), text(object.get(message)));
        (code.is_some() || message.is_some()).then_some((shape, code, message))
    };
    let own = PAIRS.into_iter().find_map(|names| pair(names, Shape::Cloud));
    if let Some((shape, code, message)) = own.or_else(|| pair(("code", "message"), Shape::Foreign)) {
        return Some((shape, code, message.map(|message| with_details(message, object.get("details")))));
    }
    let below = depth.checked_sub(1)?;
    object.iter().find_map(|(name, value)| {
        let inner = value.as_object()?;
        let (shape, code, message) = find(inner, below)?;
        // IAM's own shape: `{"error": {"code": 401, "message": …, "title": …}}`.
        let is_iams = name == "error" && inner.get("code").is_some_and(Value::is_number);
        Some((if is_iams { Shape::Cloud } else { shape }, code, message))
    })
}

/// Whether a text can be an encoded message of IAM: only characters of that encoding, and not too long.
fn is_encoded(text: &str) -> bool {
    text.len() <= ENCODED_LIMIT && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn with_details(mut message: String, details: Option<&Value>) -> String {
    for detail in details.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
        let parts = PAIRS.into_iter().flat_map(|(code, message)| [code, message]);
        for part in parts.filter_map(|name| text(detail.get(name))) {
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

/// Extracts what to repeat of a body that is not a JSON error: the title of an HTML page, the start of other text.
fn plain(body: &[u8]) -> Option<String> {
    // Four times the limit leaves enough after masking and cleaning. A truncated word might be part of a secret, which
    // could not be recognized and masked.
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
    use secrecy::SecretString;

    fn read(body: &str) -> (Option<String>, Option<String>, Option<String>) {
        let ServerError { code, message, request_id, .. } =
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
            (r#"{"errorCode":"A","errorMsg":"B","request_id":"C"}"#, words("A", "B", "C")),
            (r#"{"error":{"errorCode":"A","errorMsg":"B"}}"#, words("A", "B", "")),
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
            (
                r#"{"errorCode":"A","errorMsg":"B","details":[{"errorCode":"C","errorMsg":"D"}]}"#,
                words("A", "B / C / D", ""),
            ),
            ("[]", words("", "[]", "")),
            ("{}", words("", "", "")),
            ("", words("", "", "")),
        ] {
            assert_eq!(read(body), expected, "{body}");
        }
    }

    #[test]
    fn only_the_clouds_own_shapes_are_the_clouds() {
        for (body, shape) in [
            (r#"{"error_code":"A","error_msg":"B"}"#, Shape::Cloud),
            (r#"{"error_msg":"only words"}"#, Shape::Cloud),
            (r#"{"errorCode":"A","errorMsg":"B"}"#, Shape::Cloud),
            (r#"{"error":{"code":401,"message":"Wrong.","title":"Unauthorized"}}"#, Shape::Cloud),
            (r#"{"wrap":{"error_code":"A"}}"#, Shape::Cloud),
            ("", Shape::Empty),
            (" \n", Shape::Empty),
            ("{}", Shape::Empty),
            (r#"{"code":403,"message":"Blocked by policy."}"#, Shape::Foreign),
            (r#"{"error":{"code":"blocked","message":"Blocked by policy."}}"#, Shape::Foreign),
            (r#"{"error":"access_denied"}"#, Shape::Foreign),
            ("<html><title>Blocked</title></html>", Shape::Foreign),
            ("Unauthorized", Shape::Foreign),
            ("[]", Shape::Foreign),
        ] {
            assert_eq!(ServerError::read(&HeaderMap::new(), body.as_bytes(), &[]).shape, shape, "{body}");
        }
    }

    #[test]
    fn what_iam_encodes_is_passed_on_whole_or_not_at_all() {
        let secret = SecretString::from("HUNTER2SECRET");
        let read = |encoded: &str| {
            let body = format!(r#"{{"error_code":"A","encoded_authorization_message":"{encoded}"}}"#);
            ServerError::read(&HeaderMap::new(), body.as_bytes(), &[Hidden::Secret(secret.clone())])
                .encoded_authorization
        };
        let long = "aB3+/=".repeat(600);
        assert_eq!(read(&long), Some(long));
        for text in ["", "a b", "é", "xHUNTER2SECRETx", &"a".repeat(ENCODED_LIMIT + 1)] {
            assert_eq!(read(text), None, "{text}");
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
        let secret = SecretString::from("HUNTER22");
        let body = br#"{"error_code":"APIGW.0301","error_msg":"ak HUNTER22 not exist"}"#;
        let words = ServerError::read(&HeaderMap::new(), body, &[Hidden::Secret(secret.clone())]);
        assert_eq!(words.message.as_deref(), Some("ak *** not exist"));
        let short = SecretString::from("HUNTER2");
        let words = ServerError::read(&HeaderMap::new(), body, &[Hidden::Secret(short.clone())]);
        assert_eq!((words.code.as_deref(), words.message.as_deref()), (Some("APIGW.0301"), Some(WITHHELD)));
    }

    /// Blanks are removed, so that the point where a body is truncated can become visible.
    #[test]
    fn no_part_of_a_secret_is_shown_where_a_body_is_cut() {
        let secret = SecretString::from("HUNTER22");
        for cut in 0..10 {
            let body = format!("no{}HUNTER22 more", " ".repeat(4 * TEXT_LIMIT - 2 - cut));
            let words =
                ServerError::read(&HeaderMap::new(), body.as_bytes(), &[Hidden::Secret(secret.clone())]);
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
