//! What values must fulfil, alone and together.

use regex_lite::Regex;

use crate::Value;
use crate::panics::catch_now;

/// What one value must fulfil. Null and unknown values fulfil everything.
#[derive(Clone, Debug)]
pub enum Validator {
    /// Text that matches a regular expression.
    Pattern(&'static str),
    /// Text of so many characters, or a collection of so many elements; both ends belong to it.
    Length {
        /// The least.
        min: usize,
        /// The most.
        max: usize,
    },
    /// A whole number within bounds; both ends belong to it.
    Range {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// Anything else: a sentence without its full stop says what is wrong.
    Custom(fn(&Value) -> Result<(), String>),
}

impl Validator {
    /// Why the value does not fulfil it.
    pub(super) fn complaint(&self, value: &Value) -> Option<String> {
        match (self, value) {
            (_, Value::Null | Value::Unknown) => None,
            (Self::Pattern(pattern), Value::String(text)) => match Regex::new(pattern) {
                Ok(regex) if regex.is_match(text) => None,
                Ok(_) => Some(format!("The value must match the pattern `{pattern}`")),
                // A schema with such a pattern is refused when the provider starts.
                Err(error) => Some(format!("The pattern `{pattern}` of the provider is malformed: {error}")),
            },
            (Self::Length { min, max }, value) => {
                let (length, unit) = match value {
                    Value::String(text) => (text.chars().count(), "character"),
                    Value::List(elements) => (elements.len(), "element"),
                    Value::Map(entries) => (entries.len(), "element"),
                    _ => return None,
                };
                let units = |count| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
                (!(*min..=*max).contains(&length)).then(|| match (*min, *max) {
                    (min, usize::MAX) => {
                        format!("The value must have at least {}, and has {length}", units(min))
                    }
                    (0, max) => format!("The value must have at most {}, and has {length}", units(max)),
                    (min, max) => format!("The value must have {min} to {}, and has {length}", units(max)),
                })
            }
            (Self::Range { min, max }, Value::Number(number)) => match number.as_i64() {
                None => Some("The value must be a whole number".to_owned()),
                Some(int) if (*min..=*max).contains(&int) => None,
                Some(_) => Some(match (*min, *max) {
                    (min, i64::MAX) => format!("The value must be at least {min}"),
                    (i64::MIN, max) => format!("The value must be at most {max}"),
                    (min, max) => format!("The value must be between {min} and {max}"),
                }),
            },
            (Self::OneOf(allowed), Value::String(text)) if !allowed.contains(&text.as_str()) => {
                Some(format!("The value must be one of {}", quoted(allowed)))
            }
            (Self::Custom(check), value) => match catch_now(|| check(value)) {
                Ok(result) => result.err(),
                Err(panicked) => {
                    let place = panicked.place;
                    Some(format!(
                        "The provider panicked at {place} while it checked the value: this is a bug in it"
                    ))
                }
            },
            _ => None,
        }
    }
}

/// What the arguments of a block must fulfil together. Unknown values fulfil everything.
#[derive(Clone, Debug)]
pub enum Rule {
    /// One of them is given, and only one.
    ExactlyOneOf(&'static [&'static str]),
    /// One of them is given, or several.
    AtLeastOneOf(&'static [&'static str]),
    /// At most one of them is given.
    Conflicts(&'static [&'static str]),
    /// All of them are given, or none.
    Together(&'static [&'static str]),
}

impl Rule {
    /// The arguments that it is about.
    pub fn arguments(&self) -> &'static [&'static str] {
        match self {
            Self::ExactlyOneOf(names)
            | Self::AtLeastOneOf(names)
            | Self::Conflicts(names)
            | Self::Together(names) => names,
        }
    }

    /// Why the block does not fulfil it, with the argument at fault where there is one.
    pub(super) fn complaint(
        &self,
        is_set: impl Fn(&str) -> Option<bool>,
    ) -> Option<(Option<&'static str>, String)> {
        let names = self.arguments();
        let mut set = Vec::new();
        for name in names {
            match is_set(name) {
                Some(true) => set.push(*name),
                Some(false) => {}
                None => return None,
            }
        }
        let all = quoted(names);
        let too_many = || {
            let given = quoted(&set);
            (set.get(1).copied(), format!("Only one of {all} can be given, but {given} are"))
        };
        match self {
            Self::ExactlyOneOf(_) if set.is_empty() => {
                Some((None, format!("Exactly one of {all} must be given, and none is")))
            }
            Self::AtLeastOneOf(_) if set.is_empty() => {
                Some((None, format!("At least one of {all} must be given, and none is")))
            }
            Self::ExactlyOneOf(_) | Self::Conflicts(_) if set.len() > 1 => Some(too_many()),
            Self::Together(_) if !set.is_empty() && set.len() < names.len() => {
                let missing: Vec<_> = names.iter().copied().filter(|name| !set.contains(name)).collect();
                let are = if missing.len() == 1 { "is" } else { "are" };
                let (given, missing) = (quoted(&set), quoted(&missing));
                Some((
                    set.first().copied(),
                    format!("{all} must be given together: {missing} {are} missing beside {given}"),
                ))
            }
            _ => None,
        }
    }
}

/// `"a", "b" and "c"`, without the quotes of Rust's debug output for odd characters.
fn quoted(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", first.join(", "))
        }
    }
}
