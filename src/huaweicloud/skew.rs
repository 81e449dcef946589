//! The difference between this machine's clock and the servers'.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};

/// Differences up to this are the network's, not the clock's.
const TOLERATED: i64 = 60;
/// Beyond this the gateway refuses a signature.
const REFUSED: i64 = 15 * 60;

/// Seconds that the servers are ahead; negative when behind. Zero as long as the difference does not matter.
#[derive(Default)]
pub(crate) struct Skew {
    seconds: AtomicI64,
    logged: AtomicBool,
}

impl Skew {
    /// Takes note of a server's `Date`. Returns the difference as measured.
    pub(crate) fn observe(&self, headers: &HeaderMap, now: SystemTime) -> Option<i64> {
        let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        let ahead = match date.duration_since(now) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).ok()?,
            Err(behind) => -i64::try_from(behind.duration().as_secs()).ok()?,
        };
        let counted = if ahead.abs() > TOLERATED { ahead } else { 0 };
        self.seconds.store(counted, Ordering::Relaxed);
        if counted != 0 && !self.logged.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                seconds = counted,
                "the server's clock differs from this machine's; signatures are dated by the server's"
            );
        }
        Some(ahead)
    }

    /// `now` by the servers' clock.
    pub(crate) fn apply(&self, now: SystemTime) -> SystemTime {
        let seconds = self.seconds.load(Ordering::Relaxed);
        let by = Duration::from_secs(seconds.unsigned_abs());
        let moved = if seconds < 0 { now.checked_sub(by) } else { now.checked_add(by) };
        moved.unwrap_or(now)
    }
}

/// A sentence for a refused signature when the clock is the likely reason.
pub(crate) fn explain(ahead: i64) -> Option<String> {
    if ahead.abs() <= REFUSED {
        return None;
    }
    let (minutes, side) = (ahead.unsigned_abs() / 60, if ahead > 0 { "behind" } else { "ahead of" });
    Some(format!(
        "This machine's clock is {minutes} minutes {side} the server's, and requests more than 15 minutes off are refused: set the clock right."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(server: &str) -> (Option<i64>, i64) {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let skew = Skew::default();
        let seen = skew.observe(&HeaderMap::from_iter([(DATE, server.parse().unwrap())]), now);
        let seconds =
            |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs().cast_signed();
        let moved = seconds(skew.apply(now)) - seconds(now);
        (seen, moved)
    }

    #[test]
    fn only_more_than_a_minute_counts() {
        assert_eq!(observed("Sun, 06 Nov 1994 08:50:37 GMT"), (Some(60), 0));
        assert_eq!(observed("Sun, 06 Nov 1994 08:50:38 GMT"), (Some(61), 61));
        assert_eq!(observed("Sun, 06 Nov 1994 08:39:37 GMT"), (Some(-600), -600));
        assert_eq!(observed("rubbish"), (None, 0));
    }

    #[test]
    fn the_difference_is_named_when_it_is_the_reason() {
        assert_eq!(explain(900), None);
        assert!(explain(1320).unwrap().contains("22 minutes behind"));
        assert!(explain(-1320).unwrap().contains("22 minutes ahead of"));
    }
}
