//! The difference between this machine's clock and the servers'.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};

use crate::sync::lock;

/// Smaller differences, in seconds, are caused by the network, not the clock.
const TOLERATED: i64 = 60;
/// Above this difference the gateway rejects a signature.
const REFUSED: i64 = 15 * 60;
/// Above this difference the server's date is wrong, rather than this machine's clock.
const BELIEVED: i64 = 24 * 60 * 60;

/// The effect on requests of a difference between the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockEffect {
    /// No effect: up to a minute.
    None,
    /// Corrected: up to 15 minutes. Later signatures use the server's time.
    Corrected,
    /// Rejected: more than 15 minutes. The first signed request fails.
    Refused,
}

impl ClockEffect {
    /// Returns the effect of a difference of this many seconds, whichever clock is ahead.
    pub fn of(seconds: i64) -> Self {
        match seconds.saturating_abs() {
            seconds if seconds <= TOLERATED => Self::None,
            seconds if seconds <= REFUSED => Self::Corrected,
            _ => Self::Refused,
        }
    }
}

/// The number of seconds that each host's clock is ahead; negative if behind. Hosts with a negligible difference are
/// omitted.
#[derive(Default)]
pub(crate) struct Skew {
    ahead: Mutex<BTreeMap<String, i64>>,
    /// Difference of the last response, negligible or not.
    measured: Mutex<Option<i64>>,
    logged: AtomicBool,
}

impl Skew {
    /// Records and returns how far the host of a response is ahead, whether it checks dates or not.
    pub(crate) fn measure(&self, headers: &HeaderMap, now: SystemTime) -> Option<i64> {
        let ahead = ahead(headers, now)?;
        *lock(&self.measured) = Some(ahead);
        Some(ahead)
    }

    /// Returns the difference last measured: seconds that the server is ahead.
    pub(crate) fn measured(&self) -> Option<i64> {
        *lock(&self.measured)
    }

    /// Records how far a host that checks dates is ahead.
    pub(crate) fn note(&self, host: &str, ahead: i64) {
        let matters = (TOLERATED + 1..=BELIEVED).contains(&ahead.abs());
        let mut hosts = lock(&self.ahead);
        if !matters {
            hosts.remove(host);
            return;
        }
        hosts.insert(host.to_owned(), ahead);
        if !self.logged.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                host,
                seconds = ahead,
                "the server's clock differs from this machine's; signatures are dated by the server's"
            );
        }
    }

    /// Returns by how many seconds the date of requests to a host is ahead of this machine's clock.
    pub(crate) fn of(&self, host: &str) -> i64 {
        lock(&self.ahead).get(host).copied().unwrap_or_default()
    }
}

/// Returns how many seconds a server's `Date` is ahead of `now`.
fn ahead(headers: &HeaderMap, now: SystemTime) -> Option<i64> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    // Unlike `time`'s types, these take every date that a clock can show.
    match date.duration_since(now) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs()).ok().map(|behind| -behind),
    }
}

/// Returns `now` on a clock that is this many seconds ahead.
pub(crate) fn moved(now: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let moved = if seconds < 0 { now.checked_sub(by) } else { now.checked_add(by) };
    moved.unwrap_or(now)
}

/// Returns `now` by the clock of the server that sent these headers, if it is plausible.
pub(crate) fn server_time(headers: &HeaderMap, now: SystemTime) -> SystemTime {
    let ahead = ahead(headers, now).filter(|ahead| ahead.abs() <= BELIEVED);
    moved(now, ahead.unwrap_or_default())
}

/// Returns a sentence for a rejected signature if the clock is the likely reason.
pub(crate) fn explain(ahead: i64) -> Option<String> {
    if ClockEffect::of(ahead) != ClockEffect::Refused {
        return None;
    }
    let (minutes, side) = (ahead.unsigned_abs() / 60, if ahead > 0 { "behind" } else { "ahead of" });
    Some(format!(
        "This machine's clock is {minutes} minutes {side} the server's, and the server rejects requests that differ by more than 15 minutes: correct this machine's clock."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> SystemTime {
        httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap()
    }

    fn headers(date: &str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, date.parse().unwrap())])
    }

    #[test]
    fn only_more_than_a_minute_and_less_than_a_day_counts() {
        for (server, measured, counted) in [
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60), 0),
            ("Sun, 06 Nov 1994 08:50:38 GMT", Some(61), 61),
            ("Sun, 06 Nov 1994 08:39:37 GMT", Some(-600), -600),
            ("Mon, 07 Nov 1994 08:49:37 GMT", Some(86_400), 86_400),
            ("Mon, 07 Nov 1994 08:49:38 GMT", Some(86_401), 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(252_618_189_022), 0),
            ("rubbish", None, 0),
        ] {
            let skew = Skew::default();
            let ahead = ahead(&headers(server), now());
            assert_eq!(ahead, measured, "{server}");
            if let Some(ahead) = ahead {
                skew.note("a", ahead);
            }
            assert_eq!((skew.of("a"), skew.of("b")), (counted, 0), "{server}");
            assert_eq!(moved(moved(now(), counted), -counted), now());
        }
    }

    #[test]
    fn a_corrected_clock_has_no_difference() {
        let skew = Skew::default();
        skew.note("a", 600);
        skew.note("a", 1);
        assert_eq!(skew.of("a"), 0);
    }

    #[test]
    fn the_time_of_a_server_is_believed_within_a_day() {
        assert_eq!(server_time(&headers("Sun, 06 Nov 1994 08:50:37 GMT"), now()), moved(now(), 60));
        assert_eq!(server_time(&headers("Fri, 31 Dec 9999 23:59:59 GMT"), now()), now());
        assert_eq!(server_time(&HeaderMap::new(), now()), now());
    }

    #[test]
    fn the_difference_is_named_when_it_is_the_reason() {
        for (seconds, effect) in [
            (0, ClockEffect::None),
            (-60, ClockEffect::None),
            (61, ClockEffect::Corrected),
            (-900, ClockEffect::Corrected),
            (901, ClockEffect::Refused),
            (i64::MIN, ClockEffect::Refused),
        ] {
            assert_eq!(ClockEffect::of(seconds), effect, "{seconds}");
        }
        assert_eq!(explain(900), None);
        assert!(explain(1320).unwrap().contains("22 minutes behind"));
        assert!(explain(-1320).unwrap().contains("22 minutes ahead of"));
    }
}
