//! Rust types that represent Terraform's types: the basis of `#[derive(Object)]`.

mod containers;
#[doc(hidden)]
pub mod derive;
mod fields;
mod parsed;

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use fields::Fields;
pub use parsed::Parsed;
use secrecy::{ExposeSecret, SecretString};

use crate::path::Step;
use crate::schema::{Attribute, Block, Nested, Nesting, UnknownAllowed, Validator};
use crate::value::{NotWhole, Number, Type, Value, ValueError};

/// Text that is never shown in a log, a diagnostic or a panic. Its attribute is sensitive, and its memory is wiped.
/// [`ExposeSecret`](crate::ExposeSecret) reads it.
pub type Secret = SecretString;

/// A Rust type that represents the value of an attribute.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a Terraform attribute",
    label = "not the type of an attribute",
    note = "use `bool`, `String`, an integer, a float, `Number`, `Secret`, `GoDuration`, `Parsed`, `Value`, an enum that derives \
            `AttributeValue` or a struct that derives `Object`; or an `Option`, `Known`, `Vec`, map or set of one"
)]
pub trait AttributeValue: Sized {
    /// The options of the fields of its objects.
    #[doc(hidden)]
    const FIELDS: Fields = Fields::NONE;

    /// Those of its objects in collections.
    #[doc(hidden)]
    const ELEMENTS: Fields = Fields::NONE;

    /// Returns the shape of the type in a schema.
    fn shape() -> Shape;

    /// Decodes a value of the shape's type.
    ///
    /// # Errors
    /// Returns an error with the path if the value does not fit, or is null or unknown where that is not allowed.
    fn from_value(value: Value) -> Result<Self, ValueError>;

    /// Returns a value of the shape's type.
    fn into_value(self) -> Value;
}

/// Contribution of a Rust type to its attribute's schema.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shape {
    /// The Terraform type.
    pub ty: Type,
    /// The attributes of its objects, if it holds objects.
    pub nested: Option<Nested>,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// Whether it makes its attribute sensitive.
    pub sensitive: bool,
    /// Which parts of it may be unknown.
    pub unknown: UnknownAllowed,
    /// Constraints on its values.
    pub validators: Vec<Validator>,
}

impl Shape {
    /// Creates a shape from a type alone.
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

    /// Returns the shape of a collection of this shape.
    fn collected(self, nesting: Nesting) -> Self {
        // Its objects become a plain type, in which hosts cannot mark a single attribute.
        let holds_secrets = self.nested.as_ref().is_some_and(Nested::holds_secrets);
        let validators =
            if self.validators.is_empty() { vec![] } else { vec![Validator::Each(self.validators)] };
        Self {
            ty: nesting.of(self.ty),
            nested: self.nested.map(|nested| nested.collected(nesting)),
            nullable: false,
            sensitive: self.sensitive || holds_secrets,
            unknown: UnknownAllowed { value: false, elements: self.unknown.value },
            validators,
        }
    }
}

/// A struct whose fields are attributes and blocks. Derived: see [the macro](macro@crate::Object).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Terraform object",
    label = "not a Terraform object",
    note = "use a struct that derives `Object`"
)]
pub trait Object: AttributeValue {
    /// Returns the schema of its fields.
    fn block() -> Block;

    /// Takes the fields from an object's values; computed ones are set to their default.
    ///
    /// # Errors
    /// Returns an error for the first field whose value does not fit.
    fn read_fields(values: &mut BTreeMap<String, Value>) -> Result<Self, ValueError>;

    /// Adds the values of all fields to an object's.
    fn write_fields(self, values: &mut BTreeMap<String, Value>);
}

/// A field that holds nested blocks: an `Option`, `Vec` or map of a derived struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold blocks",
    label = "does not hold blocks",
    note = "use an `Option`, `Vec` or map by `String` of a struct that derives `Object`"
)]
pub trait BlockValue: AttributeValue {
    /// Nesting of the blocks.
    const NESTING: Nesting;

    /// Type of one block.
    type Block: Object;
}

impl<T: Object> BlockValue for Option<T> {
    const NESTING: Nesting = Nesting::Single;
    type Block = T;
}

impl<T: Object> BlockValue for Vec<T> {
    const NESTING: Nesting = Nesting::List;
    type Block = T;
}

impl<T: Object> BlockValue for BTreeMap<String, T> {
    const NESTING: Nesting = Nesting::Map;
    type Block = T;
}

impl<T: Object, S: BuildHasher + Default> BlockValue for HashMap<String, T, S> {
    const NESTING: Nesting = Nesting::Map;
    type Block = T;
}

/// A value that may not be known before apply, or may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// Returns the value, if there is one now.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Returns whether there may be a value later.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl<T> From<T> for Known<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Known<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

/// Returns the value, or an error if it is null or unknown, for types that can represent neither.
fn present(value: Value) -> Result<Value, ValueError> {
    match value {
        Value::Null => Err(ValueError::null()),
        Value::Unknown => Err(ValueError::unknown()),
        value => Ok(value),
    }
}

/// Types that a variant of [`Value`] holds.
macro_rules! scalars {
    ($($rust:ty => $variant:ident)*) => { $(
        impl AttributeValue for $rust {
            fn shape() -> Shape {
                Shape::of(Type::$variant)
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                match present(value)? {
                    Value::$variant(value) => Ok(value),
                    _ => Err(ValueError::expected(&Type::$variant)),
                }
            }

            fn into_value(self) -> Value {
                Value::$variant(self)
            }
        }
    )* };
}

scalars!(bool => Bool String => String Number => Number);

impl AttributeValue for f64 {
    fn shape() -> Shape {
        Number::shape()
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        Number::from_value(value)?.as_f64().ok_or_else(|| ValueError::new("the number is too large"))
    }

    fn into_value(self) -> Value {
        self.into()
    }
}

/// Whole numbers.
macro_rules! integers {
    ($($rust:ty)*) => { $(
        impl AttributeValue for $rust {
            fn shape() -> Shape {
                #[allow(clippy::cast_lossless, reason = "there is no From for isize and usize")]
                let (min, max) = (Self::MIN as i128, Self::MAX as i128);
                Shape { validators: vec![Validator::Whole { min, max }], ..Shape::of(Type::Number) }
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                let bounds = || format!("the value must be between {} and {}", Self::MIN, Self::MAX);
                match Number::from_value(value)?.whole() {
                    Err(NotWhole::Fraction) => Err(ValueError::new("the value must be a whole number")),
                    whole => whole.ok().and_then(|it| it.try_into().ok()).ok_or_else(|| ValueError::new(bounds())),
                }
            }

            fn into_value(self) -> Value {
                Value::Number(match (i64::try_from(self), u64::try_from(self)) {
                    (Ok(int), _) => Number::Int(int),
                    (_, Ok(unsigned)) => Number::Unsigned(unsigned),
                    _ => Number::Decimal(self.to_string()),
                })
            }
        }
    )* };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl AttributeValue for f32 {
    fn shape() -> Shape {
        f64::shape()
    }

    #[expect(clippy::cast_possible_truncation, reason = "the nearest float is what is asked for")]
    fn from_value(value: Value) -> Result<Self, ValueError> {
        f64::from_value(value).map(|float| float as Self)
    }

    fn into_value(self) -> Value {
        f64::from(self).into_value()
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

/// A value of [`Type::Dynamic`]: any value of the configuration, with its type.
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
