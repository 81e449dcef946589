//! Durations in Go's notation, which users of Terraform know: `30s`, `1m30s`, `1.5h`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::schema::Validator;
use crate::typed::{AttributeValue, Shape};
use crate::value::{Type, Value, ValueError};

const SECOND: u128 = 1_000_000_000;
/// Maximum number of digits of a fraction that are used: an hour has fewer nanoseconds.
const MAX_FRACTION: usize = 15;
/// `µ` occurs as the micro sign and as the Greek letter, as in Go.
const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];

/// A duration above zero in Go's notation. It keeps the text from which it was parsed.
///
/// The text is a number with a unit, or several: `90s`, `1h30m`, `1.5h`. Units are `ns`, `us` or `µs`, `ms`, `s`, `m`
/// and `h`. The maximum is [`GoDuration::MAX`], 876,000 hours. As the type of a field it is a text, which is checked
/// when the configuration is validated.
///
/// ```
/// use std::time::Duration;
/// use tfplug::GoDuration;
///
/// let limit: GoDuration = "1m30s".parse()?;
/// assert_eq!((limit.get(), limit.to_string()), (Duration::from_secs(90), "1m30s".to_owned()));
/// assert!("90".parse::<GoDuration>().is_err());
/// # Ok::<_, tfplug::DurationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoDuration {
    text: String,
    duration: Duration,
}

/// Reason why a text is not a [`GoDuration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DurationError {
    /// It is not in Go's notation: no number, no unit, or a sign.
    Malformed,
    /// It is zero, or less than a nanosecond.
    Zero,
    /// It is longer than [`GoDuration::MAX`].
    TooLong,
}

impl GoDuration {
    /// The maximum: 876,000 hours, a hundred years of 365 days.
    pub const MAX: Duration = Duration::from_hours(876_000);

    /// Returns the duration.
    pub fn get(&self) -> Duration {
        self.duration
    }
}

impl FromStr for GoDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        use DurationError::{Malformed, TooLong, Zero};
        let mut nanoseconds: u128 = 0;
        let mut rest = text;
        if rest.is_empty() {
            return Err(Malformed);
        }
        while !rest.is_empty() {
            let is_number = |c: char| c.is_ascii_digit() || c == '.';
            let (number, after) = rest.split_at(rest.find(|c| !is_number(c)).ok_or(Malformed)?);
            let (unit, next) = after.split_at(after.find(is_number).unwrap_or(after.len()));
            let (_, size) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(Malformed)?;
            nanoseconds = nanoseconds.saturating_add(scaled(number, *size).ok_or(Malformed)?);
            rest = next;
        }
        let seconds = u64::try_from(nanoseconds / SECOND).map_err(|_| TooLong)?;
        let duration = Duration::new(seconds, u32::try_from(nanoseconds % SECOND).unwrap_or_default());
        match duration {
            Duration::ZERO => Err(Zero),
            duration if duration > Self::MAX => Err(TooLong),
            duration => Ok(Self { text: text.to_owned(), duration }),
        }
    }
}

/// Writes the text from which it was parsed.
impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<GoDuration> for Duration {
    fn from(duration: GoDuration) -> Self {
        duration.duration
    }
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed | Self::Zero => f.write_str(
                "the value must be a duration above zero, such as `30s`, `5m` or `1h30m`; the units are ns, us, ms, s, m \
                 and h",
            ),
            Self::TooLong => {
                write!(f, "the value must be a duration of at most {}h", GoDuration::MAX.as_secs() / 3600)
            }
        }
    }
}

impl std::error::Error for DurationError {}

impl From<DurationError> for ValueError {
    fn from(error: DurationError) -> Self {
        Self::new(error.to_string())
    }
}

impl AttributeValue for GoDuration {
    fn shape() -> Shape {
        let check = |text: &str| text.parse::<Self>().map(drop).map_err(|error| error.to_string());
        Shape { validators: vec![Validator::Text(check)], ..Shape::of(Type::String) }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        Ok(String::from_value(value)?.parse()?)
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

/// Converts a number of units to nanoseconds, rounded down. Returns `None` if the text is not a number.
fn scaled(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(whole) && digits(fraction)) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let fraction = fraction.get(..MAX_FRACTION).unwrap_or(fraction);
    let places = u32::try_from(fraction.len()).ok()?;
    // A number with more digits is longer than any duration.
    let parts = format!("{whole}{fraction}").parse().unwrap_or(u128::MAX);
    Some(unit.saturating_mul(parts) / 10_u128.pow(places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_as_go_reads_it_and_keeps_its_text() {
        for (text, nanoseconds) in [
            ("30s", 30_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            (".5s", 500_000_000),
            ("5.s", 5_000_000_000),
            ("250ms", 250_000_000),
            ("1h0m", 3_600_000_000_000),
            ("3us2ns", 3_002),
            ("1.5\u{b5}s", 1_500),
            ("1.5\u{3bc}s", 1_500),
            ("0.1234567891234567891234567s", 123_456_789),
            ("1.9ns", 1),
            ("876000h", 3_153_600_000_000_000_000),
        ] {
            let read: GoDuration = text.parse().unwrap();
            assert_eq!((read.get(), read.to_string()), (Duration::from_nanos(nanoseconds), text.to_owned()));
        }
    }

    #[test]
    fn what_is_not_a_duration_is_told_why() {
        use DurationError::{Malformed, TooLong, Zero};
        let digits = format!("{}h", "9".repeat(100));
        for (text, error) in [
            ("", Malformed),
            ("0", Malformed),
            ("-1s", Malformed),
            ("+1s", Malformed),
            ("30", Malformed),
            ("s", Malformed),
            (".s", Malformed),
            ("1 s", Malformed),
            ("1d", Malformed),
            ("1.2.3s", Malformed),
            ("1e3s", Malformed),
            ("1s1", Malformed),
            ("\u{661}s", Malformed),
            ("0s", Zero),
            ("0.9ns", Zero),
            ("876000h1ns", TooLong),
            ("100000000000h", TooLong),
            (&digits, TooLong),
        ] {
            assert_eq!(text.parse::<GoDuration>(), Err(error), "{text}");
        }
        assert_eq!(TooLong.to_string(), "the value must be a duration of at most 876000h");
    }
}
