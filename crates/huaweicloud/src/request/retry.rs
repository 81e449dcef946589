//! Which failures are retried, and after how long.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use ring::rand::{self, SystemRandom};

use super::call::{Call, Retry};
use super::pace::quota::Quota;
use super::skew;
use crate::error::server_error::ServerError;

/// Codes of API Gateway for too many requests, usually with status 429 [APIG error codes].
const GATEWAY_THROTTLING_CODES: [&str; 2] = ["APIGW.0308", "APIG.0308"];
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(20);

/// Decides whether and when to retry after a response. A POST is not retried on 500: it may have taken effect.
pub(crate) fn after_response(
    call: &Call<'_>,
    status: StatusCode,
    headers: &HeaderMap,
    error: &ServerError,
    now: SystemTime,
) -> Retry {
    let retry_after = || retry_after(headers, skew::server_time(headers, now));
    match status.as_u16() {
        _ if is_throttled(call, status, error) => {
            Retry::Paced { quota: error.message.as_deref().and_then(Quota::read), retry_after: retry_after() }
        }
        502..=504 => Retry::After(retry_after()),
        500 if call.method != Method::POST => Retry::After(retry_after()),
        _ => Retry::Never,
    }
}

/// Whether a response throttles the request: by its status, or by an error code with any status.
pub(crate) fn is_throttled(call: &Call<'_>, status: StatusCode, error: &ServerError) -> bool {
    let codes = || call.service.throttling_codes.iter().chain(&GATEWAY_THROTTLING_CODES);
    status == StatusCode::TOO_MANY_REQUESTS || codes().any(|code| error.code.as_deref() == Some(code))
}

/// Returns the wait before retry number `retry`, counted from zero: random, up to 0.5 s doubled each time, 20 s at
/// most.
pub(crate) fn backoff(retry: u32, random: u32) -> Duration {
    let ceiling = FIRST.saturating_mul(2_u32.saturating_pow(retry)).min(LONGEST);
    ceiling.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// Returns a random number for jitter, so that requests that failed together are not retried together. The maximum if
/// the system has no randomness.
pub fn random() -> u32 {
    // Without randomness every wait is the longest: safe, only slower.
    rand::generate(&SystemRandom::new()).map_or(u32::MAX, |bytes| u32::from_ne_bytes(bytes.expose()))
}

/// Returns the wait that the server requests: seconds or a date [RFC 9110 §10.2.3].
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    httpdate::parse_http_date(text).ok().map(|date| date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::{Endpoint, IAM, Service};
    use reqwest::Method;

    #[test]
    fn statuses() {
        let endpoint = Endpoint::parse("https://h.example.com").unwrap();
        let service = Service { throttling_codes: &["X.1", "X.2"], ..IAM };
        let retry = |method: Method, status: u16, code: Option<&str>, message: &str| {
            let message = Some(message.to_owned());
            let error = ServerError { code: code.map(str::to_owned), message, ..ServerError::default() };
            let call = Call::new(method, service, &endpoint, "r-1");
            let status = StatusCode::from_u16(status).unwrap();
            let headers = HeaderMap::from_iter([(RETRY_AFTER, "7".parse().unwrap())]);
            after_response(&call, status, &headers, &error, SystemTime::UNIX_EPOCH)
        };
        let (wait, minute) = (Some(Duration::from_secs(7)), Quota::read("limit:5,time:1 minute"));
        for status in [500, 502, 503, 504] {
            assert_eq!(retry(Method::GET, status, None, ""), Retry::After(wait), "{status}");
        }
        for status in [200, 301, 400, 401, 403, 404, 408, 409, 501, 505] {
            assert_eq!(retry(Method::GET, status, None, ""), Retry::Never, "{status}");
        }
        assert_eq!(retry(Method::POST, 500, None, ""), Retry::Never);
        assert_eq!(retry(Method::PUT, 500, None, ""), Retry::After(wait));
        assert_eq!(retry(Method::POST, 502, None, ""), Retry::After(wait));
        let paced = |quota| Retry::Paced { quota, retry_after: wait };
        for (status, code, message, expected) in [
            (429, None, "", paced(None)),
            (429, Some("APIGW.0308"), "policy ip over ratelimit,limit:5,time:1 minute", paced(minute)),
            (403, Some("X.1"), "", paced(None)),
            (403, Some("X.2"), "limit:5,time:1 minute", paced(minute)),
            (403, Some("X.3"), "limit:5,time:1 minute", Retry::Never),
            (503, Some("APIGW.0308"), "", paced(None)),
            (400, Some("APIG.0308"), "", paced(None)),
        ] {
            assert_eq!(retry(Method::POST, status, code, message), expected, "{status} {code:?}");
        }
    }

    #[test]
    fn the_wait_doubles_up_to_a_limit_and_is_jittered_down_to_nothing() {
        let longest = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0];
        for (retry, seconds) in (0..).zip(longest) {
            assert_eq!(backoff(retry, u32::MAX), Duration::from_secs_f64(seconds));
            assert_eq!(backoff(retry, 0), Duration::ZERO);
        }
        assert_eq!(backoff(u32::MAX, u32::MAX), LONGEST);
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (text, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("1.5", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
