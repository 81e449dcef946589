//! The emulator's clock, the system's plus an offset that a test can move, and the forms of its times.

use std::time::SystemTime;

use time::{Duration, OffsetDateTime};

pub(crate) fn now(offset: Duration) -> OffsetDateTime {
    #[expect(clippy::disallowed_methods, reason = "the one place where the emulator reads the time")]
    let now = OffsetDateTime::from(SystemTime::now());
    now.saturating_add(offset)
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
        let before = now(Duration::ZERO);
        assert!(now(Duration::HOUR) - before >= Duration::HOUR);
        assert!(now(-Duration::HOUR) < before);
    }
}
