//! Values of the wire, before decoding to a Rust type and after encoding.

mod conform;
mod json;
mod msgpack;
mod number;
#[cfg(test)]
mod properties;
mod types;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use conform::Unknowns;
pub(crate) use number::NotWhole;
pub use number::Number;
pub use types::Type;

use crate::diagnostics::Diagnostic;
use crate::path::{At, AttributePath, Step};
use crate::proto::tfplugin6 as wire;

/// Summary of the error about the value of an argument.
pub(crate) const INVALID_VALUE: &str = "Invalid argument value";

/// A value of Terraform's type system.
///
/// Lists, sets and tuples are [`Value::List`], maps and objects [`Value::Map`]; the schema determines which.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Absent.
    #[default]
    Null,
    /// Not known before apply.
    Unknown,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// The elements of a list, set or tuple.
    List(Vec<Self>),
    /// The elements of a map, or the attributes of an object.
    Map(BTreeMap<String, Self>),
    /// A value of type [`Type::Dynamic`], with its actual type.
    Dynamic(Box<(Type, Self)>),
}

/// Reason why a value could not be decoded or encoded, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValueError {
    /// Path within the value.
    pub path: AttributePath,
    /// What is wrong there, as a sentence without its full stop.
    pub message: String,
    /// Whether the only problem is that the value is not known yet.
    pub unknown: bool,
}

impl ValueError {
    /// Creates an error at the value itself.
    pub fn new(message: impl Into<String>) -> Self {
        Self { path: AttributePath::default(), message: message.into(), unknown: false }
    }

    /// Creates the error for a value that is not known before apply, but must be.
    pub fn unknown() -> Self {
        Self { unknown: true, ..Self::new("the value is not known before apply") }
    }

    /// Creates the error for a value that is null, but must not be.
    pub fn null() -> Self {
        Self::new("the value must not be null")
    }

    /// Creates the error for a value of another type.
    pub fn expected(ty: &Type) -> Self {
        Self::new(format!("the value must be {}", ty.friendly_name()))
    }

    /// Returns what is wrong, as a sentence that names the argument: not all hosts show the path of a diagnostic.
    pub(crate) fn sentence(&self) -> String {
        let (path, message) = (&self.path, &self.message);
        let name = format!("`{path}`");
        let predicate = message.strip_prefix("the value ").or_else(|| message.strip_prefix("The value "));
        match predicate {
            _ if path.steps().is_empty() || message.contains(&name) => {
                let mut rest = message.chars();
                let first = rest.next().map(|first| first.to_ascii_uppercase());
                first.into_iter().chain(rest).chain(['.']).collect()
            }
            Some(predicate) => format!("{name} {predicate}."),
            None => format!("{name}: {message}."),
        }
    }

    /// Returns the diagnostic for the value of an argument.
    pub(crate) fn into_diagnostic(self) -> Diagnostic {
        Diagnostic::error(INVALID_VALUE, self.sentence()).at(self.path)
    }

    /// Prepends a step to the path: the same error, relative to the enclosing value.
    #[must_use]
    pub fn under(mut self, step: Step) -> Self {
        self.path = self.path.under(step);
        self
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.steps().is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for ValueError {}

impl Value {
    /// Decodes a value of the expected type from the wire. If both encodings are empty, the value is null.
    pub(crate) fn from_wire(value: Option<&wire::DynamicValue>, ty: &Type) -> Result<Self, ValueError> {
        match value {
            Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
            Some(value) if !value.json.is_empty() => json::decode(&value.json, ty),
            _ => Ok(Self::Null),
        }
    }

    /// Encodes the value for the wire.
    pub(crate) fn to_wire(&self) -> Result<wire::DynamicValue, ValueError> {
        Ok(wire::DynamicValue { msgpack: msgpack::encode(self)?, json: Vec::new() })
    }

    /// Decodes a value of the expected type from `MessagePack`, as hosts send it.
    ///
    /// # Errors
    /// Returns an error with the path if the bytes are malformed or not of that type.
    pub fn from_msgpack(bytes: &[u8], ty: &Type) -> Result<Self, ValueError> {
        msgpack::decode(bytes, ty)
    }

    /// Encodes the value in `MessagePack`, as hosts read it.
    ///
    /// # Errors
    /// Returns an error if the value contains NaN, or is too large.
    pub fn to_msgpack(&self) -> Result<Vec<u8>, ValueError> {
        msgpack::encode(self)
    }

    /// Returns whether the value is null, with a dynamic type or without.
    pub fn is_null(&self) -> bool {
        matches!(self.without_type(), Self::Null)
    }

    /// Returns whether no part of the value is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Dynamic(typed) => typed.1.is_wholly_known(),
            value => value.parts(&At::Root).all(|(_, part)| part.is_wholly_known()),
        }
    }

    /// Returns the elements of a list, or the entries of a map or object, with their places.
    pub(crate) fn parts<'a>(&'a self, at: &'a At<'a>) -> impl Iterator<Item = (At<'a>, &'a Self)> {
        let (list, map) = match self {
            Self::List(elements) => (&**elements, None),
            Self::Map(entries) => (&[][..], Some(entries)),
            _ => (&[][..], None),
        };
        let elements = list.iter().enumerate().map(|(index, value)| (At::Index(at, index), value));
        elements.chain(map.into_iter().flatten().map(|(key, value)| (At::Key(at, key), value)))
    }

    /// Returns the value inside a dynamic value; any other unchanged.
    pub(crate) fn without_type(&self) -> &Self {
        match self {
            Self::Dynamic(typed) => typed.1.without_type(),
            value => value,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Number(int.into())
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Self::Number(Number::Float(float))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// Collects a list, set or tuple.
impl<V: Into<Self>> FromIterator<V> for Value {
    fn from_iter<I: IntoIterator<Item = V>>(elements: I) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }
}

/// Collects a map or object.
impl<K: Into<String>, V: Into<Self>> FromIterator<(K, V)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// Prepends the step to the path of the error. Without a step the value has no path, and neither have its parts.
pub(crate) fn under(error: ValueError, step: Option<Step>) -> ValueError {
    match step {
        Some(step) => error.under(step),
        None => ValueError { path: AttributePath::default(), ..error },
    }
}
