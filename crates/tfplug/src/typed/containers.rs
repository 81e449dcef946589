//! Wrapper types for values that may be absent or unknown, and collections.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::{AttributeValue, Fields, Known, Shape, present};
use crate::path::{AttributePath, Step};
use crate::schema::{Nesting, UnknownAllowed};
use crate::value::{Value, ValueError};

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

impl<T: AttributeValue> AttributeValue for Vec<T> {
    const FIELDS: Fields = T::FIELDS;
    const ELEMENTS: Fields = T::FIELDS;

    fn shape() -> Shape {
        T::shape().collected(Nesting::List)
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        match present(value)? {
            Value::List(elements) => {
                let elements = elements.into_iter().enumerate();
                elements.map(|(i, value)| T::from_value(value).map_err(|e| e.under(Step::Index(i)))).collect()
            }
            _ => Err(ValueError::expected(&Self::shape().ty)),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
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

/// A map by text key.
macro_rules! map {
    ($rust:ty, $($hasher:ident)?) => {
        impl<T: AttributeValue $(, $hasher: BuildHasher + Default)?> AttributeValue for $rust {
            const FIELDS: Fields = T::FIELDS;
            const ELEMENTS: Fields = T::FIELDS;

            fn shape() -> Shape {
                T::shape().collected(Nesting::Map)
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                let Value::Map(entries) = present(value)? else {
                    return Err(ValueError::expected(&Self::shape().ty));
                };
                let read = |(key, value)| match T::from_value(value) {
                    Ok(value) => Ok((key, value)),
                    Err(error) => Err(error.under(Step::Key(key))),
                };
                entries.into_iter().map(read).collect()
            }

            fn into_value(self) -> Value {
                Value::Map(self.into_iter().map(|(key, value)| (key, value.into_value())).collect())
            }
        }
    };
}

map!(BTreeMap<String, T>,);
map!(HashMap<String, T, S>, S);

/// A set of distinct values, whose elements have no address.
macro_rules! set {
    ($rust:ty, $first:ident $(+ $bound:ident)*, $($hasher:ident)?) => {
        impl<T: AttributeValue + $first $(+ $bound)* $(, $hasher: BuildHasher + Default)?> AttributeValue for $rust {
            const FIELDS: Fields = T::FIELDS;
            const ELEMENTS: Fields = T::FIELDS;

            fn shape() -> Shape {
                T::shape().collected(Nesting::Set)
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                let Value::List(elements) = present(value)? else {
                    return Err(ValueError::expected(&Self::shape().ty));
                };
                let read = |value| {
                    T::from_value(value).map_err(|error| ValueError { path: AttributePath::default(), ..error })
                };
                elements.into_iter().map(read).collect()
            }

            fn into_value(self) -> Value {
                Value::List(self.into_iter().map(T::into_value).collect())
            }
        }
    };
}

set!(BTreeSet<T>, Ord,);
set!(HashSet<T, S>, Hash + Eq, S);
