//! Constraints on a single value.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use regex_lite::Regex;

use super::rule::quoted;
use crate::panics::catch_now;
use crate::path::At;
use crate::value::{NotWhole, Number, Value};

/// Maximum number of characters of a rejected value in a message.
const MAX_SHOWN: usize = 80;

/// A constraint on a single value. Null and unknown values satisfy every validator.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Validator {
    /// Text that matches a regular expression.
    Pattern(Pattern),
    /// Text with a number of characters, or a collection with a number of elements, within inclusive bounds.
    Length {
        /// The minimum.
        min: usize,
        /// The maximum.
        max: usize,
    },
    /// A number within inclusive bounds.
    Range {
        /// The minimum; `i128::MIN` for none.
        min: i128,
        /// The maximum; `i128::MAX` for none.
        max: i128,
    },
    /// A whole number within inclusive bounds.
    Whole {
        /// The minimum; `i128::MIN` for none.
        min: i128,
        /// The maximum; `i128::MAX` for none.
        max: i128,
    },
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A collection whose elements each satisfy these validators.
    Each(Vec<Self>),
    /// Text that a function accepts. The function's error is a sentence without its full stop; "the value" in front of it
    /// becomes the name of the argument.
    Text(fn(&str) -> Result<(), String>),
    /// A value that a function accepts, likewise.
    Custom(fn(&Value) -> Result<(), String>),
}

impl From<fn(&str) -> Result<(), String>> for Validator {
    fn from(check: fn(&str) -> Result<(), String>) -> Self {
        Self::Text(check)
    }
}

impl From<fn(&Value) -> Result<(), String>> for Validator {
    fn from(check: fn(&Value) -> Result<(), String>) -> Self {
        Self::Custom(check)
    }
}

/// A regular expression, compiled at most once for a schema and all its copies.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: Arc<OnceLock<Result<Regex, String>>>,
}

impl Pattern {
    /// Creates a pattern in the syntax of the `regex` crate. It need not match the whole text.
    pub fn new(text: &'static str) -> Self {
        Self { text, compiled: Arc::default() }
    }

    /// Returns the compiled expression, or what is malformed in the pattern.
    pub(super) fn regex(&self) -> Result<&Regex, &str> {
        let compile = || Regex::new(self.text).map_err(|error| error.to_string());
        self.compiled.get_or_init(compile).as_ref().map_err(String::as_str)
    }
}

impl Validator {
    fn complaint(&self, value: &Value, secret: bool) -> Option<String> {
        match (self, value) {
            (Self::Pattern(pattern), Value::String(text)) => match pattern.regex() {
                Ok(regex) if regex.is_match(text) => None,
                Ok(_) => {
                    let but = but_is(value, secret);
                    Some(format!("the value must match the pattern `{}`{but}", pattern.text))
                }
                // A schema with such a pattern is rejected when the provider starts.
                Err(error) => {
                    Some(format!("the pattern `{}` of the provider is malformed: {error}", pattern.text))
                }
            },
            (Self::Length { min, max }, value) => {
                let (length, unit) = match value {
                    Value::String(text) => (text.chars().count(), "character"),
                    Value::List(elements) => (elements.len(), "element"),
                    Value::Map(entries) => (entries.len(), "element"),
                    _ => return None,
                };
                (!(*min..=*max).contains(&length)).then(|| wrong_length(*min, *max, length, unit, secret))
            }
            (Self::Range { min, max }, Value::Number(number)) => outside(number, *min, *max, secret),
            (Self::Whole { min, max }, Value::Number(number)) => match number.whole() {
                Err(NotWhole::Fraction) => {
                    Some(format!("the value must be a whole number{}", but_is(value, secret)))
                }
                Ok(_) | Err(_) => outside(number, *min, *max, secret),
            },
            (Self::OneOf(allowed), Value::String(text)) if !allowed.contains(&text.as_str()) => {
                Some(format!("the value must be one of {}{}", quoted(allowed, "or"), but_is(value, secret)))
            }
            (Self::Text(check), Value::String(text)) => custom(|| check(text)),
            (Self::Custom(check), value) => custom(|| check(value)),
            _ => None,
        }
    }
}

/// Returns the complaint of the provider's own code.
fn custom(check: impl FnOnce() -> Result<(), String>) -> Option<String> {
    catch_now(check).map_or_else(
        |place| {
            Some(format!("the provider panicked at {place} while it checked the value: this is a bug in it"))
        },
        Result::err,
    )
}

/// Reports why a value violates the constraints; each complaint is a sentence without its full stop. Complaints about a
/// `secret` value reveal nothing about it.
pub(super) fn check_all(
    validators: &[Validator],
    value: &Value,
    at: &At<'_>,
    secret: bool,
    tell: &mut dyn FnMut(&At<'_>, String),
) {
    for validator in validators {
        match (validator, value.without_type()) {
            (_, Value::Null | Value::Unknown) => {}
            (Validator::Each(validators), value) => {
                value.parts(at).for_each(|(at, part)| check_all(validators, part, &at, secret, tell));
            }
            _ => {
                if let Some(complaint) = validator.complaint(value, secret) {
                    tell(at, complaint);
                }
            }
        }
    }
}

fn wrong_length(min: usize, max: usize, length: usize, unit: &str, secret: bool) -> String {
    let units = |count| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    let wanted = match (min, max) {
        (min, usize::MAX) => format!("at least {}", units(min)),
        (0, max) => format!("at most {}", units(max)),
        (min, max) if min == max => units(max),
        (min, max) => format!("{min} to {}", units(max)),
    };
    // The length of a secret would reveal a part of it.
    let but = if secret { String::new() } else { format!(", but has {length}") };
    format!("the value must have {wanted}{but}")
}

fn outside(number: &Number, min: i128, max: i128, secret: bool) -> Option<String> {
    let below = min != i128::MIN && number.compare(min) == Some(Ordering::Less);
    let above = max != i128::MAX && number.compare(max) == Some(Ordering::Greater);
    // A bound that only the type sets is named only where a value exceeds it.
    let chosen = i128::from(i64::MIN) + 1..i128::from(i64::MAX);
    (below || above).then(|| {
        let wanted = match (chosen.contains(&min) && chosen.contains(&max), below) {
            (true, _) => format!("between {min} and {max}"),
            (false, true) => format!("at least {min}"),
            (false, false) => format!("at most {max}"),
        };
        format!("the value must be {wanted}{}", but_is(&Value::Number(number.clone()), secret))
    })
}

/// Returns the end of a sentence that shows the rejected value, unless it is secret.
fn but_is(value: &Value, secret: bool) -> String {
    let value = match value {
        _ if secret => return String::new(),
        Value::String(text) => format!("{text:?}"),
        Value::Number(number) => number.to_string(),
        _ => return String::new(),
    };
    let shown: String = value.chars().take(MAX_SHOWN).collect();
    let more = if shown.len() < value.len() { "…" } else { "" };
    format!(", but is {shown}{more}")
}
