//! The emulator's clock: the system's plus an offset that a test can move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_millis: AtomicI64,
}

impl Clock {
    pub(crate) fn system_time(&self) -> SystemTime {
        #[expect(clippy::disallowed_methods, reason = "the one place where the emulator reads the time")]
        let now = SystemTime::now();
        let offset = self.offset_millis.load(Ordering::Relaxed);
        let distance = Duration::from_millis(offset.unsigned_abs());
        let shifted = if offset < 0 { now.checked_sub(distance) } else { now.checked_add(distance) };
        shifted.unwrap_or(now)
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.system_time().into()
    }

    pub(crate) fn set_offset_millis(&self, millis: i64) {
        self.offset_millis.store(millis, Ordering::Relaxed);
    }

    pub(crate) fn advance_millis(&self, millis: i64) {
        self.offset_millis.fetch_add(millis, Ordering::Relaxed);
    }
}

/// Formats `2020-01-08T03:50:07.574000Z`, the form in which IAM and the metadata service write expiry times.
pub(crate) fn iam_timestamp(at: OffsetDateTime) -> String {
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second, micro) = at.to_hms_micro();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z")
}

/// Formats `2020-01-08T03:50:07Z`, the form in which instances and STS write times.
pub(crate) fn second_timestamp(at: OffsetDateTime) -> String {
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = at.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn timestamps_have_the_forms_of_the_services() {
        let at = datetime!(2020-01-08 03:50:07.574 UTC);
        assert_eq!(iam_timestamp(at), "2020-01-08T03:50:07.574000Z");
        assert_eq!(second_timestamp(at), "2020-01-08T03:50:07Z");
    }

    #[test]
    fn the_offset_moves_the_clock_both_ways() {
        let clock = Clock::default();
        let before = clock.now();
        clock.set_offset_millis(3_600_000);
        assert!(clock.now() - before >= time::Duration::hours(1));
        clock.advance_millis(-7_200_000);
        assert!(clock.now() < before);
    }
}
