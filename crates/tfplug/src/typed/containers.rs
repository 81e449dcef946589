//! Wrapper types for values that may be absent or unknown, and collections.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::{AttributeValue, Fields, Known, Shape, present};
use crate::path::Step;
use crate::schema::{Nesting, UnknownAllowed};
use crate::value::{Value, ValueError, under};

impl<T: AttributeValue> AttributeValue for Option<T> {
    const FIELDS: Fields = T::FIELDS;
    const ELEMENTS: Fields = T::ELEMENTS;

    fn shape() -> Shape {
        Shape { nullable: true, ..T::shape() }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: AttributeValue> AttributeValue for Known<T> {
    const FIELDS: Fields = T::FIELDS;
    const ELEMENTS: Fields = T::ELEMENTS;

    fn shape() -> Shape {
        let unknown = UnknownAllowed { value: true, elements: true };
        Shape { nullable: true, unknown, ..T::shape() }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        if value.is_null() {
            return Ok(Self::Null);
        }
        // `Value` can represent unknown values itself, and would wrap them as known.
        if matches!(value, Value::Unknown | Value::Dynamic(_)) && !value.is_wholly_known() {
            return Ok(Self::Unknown);
        }
        match T::from_value(value) {
            Err(error) if error.unknown => Ok(Self::Unknown),
            result => result.map(Self::Value),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Value(value) => value.into_value(),
        }
    }
}

impl<T: AttributeValue> AttributeValue for Box<T> {
    const FIELDS: Fields = T::FIELDS;
    const ELEMENTS: Fields = T::ELEMENTS;

    fn shape() -> Shape {
        T::shape()
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        T::from_value(value).map(Self::new)
    }

    fn into_value(self) -> Value {
        (*self).into_value()
    }
}

/// Collections, which are collected from their elements and iterate over them.
macro_rules! collection {
    ($nesting:ident: $rust:ty, $($parameter:ident: $first:ident $(+ $bound:ident)*),+; $read:ident, $write:ident) => {
        impl<$($parameter: $first $(+ $bound)*),+> AttributeValue for $rust {
            const FIELDS: Fields = T::FIELDS;
            const ELEMENTS: Fields = T::FIELDS;

            fn shape() -> Shape {
                T::shape().collected(Nesting::$nesting)
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                $read(value, Nesting::$nesting)
            }

            fn into_value(self) -> Value {
                $write(self)
            }
        }
    };
}

collection!(List: Vec<T>, T: AttributeValue; read_elements, list);
collection!(Set: BTreeSet<T>, T: AttributeValue + Ord; read_elements, list);
collection!(Set: HashSet<T, S>, T: AttributeValue + Hash + Eq, S: BuildHasher + Default; read_elements, list);
collection!(Map: BTreeMap<String, T>, T: AttributeValue; read_entries, map);
collection!(Map: HashMap<String, T, S>, T: AttributeValue, S: BuildHasher + Default; read_entries, map);

fn read_elements<T: AttributeValue, C: AttributeValue + FromIterator<T>>(
    value: Value,
    nesting: Nesting,
) -> Result<C, ValueError> {
    let Value::List(elements) = present(value)? else { return Err(ValueError::expected(&C::shape().ty)) };
    // Elements of a set have no path.
    let step = |index| (nesting == Nesting::List).then_some(Step::Index(index));
    let read = |(index, value)| T::from_value(value).map_err(|error| under(error, step(index)));
    elements.into_iter().enumerate().map(read).collect()
}

fn read_entries<T: AttributeValue, C: AttributeValue + FromIterator<(String, T)>>(
    value: Value,
    _: Nesting,
) -> Result<C, ValueError> {
    let Value::Map(entries) = present(value)? else { return Err(ValueError::expected(&C::shape().ty)) };
    let read = |(key, value)| match T::from_value(value) {
        Ok(value) => Ok((key, value)),
        Err(error) => Err(error.under(Step::Key(key))),
    };
    entries.into_iter().map(read).collect()
}

fn list(elements: impl IntoIterator<Item: AttributeValue>) -> Value {
    Value::List(elements.into_iter().map(AttributeValue::into_value).collect())
}

fn map(entries: impl IntoIterator<Item = (String, impl AttributeValue)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key, value.into_value())).collect())
}
