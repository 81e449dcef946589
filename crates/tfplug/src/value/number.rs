//! Numbers: integers, floats, and decimals that fit neither.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::ValueError;

/// A number. Terraform's numbers have 512 bits; one that no machine number can represent is kept as its decimal text.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// An integer.
    Int(i64),
    /// An integer above [`i64::MAX`].
    Unsigned(u64),
    /// A binary fraction. Never NaN, on which hosts crash.
    Float(f64),
    /// Any other number, as decimal text.
    Decimal(String),
}

impl Number {
    /// Reads a number from decimal text, such as `-12.5` or `1e3`.
    ///
    /// # Errors
    /// Returns an error if the text is not a number.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        digits_of(text).ok_or_else(|| ValueError::new("the text is not a number"))?;
        let integer = text.strip_prefix('+').unwrap_or(text);
        Ok(match (integer.parse(), integer.parse()) {
            (Ok(int), _) => Self::Int(int),
            (_, Ok(unsigned)) => Self::Unsigned(unsigned),
            _ => Self::Decimal(integer.to_owned()),
        })
    }

    /// Returns the number as an integer if an `i64` can represent it, however it is written: `1e3` is 1000.
    pub fn as_i64(&self) -> Option<i64> {
        self.whole().ok()?.try_into().ok()
    }

    /// Returns the number as an integer, or the reason why it is not one.
    pub(crate) fn whole(&self) -> Result<i128, NotWhole> {
        match self {
            Self::Int(int) => Ok((*int).into()),
            Self::Unsigned(unsigned) => Ok((*unsigned).into()),
            // A power of two, and so exact: the cast below cannot saturate.
            Self::Float(float) if *float >= 2_f64.powi(127) => Err(NotWhole::TooLarge),
            Self::Float(float) if *float < -2_f64.powi(127) => Err(NotWhole::TooSmall),
            #[expect(clippy::cast_possible_truncation, reason = "whole and within the range of i128")]
            Self::Float(float) if float.fract() == 0.0 => Ok(*float as i128),
            Self::Float(_) => Err(NotWhole::Fraction),
            Self::Decimal(text) => whole_decimal(text),
        }
    }

    /// Returns the nearest float, if there is one: beyond `1.8e308` there is only infinity.
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(int) => Some(*int as f64),
            Self::Unsigned(unsigned) => Some(*unsigned as f64),
            Self::Float(float) => Some(*float),
            Self::Decimal(text) => text.parse().ok().filter(|float: &f64| float.is_finite()),
        }
    }

    /// Returns the float whose shortest decimal text is this number, if there is one.
    pub(super) fn exact_f64(&self) -> Option<f64> {
        let float = self.as_f64()?;
        let Self::Decimal(text) = self else { return Some(float) };
        (significant(text) == significant(&format!("{float:e}"))).then_some(float)
    }

    /// Compares the number with an integer; returns `None` for text that is not a number.
    #[expect(clippy::cast_precision_loss, reason = "a fraction and an integer differ by far more")]
    pub(crate) fn compare(&self, bound: i128) -> Option<Ordering> {
        match self.whole() {
            Ok(int) => Some(int.cmp(&bound)),
            Err(NotWhole::TooLarge) => Some(Ordering::Greater),
            Err(NotWhole::TooSmall) => Some(Ordering::Less),
            Err(NotWhole::Fraction) => match (self, self.as_f64()) {
                (_, Some(float)) => float.partial_cmp(&(bound as f64)),
                // Beyond any float, and so beyond the bound.
                (Self::Decimal(text), None) if digits_of(text).is_some() => {
                    Some(if text.starts_with('-') { Ordering::Less } else { Ordering::Greater })
                }
                _ => None,
            },
        }
    }

    /// Checks for values that the variants can represent but hosts crash on.
    pub(super) fn check(&self) -> Result<(), ValueError> {
        match self {
            Self::Float(float) if float.is_nan() => Err(ValueError::new("NaN is not a number")),
            // Hosts store states as JSON, which has no infinity.
            Self::Float(float) if float.is_infinite() => Err(ValueError::new("infinity cannot be stored")),
            Self::Decimal(text) if digits_of(text).is_none() => {
                Err(ValueError::new("the text is not a number"))
            }
            _ => Ok(()),
        }
    }
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<u64> for Number {
    fn from(unsigned: u64) -> Self {
        i64::try_from(unsigned).map_or(Self::Unsigned(unsigned), Self::Int)
    }
}

/// Parses like [`Number::parse`].
impl FromStr for Number {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::parse(text)
    }
}

/// Reason why a number is not an `i128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotWhole {
    Fraction,
    TooLarge,
    TooSmall,
}

/// Returns the digits before and after the point, and the exponent's text; `None` if the text is not a number.
fn digits_of(text: &str) -> Option<(&str, &str, &str)> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = body.split_once(['e', 'E']).unwrap_or((body, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    (is_number && all_digits(bare) && !bare.is_empty()).then_some((whole, fraction, exponent))
}

/// Returns the sign, the digits without zeros at either end, and the power of ten of the last digit: equal for all
/// texts of one number. Returns `None` if the text is not a number.
fn significant(text: &str) -> Option<(bool, String, i64)> {
    let (whole, fraction, exponent) = digits_of(text)?;
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let number = trimmed.trim_start_matches('0');
    if number.is_empty() {
        return Some((false, "0".to_owned(), 0));
    }
    // An exponent beyond this is larger than the number of digits in any message.
    let exponent =
        exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') { -1 << 32 } else { 1 << 32 });
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let zeros = length(&digits).saturating_sub(length(trimmed));
    let power = exponent.saturating_sub(length(fraction)).saturating_add(zeros);
    Some((text.starts_with('-'), number.to_owned(), power))
}

fn whole_decimal(text: &str) -> Result<i128, NotWhole> {
    let (negative, digits, power) = significant(text).ok_or(NotWhole::Fraction)?;
    if power < 0 {
        return Err(NotWhole::Fraction);
    }
    let power = u32::try_from(power).ok().and_then(|power| 10_i128.checked_pow(power));
    let size = power.and_then(|power| digits.parse::<i128>().ok()?.checked_mul(power));
    let size = size.ok_or(if negative { NotWhole::TooSmall } else { NotWhole::TooLarge })?;
    Ok(if negative { -size } else { size })
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => write!(f, "{int}"),
            Self::Unsigned(unsigned) => write!(f, "{unsigned}"),
            Self::Float(float) => write!(f, "{float}"),
            Self::Decimal(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_the_narrowest_number() {
        assert_eq!(Number::parse("-7"), Ok(Number::Int(-7)));
        assert_eq!(Number::parse("+7"), Ok(Number::Int(7)));
        assert_eq!(Number::parse("12345678901234567890"), Ok(Number::Unsigned(12_345_678_901_234_567_890)));
        assert_eq!(Number::parse("0.1"), Ok(Number::Decimal("0.1".into())));
        for bad in ["", "-", ".", "1e", "NaN", "inf", "0x10", "1_000", " 1"] {
            assert!(Number::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_whole_numbers_are_integers() {
        let decimal = |text: &str| Number::Decimal(text.to_owned());
        for (number, int) in [
            (Number::Float(5.0), 5),
            (decimal("5.00"), 5),
            (decimal("1e18"), 1_000_000_000_000_000_000),
            (decimal("-1.5e1"), -15),
            (decimal("1200e-2"), 12),
            (decimal("0e99999999999999999999"), 0),
            (decimal("-9223372036854775808.0"), i64::MIN.into()),
            (decimal("9223372036854775808.0"), 1 << 63),
            (Number::Unsigned(u64::MAX), u64::MAX.into()),
            (Number::Float(1e19), 10_000_000_000_000_000_000),
        ] {
            assert_eq!(number.whole(), Ok(int), "{number}");
            assert_eq!(number.as_i64(), int.try_into().ok(), "{number}");
        }
        for (number, why) in [
            (Number::Float(5.5), NotWhole::Fraction),
            (decimal("1.5e0"), NotWhole::Fraction),
            (decimal("1e-99999999999999999999"), NotWhole::Fraction),
            (Number::Float(1.8e38), NotWhole::TooLarge),
            (Number::Float(f64::NEG_INFINITY), NotWhole::TooSmall),
            (decimal("-1e39"), NotWhole::TooSmall),
            (decimal("1e400"), NotWhole::TooLarge),
            (decimal(&format!("1{}", "0".repeat(100_000))), NotWhole::TooLarge),
            (decimal(&format!("-{}.5", "9".repeat(100_000))), NotWhole::Fraction),
            (decimal("-1e99999999999999999999"), NotWhole::TooSmall),
        ] {
            assert_eq!(number.whole(), Err(why), "{number}");
        }
    }

    #[test]
    fn what_no_float_comes_near_is_none() {
        assert_eq!(Number::Decimal("1e308".into()).as_f64(), Some(1e308));
        assert_eq!(Number::Decimal("1e400".into()).as_f64(), None);
        assert_eq!(Number::Decimal("1e-400".into()).as_f64(), Some(0.0));
    }
}
