//! Numbers: integers, floats, and decimals that fit neither.

use std::fmt;

use super::ValueError;

/// A number. Terraform's have 512 bits; what fits no machine number stays as its decimal text.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// An integer.
    Int(i64),
    /// An integer above [`i64::MAX`].
    Unsigned(u64),
    /// A binary fraction. Never NaN: the hosts crash on it.
    Float(f64),
    /// Any other number, as decimal text.
    Decimal(String),
}

/// The hosts' numbers have a mantissa of 512 bits, 155 digits; an exponent may add zeros.
const MAX_DIGITS: usize = 1_000;

impl Number {
    /// A number from decimal text, such as `-12.5` or `1e3`.
    ///
    /// # Errors
    /// The text is no number, or longer than any number of the hosts'.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.len() > MAX_DIGITS {
            return Err(ValueError::new("the number has too many digits"));
        }
        let body = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
            None => (body, "0"),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_number = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
        if !is_number || !digits(exponent) || exponent.is_empty() {
            return Err(ValueError::new("the text is not a number"));
        }
        let integer = text.strip_prefix('+').unwrap_or(text);
        Ok(match (integer.parse(), integer.parse()) {
            (Ok(int), _) => Self::Int(int),
            (_, Ok(unsigned)) => Self::Unsigned(unsigned),
            _ => Self::Decimal(integer.to_owned()),
        })
    }

    /// The number as an integer, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            Self::Float(float) => {
                // The bounds are exact powers of two, so that the cast below cannot saturate.
                let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(float);
                #[expect(clippy::cast_possible_truncation, reason = "whole and within the range of i64")]
                (fits && float.fract() == 0.0).then_some(*float as i64)
            }
            Self::Unsigned(_) => None,
            Self::Decimal(text) => {
                let (whole, fraction) = text.split_once('.')?;
                fraction.bytes().all(|byte| byte == b'0').then(|| whole.parse().ok())?
            }
        }
    }

    /// The nearest float.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
            Self::Int(int) => Some(*int as f64),
            #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
            Self::Unsigned(unsigned) => Some(*unsigned as f64),
            Self::Float(float) => Some(*float),
            Self::Decimal(text) => text.parse().ok(),
        }
    }
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
        for bad in ["", "-", ".", "1e", "NaN", "inf", "0x10", "1_000", " 1", &"9".repeat(2_000)] {
            assert!(Number::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_whole_numbers_are_integers() {
        assert_eq!(Number::Float(5.0).as_i64(), Some(5));
        assert_eq!(Number::Decimal("5.00".into()).as_i64(), Some(5));
        for no in [
            Number::Float(5.5),
            Number::Float(1e19),
            Number::Unsigned(u64::MAX),
            Number::Decimal("1e400".into()),
        ] {
            assert_eq!(no.as_i64(), None, "{no}");
        }
    }
}
