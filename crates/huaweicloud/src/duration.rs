//! Durations in Go's format: `30s`, `1m30s`, `1.5h`.

use std::time::Duration;

const UNITS: [(&str, f64); 7] =
    [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];

/// Parses a duration above zero. `None` for anything else: no unit, a sign, zero, or longer than a century.
pub fn parse(text: &str) -> Option<Duration> {
    let mut seconds = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(letters)?;
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        seconds += number.parse::<f64>().ok()? * size;
        rest = next;
    }
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    (!duration.is_zero() && seconds < 3.2e9).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_durations() {
        for (text, milliseconds) in [
            ("30s", 30_000),
            ("1m30s", 90_000),
            ("1.5h", 5_400_000),
            (".5s", 500),
            ("250ms", 250),
            ("1h0m", 3_600_000),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in
            ["", "0", "0s", "-1s", "+1s", "30", "s", "1 s", "1d", "1.2.3s", "1e3s", "99999999h", "1s1"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
