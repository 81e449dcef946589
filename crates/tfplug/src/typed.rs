//! Rust types that stand for Terraform's: what `#[derive(Object)]` builds on.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use crate::path::Step;
use crate::schema::{Attribute, Block, Nested, Nesting, UnknownAllowed, Validator};
use crate::value::{Number, Type, Value, ValueError};

/// Text that is never shown: not in a log, a diagnostic or a panic. Its attribute is sensitive, and its memory is wiped.
pub type Secret = SecretString;

/// A Rust type that stands for the value of an attribute.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a Terraform attribute",
    label = "not the type of an attribute",
    note = "use `bool`, `String`, `i64`, `f64`, `Number`, `Secret`, `Value` or a struct that derives `Object`; or an \
            `Option`, `Known`, `Vec` or `BTreeMap<String, _>` of one"
)]
pub trait AttributeValue: Sized {
    /// Its place in a schema.
    fn shape() -> Shape;

    /// Reads a value of the shape's type.
    ///
    /// # Errors
    /// The value does not fit, or is null or unknown where it may not be; with the path to it.
    fn from_value(value: Value) -> Result<Self, ValueError>;

    /// The value of the shape's type.
    fn into_value(self) -> Value;
}

/// What a Rust type brings to its attribute's schema.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The Terraform type.
    pub ty: Type,
    /// The attributes of its objects, where it holds objects.
    pub nested: Option<Nested>,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// Whether it makes its attribute sensitive.
    pub sensitive: bool,
    /// Which parts of it may be unknown.
    pub unknown: UnknownAllowed,
    /// What its values must fulfil.
    pub validators: Vec<Validator>,
}

impl Shape {
    /// A shape of a type alone.
    pub fn of(ty: Type) -> Self {
        Self {
            ty,
            nested: None,
            nullable: false,
            sensitive: false,
            unknown: UnknownAllowed::default(),
            validators: Vec::new(),
        }
    }

    /// A collection of this shape.
    fn collected(self, nesting: Nesting) -> Self {
        let nested = self.nested.filter(|nested| nested.nesting == Nesting::Single);
        Self {
            ty: nesting.of(self.ty),
            nested: nested.map(|nested| Nested { nesting, attributes: nested.attributes }),
            nullable: false,
            sensitive: self.sensitive,
            unknown: UnknownAllowed { value: false, elements: self.unknown.value },
            validators: Vec::new(),
        }
    }
}

/// A struct whose fields are attributes and blocks. Derived: see [the macro](macro@crate::Object).
pub trait Object: Sized {
    /// The schema of its fields.
    fn block() -> Block;

    /// Takes the fields out of an object's values; computed ones get their default.
    ///
    /// # Errors
    /// The first field whose value does not fit.
    fn read_fields(values: &mut BTreeMap<String, Value>) -> Result<Self, ValueError>;

    /// Adds the values of all fields to an object's.
    fn write_fields(self, values: &mut BTreeMap<String, Value>);
}

/// A field that holds nested blocks: an `Option`, `Vec` or map of a derived struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold blocks",
    label = "does not hold blocks",
    note = "use an `Option`, `Vec` or `BTreeMap<String, _>` of a struct that derives `Object`"
)]
pub trait BlockValue: AttributeValue {
    /// How the blocks are held.
    const NESTING: Nesting;

    /// The schema of one of them.
    fn block() -> Block;
}

impl<T: Object + AttributeValue> BlockValue for Option<T> {
    const NESTING: Nesting = Nesting::Single;
    fn block() -> Block {
        T::block()
    }
}

impl<T: Object + AttributeValue> BlockValue for Vec<T> {
    const NESTING: Nesting = Nesting::List;
    fn block() -> Block {
        T::block()
    }
}

impl<T: Object + AttributeValue> BlockValue for BTreeMap<String, T> {
    const NESTING: Nesting = Nesting::Map;
    fn block() -> Block {
        T::block()
    }
}

/// A value that may not be known before apply, or may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Known<T> {
    /// Absent.
    #[default]
    Null,
    /// Not known before apply, in whole or in part.
    Unknown,
    /// Known.
    Value(T),
}

impl<T> Known<T> {
    /// The value, if there is one now.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether there may be a value later.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// Passes over null, and refuses unknown: what every type does that has no place for them.
fn present(value: Value) -> Result<Value, ValueError> {
    match value {
        Value::Null => Err(ValueError::null()),
        Value::Unknown => Err(ValueError::unknown()),
        value => Ok(value),
    }
}

macro_rules! scalar {
    ($rust:ty, $ty:expr, $from:expr, $into:expr) => {
        impl AttributeValue for $rust {
            fn shape() -> Shape {
                Shape::of($ty)
            }
            fn from_value(value: Value) -> Result<Self, ValueError> {
                $from(present(value)?)
            }
            fn into_value(self) -> Value {
                $into(self)
            }
        }
    };
}

scalar!(
    bool,
    Type::Bool,
    |value| match value {
        Value::Bool(value) => Ok(value),
        _ => Err(ValueError::expected(&Type::Bool)),
    },
    Value::Bool
);

scalar!(
    String,
    Type::String,
    |value| match value {
        Value::String(text) => Ok(text),
        _ => Err(ValueError::expected(&Type::String)),
    },
    Value::String
);

scalar!(
    Number,
    Type::Number,
    |value| match value {
        Value::Number(number) => Ok(number),
        _ => Err(ValueError::expected(&Type::Number)),
    },
    Value::Number
);

scalar!(
    f64,
    Type::Number,
    |value| match value {
        Value::Number(number) => number.as_f64().ok_or_else(|| ValueError::expected(&Type::Number)),
        _ => Err(ValueError::expected(&Type::Number)),
    },
    |float| Value::Number(Number::Float(float))
);

impl AttributeValue for i64 {
    fn shape() -> Shape {
        Shape {
            validators: vec![Validator::Range { min: Self::MIN, max: Self::MAX }],
            ..Shape::of(Type::Number)
        }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        match present(value)? {
            Value::Number(number) => {
                number.as_i64().ok_or_else(|| ValueError::new("a whole number is required"))
            }
            _ => Err(ValueError::expected(&Type::Number)),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(Number::Int(self))
    }
}

impl AttributeValue for Secret {
    fn shape() -> Shape {
        Shape { sensitive: true, ..Shape::of(Type::String) }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        String::from_value(value).map(Self::from)
    }

    fn into_value(self) -> Value {
        Value::String(self.expose_secret().to_owned())
    }
}

/// A value of [`Type::Dynamic`]: whatever the configuration says, with its type.
impl AttributeValue for Value {
    fn shape() -> Shape {
        let unknown = UnknownAllowed { value: true, elements: true };
        Shape { nullable: true, unknown, ..Shape::of(Type::Dynamic) }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        Ok(value)
    }

    fn into_value(self) -> Value {
        self
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
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
    fn shape() -> Shape {
        let unknown = UnknownAllowed { value: true, elements: true };
        Shape { nullable: true, unknown, ..T::shape() }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        if value.is_null() {
            return Ok(Self::Null);
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

impl<T: AttributeValue> AttributeValue for BTreeMap<String, T> {
    fn shape() -> Shape {
        T::shape().collected(Nesting::Map)
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        match present(value)? {
            Value::Map(entries) => {
                let entries = entries.into_iter();
                entries
                    .map(|(key, value)| match T::from_value(value) {
                        Ok(value) => Ok((key, value)),
                        Err(error) => Err(error.under(Step::Key(key))),
                    })
                    .collect()
            }
            _ => Err(ValueError::expected(&Self::shape().ty)),
        }
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key, value.into_value())).collect())
    }
}

/// What the derive macro calls, so that the code it writes stays short.
#[doc(hidden)]
pub mod derive {
    use super::{
        Attribute, AttributeValue, BTreeMap, Block, Nested, Nesting, Object, Shape, Step, Type, Value,
        ValueError,
    };

    /// The shape of a derived struct as an attribute.
    pub fn object_shape(block: Block) -> Shape {
        let ty: Type = block.implied_type();
        let nested = Nested { nesting: Nesting::Single, attributes: block.attributes };
        Shape { nested: Some(nested), ..Shape::of(ty) }
    }

    /// An attribute from its field's type, without flags.
    pub fn attribute<T: AttributeValue>(name: &'static str, description: &'static str) -> Attribute {
        let Shape { ty, nested, nullable, sensitive, unknown, validators } = T::shape();
        Attribute {
            name,
            ty,
            nested,
            description,
            required: false,
            optional: false,
            computed: false,
            sensitive,
            nullable,
            deprecated: None,
            unknown,
            validators,
        }
    }

    /// Reads a derived struct.
    pub fn from_value<T: Object>(value: Value) -> Result<T, ValueError> {
        match super::present(value)? {
            Value::Map(mut values) => T::read_fields(&mut values),
            _ => Err(ValueError::expected(&Type::Object(BTreeMap::new()))),
        }
    }

    /// The value of a derived struct.
    pub fn into_value(object: impl Object) -> Value {
        let mut values = BTreeMap::new();
        object.write_fields(&mut values);
        Value::Map(values)
    }

    /// Takes one field's value.
    pub fn take<T: AttributeValue>(
        values: &mut BTreeMap<String, Value>,
        name: &str,
    ) -> Result<T, ValueError> {
        let value = values.remove(name).unwrap_or_default();
        T::from_value(value).map_err(|error| error.under(Step::Attribute(name.to_owned())))
    }
}
