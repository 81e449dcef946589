//! A gateway that counts requests.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::http::reply::Reply;

/// A limit of requests in each window of time; the others are rejected with 429 and `APIGW.0308`.
///
/// A window begins with the first request after the previous one has ended. It is measured by the emulator's clock.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    limit: u64,
    pub(super) window_seconds: u32,
    #[serde(default)]
    retry_after: bool,
    /// The remaining time of the window, once a request is rejected.
    #[serde(skip)]
    rest: Duration,
}

impl Throttle {
    /// Creates a throttle that accepts this many requests in each window of this many seconds.
    pub fn new(limit: u64, window_seconds: u32) -> Self {
        Self { limit, window_seconds, retry_after: false, rest: Duration::ZERO }
    }

    /// Adds a `Retry-After` with the seconds until the end of the window.
    #[must_use]
    pub fn retry_after(mut self) -> Self {
        self.retry_after = true;
        self
    }

    pub(super) fn refusal(&self, request_id: &str) -> Reply {
        let time = match self.window_seconds {
            seconds if seconds.is_multiple_of(60) => format!("{} minute", seconds / 60),
            seconds => format!("{seconds} second"),
        };
        let limit = self.limit;
        let message = format!(
            "The throttling threshold has been reached: policy ip over ratelimit,limit:{limit},time:{time}"
        );
        let reply = Reply::gateway_error(StatusCode::TOO_MANY_REQUESTS, "APIGW.0308", &message, request_id);
        if self.retry_after {
            let seconds = self.rest.as_millis().div_ceil(1_000);
            return reply.with_header(RETRY_AFTER, &seconds.to_string());
        }
        reply
    }
}

/// The current window of a throttle.
#[derive(Debug, Default)]
pub(super) struct Window {
    began: Option<OffsetDateTime>,
    passed: u64,
}

impl Window {
    /// Returns the throttle if it rejects the request; `None` accepts it.
    pub(super) fn refuses(&mut self, throttle: &Throttle, now: OffsetDateTime) -> Option<Throttle> {
        let length = time::Duration::seconds(throttle.window_seconds.into());
        // A clock that was set back would otherwise extend the window by that time.
        let of_this_window =
            |began: &OffsetDateTime| (time::Duration::ZERO..length).contains(&(now - *began));
        let began = self.began.filter(of_this_window).unwrap_or_else(|| {
            self.passed = 0;
            now
        });
        self.began = Some(began);
        if self.passed < throttle.limit {
            self.passed += 1;
            return None;
        }
        let rest = Duration::try_from(began + length - now).unwrap_or_default();
        Some(Throttle { rest, ..throttle.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(milliseconds)
    }

    #[test]
    fn a_window_lets_its_limit_pass_and_the_next_begins_with_a_request() {
        let throttle = Throttle::new(2, 1);
        let mut window = Window::default();
        let passed = [0, 300, 600, 999, 1_500, 1_600, 2_499, 2_500]
            .map(|moment| window.refuses(&throttle, at(moment)).is_none());
        assert_eq!(passed, [true, true, false, false, true, true, false, true]);
        // The clock was set back.
        assert!(window.refuses(&throttle, at(-5_000)).is_none());
    }

    #[test]
    fn a_refusal_names_the_limit_and_when_the_window_ends() {
        for (seconds, time) in [(1, "1 second"), (60, "1 minute"), (90, "90 second"), (300, "5 minute")] {
            let body = Throttle::new(5, seconds).refusal("id").body;
            let text = String::from_utf8_lossy(&body);
            assert!(text.contains(&format!("policy ip over ratelimit,limit:5,time:{time}\"")), "{text}");
        }
        let throttle = Throttle::new(1, 60).retry_after();
        let mut window = Window::default();
        assert!(window.refuses(&throttle, at(0)).is_none());
        let refused = window.refuses(&throttle, at(1_001)).unwrap();
        let header = refused.refusal("id").headers.into_iter().find(|(name, _)| name == RETRY_AFTER);
        assert_eq!(header.unwrap().1, "59");
    }
}
