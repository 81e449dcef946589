//! Functions that the derive macro calls, so that the generated code stays short.

#![allow(missing_docs, clippy::missing_errors_doc, reason = "not for people")]

pub use super::fields::Fields;
use super::{
    Attribute, AttributeValue, BTreeMap, Block, BlockValue, Nested, Nesting, Object, Shape, Step, Type,
    Validator, Value, ValueError,
};

/// Returns the shape of a derived struct as an attribute.
pub fn object_shape(block: Block) -> Shape {
    let ty: Type = block.implied_type();
    let Block { attributes, blocks, rules, .. } = block;
    let blocks = blocks.into_iter().map(|block| block.name).collect();
    let nested = Nested { nesting: Nesting::Single, within: Vec::new(), attributes, rules, blocks };
    Shape { nested: Some(nested), ..Shape::of(ty) }
}

/// Operations of the generated code on a field of an attribute. All requirements on the field's type are in one place,
/// so that an unsuitable type causes a single error.
#[derive(Debug)]
pub struct Codec<T> {
    pub fields: Fields,
    pub shape: fn() -> Shape,
    pub read: fn(Value) -> Result<T, ValueError>,
    pub write: fn(T) -> Value,
}

/// The same operations for a field of blocks.
#[derive(Debug)]
pub struct BlockCodec<T> {
    pub fields: Fields,
    pub nesting: Nesting,
    pub block: fn() -> Block,
    pub read: fn(Value) -> Result<T, ValueError>,
    pub write: fn(T) -> Value,
}

/// The same operations for a flattened field.
#[derive(Debug)]
pub struct FlatCodec<T> {
    pub fields: Fields,
    pub block: fn() -> Block,
    pub read: fn(&mut BTreeMap<String, Value>) -> Result<T, ValueError>,
    pub write: fn(T, &mut BTreeMap<String, Value>),
}

/// Returns the operations for a field that a configuration may set.
#[track_caller]
pub const fn codec<T: AttributeValue>() -> Codec<T> {
    T::FIELDS.check_object();
    T::ELEMENTS.check_elements(false);
    Codec { fields: T::FIELDS, shape: T::shape, read: T::from_value, write: T::into_value }
}

/// Returns the operations for a field that only the provider sets.
#[track_caller]
pub const fn computed_codec<T: AttributeValue + Default>() -> Codec<T> {
    T::FIELDS.check_object();
    T::ELEMENTS.check_elements(true);
    Codec { fields: T::FIELDS, shape: T::shape, read: |_| Ok(T::default()), write: T::into_value }
}

pub const fn block_codec<T: BlockValue>() -> BlockCodec<T> {
    // The options of a block's fields are seen by hosts.
    let (fields, block) = (Fields::NONE, T::Block::block);
    BlockCodec { fields, nesting: T::NESTING, block, read: T::from_value, write: T::into_value }
}

pub const fn flat_codec<T: Object>() -> FlatCodec<T> {
    FlatCodec { fields: T::FIELDS, block: T::block, read: T::read_fields, write: T::write_fields }
}

/// Returns an attribute for its field's type, without flags.
#[cfg(test)]
pub fn attribute<T: AttributeValue>(name: &'static str, description: &'static str) -> Attribute {
    attribute_of(T::shape, name, description)
}

/// Returns an attribute of this shape, without flags.
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

/// Returns the value of `default = …`.
pub fn default_value(value: impl Into<Value>) -> Value {
    value.into()
}

/// Adds a constraint on a field's value to those of its type.
pub fn must(validators: &mut Vec<Validator>, validator: Validator) {
    let whole = validators.iter_mut().find_map(|known| match known {
        Validator::Whole { min, max } => Some((min, max)),
        _ => None,
    });
    match (validator, whole) {
        // Combined into one check with one complaint, for a type that is already limited to whole numbers.
        (Validator::Range { min, max }, Some((least, most))) => {
            (*least, *most) = (min.max(*least), max.min(*most));
        }
        (validator, _) => validators.push(validator),
    }
}

/// Returns the shape of a text that is one of these.
pub fn text_shape(texts: &'static [&'static str]) -> Shape {
    Shape { validators: vec![Validator::OneOf(texts)], ..Shape::of(Type::String) }
}

/// Returns the error for a text that is not one of these.
pub fn no_such_text(texts: &'static [&'static str]) -> ValueError {
    ValueError::new(format!("the value must be one of {}", crate::schema::quoted(texts, "or")))
}

/// Decodes a derived struct.
pub fn from_value<T: Object>(value: Value) -> Result<T, ValueError> {
    match super::present(value)? {
        Value::Map(mut values) => T::read_fields(&mut values),
        _ => Err(ValueError::expected(&Type::Object(BTreeMap::new()))),
    }
}

/// Returns the value of a derived struct.
pub fn into_value(object: impl Object) -> Value {
    let mut values = BTreeMap::new();
    object.write_fields(&mut values);
    Value::Map(values)
}

/// Takes the value of one field. Inlined, it would be repeated in the binary for each field of each struct.
#[inline(never)]
pub fn take<T>(
    values: &mut BTreeMap<String, Value>,
    name: &str,
    read: fn(Value) -> Result<T, ValueError>,
    first_error: &mut Option<ValueError>,
) -> Option<T> {
    let value = values.remove(name).unwrap_or_default();
    kept(read(value).map_err(|error| error.under(Step::Attribute(name.to_owned()))), first_error)
}

/// Keeps the error of a field if it is the first. A return at each field would repeat the code that drops the others.
pub fn kept<T>(result: Result<T, ValueError>, first_error: &mut Option<ValueError>) -> Option<T> {
    result
        .map_err(|error| {
            first_error.get_or_insert(error);
        })
        .ok()
}

/// Returns the error of a struct with a field that could not be read.
pub fn failed(first_error: Option<ValueError>) -> ValueError {
    first_error.unwrap_or_else(|| ValueError::new("a field could not be read"))
}

/// Adds the value of one field.
#[inline(never)]
pub fn put(values: &mut BTreeMap<String, Value>, name: &str, value: Value) {
    values.insert(name.to_owned(), value);
}
