//! The quota that a gateway names when it throttles a request.

use std::fmt;
use std::time::Duration;

/// Longer periods are shortened to this: no read waits for them.
const LONGEST_PERIOD: Duration = Duration::from_hours(24);

/// A number of requests per period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// At least 1.
    pub(crate) limit: u32,
    /// Above zero.
    pub(crate) period: Duration,
}

impl Quota {
    /// Parses the quota from the message of API Gateway, such as "policy ip over ratelimit,limit:5,time:1 minute".
    pub(crate) fn read(message: &str) -> Option<Self> {
        let (limit, _) = number(message, "limit:")?;
        let (count, rest) = number(message, "time:")?;
        let word: String = rest.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
        let unit = match word.to_ascii_lowercase().trim_end_matches('s') {
            "second" => Duration::from_secs(1),
            "minute" => Duration::from_mins(1),
            "hour" => Duration::from_hours(1),
            "day" => Duration::from_hours(24),
            _ => return None,
        };
        let period = unit.checked_mul(count).unwrap_or(LONGEST_PERIOD).min(LONGEST_PERIOD);
        (limit > 0 && !period.is_zero()).then_some(Self { limit, period })
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = if self.limit == 1 { "request" } else { "requests" };
        write!(f, "{} {requests} in {} s", self.limit, self.period.as_secs())
    }
}

/// Returns the number after a label, and the rest of the text.
fn number<'a>(text: &'a str, label: &str) -> Option<(u32, &'a str)> {
    let text = text.split_once(label)?.1.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_read_where_the_message_names_one() {
        for (message, expected) in [
            (
                "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute",
                Some((5, 60)),
            ),
            ("policy user over ratelimit,limit:200,time:1 second", Some((200, 1))),
            ("limit: 3, time: 2 Hours.", Some((3, 7200))),
            ("limit:1,time:30 seconds", Some((1, 30))),
            ("limit:1,time:4294967295 days", Some((1, 86_400))),
            ("limit:0,time:1 second", None),
            ("limit:5,time:0 minute", None),
            ("limit:5,time:1 fortnight", None),
            ("limit:5,time:soon", None),
            ("limit:99999999999,time:1 second", None),
            ("limit:é,time:é", None),
            ("time:1 second", None),
            ("Too many requests.", None),
            ("", None),
        ] {
            let read = Quota::read(message).map(|quota| (quota.limit, quota.period.as_secs()));
            assert_eq!(read, expected, "{message}");
        }
        assert_eq!(Quota::read("limit:5,time:1 minute").unwrap().to_string(), "5 requests in 60 s");
    }
}
