//! What the derive macro calls, so that the code it writes stays short.

#![allow(missing_docs, clippy::missing_errors_doc, reason = "not for people")]

use super::{
    Attribute, AttributeValue, BTreeMap, Block, BlockValue, Nested, Nesting, Object, Shape, Step, Type,
    Validator, Value, ValueError,
};

/// The shape of a derived struct as an attribute.
pub fn object_shape(block: Block) -> Shape {
    let ty: Type = block.implied_type();
    let Block { attributes, blocks, rules, .. } = block;
    let blocks = blocks.into_iter().map(|block| block.name).collect();
    let nested = Nested { nesting: Nesting::Single, within: Vec::new(), attributes, rules, blocks };
    Shape { nested: Some(nested), ..Shape::of(ty) }
}

/// What the written code does with a field of an attribute. All that it asks of the field's type it asks in one place, so
/// that a type that does not do is one error.
#[derive(Debug)]
pub struct Codec<T> {
    pub shape: fn() -> Shape,
    pub read: fn(Value) -> Result<T, ValueError>,
    pub write: fn(T) -> Value,
}

/// The same of a field of blocks.
#[derive(Debug)]
pub struct BlockCodec<T> {
    pub nesting: Nesting,
    pub block: fn() -> Block,
    pub read: fn(Value) -> Result<T, ValueError>,
    pub write: fn(T) -> Value,
}

/// The same of a flattened field.
#[derive(Debug)]
pub struct FlatCodec<T> {
    pub block: fn() -> Block,
    pub read: fn(&mut BTreeMap<String, Value>) -> Result<T, ValueError>,
    pub write: fn(T, &mut BTreeMap<String, Value>),
}

pub fn codec<T: AttributeValue>() -> Codec<T> {
    Codec { shape: T::shape, read: T::from_value, write: T::into_value }
}

/// Of a field that only the provider gives.
pub fn computed_codec<T: AttributeValue + Default>() -> Codec<T> {
    Codec { read: |_| Ok(T::default()), ..codec() }
}

pub fn block_codec<T: BlockValue>() -> BlockCodec<T> {
    BlockCodec { nesting: T::NESTING, block: T::block, read: T::from_value, write: T::into_value }
}

pub fn flat_codec<T: Object>() -> FlatCodec<T> {
    FlatCodec { block: T::block, read: T::read_fields, write: T::write_fields }
}

/// An attribute from its field's type, without flags.
#[cfg(test)]
pub fn attribute<T: AttributeValue>(name: &'static str, description: &'static str) -> Attribute {
    attribute_of(T::shape, name, description)
}

/// An attribute of this shape, without flags.
pub fn attribute_of(shape: fn() -> Shape, name: &'static str, description: &'static str) -> Attribute {
    let Shape { ty, nested, nullable, sensitive, unknown, validators } = shape();
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
        env: None,
        default: None,
        variadic: false,
        unknown,
        validators,
    }
}

/// Adds what a field's value must fulfil beyond what its type demands.
pub fn must(validators: &mut Vec<Validator>, validator: Validator) {
    let whole = validators.iter_mut().find_map(|known| match known {
        Validator::Whole { min, max } => Some((min, max)),
        _ => None,
    });
    match (validator, whole) {
        // One check with one complaint, for a number that is whole already.
        (Validator::Range { min, max }, Some((least, most))) => {
            (*least, *most) = (min.max(*least), max.min(*most));
        }
        (validator, _) => validators.push(validator),
    }
}

/// The shape of a text that is one of these.
pub fn text_shape(texts: &'static [&'static str]) -> Shape {
    Shape { validators: vec![Validator::OneOf(texts)], ..Shape::of(Type::String) }
}

/// The error of a text that is none of these.
pub fn no_such_text(texts: &'static [&'static str]) -> ValueError {
    ValueError::new(format!("the value must be one of {}", crate::schema::quoted(texts, "or")))
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
pub fn take<T>(
    values: &mut BTreeMap<String, Value>,
    name: &str,
    read: fn(Value) -> Result<T, ValueError>,
) -> Result<T, ValueError> {
    let value = values.remove(name).unwrap_or_default();
    read(value).map_err(|error| error.under(Step::Attribute(name.to_owned())))
}
