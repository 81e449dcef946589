//! What the derive macro calls, so that the code it writes stays short.

use super::{
    Attribute, AttributeValue, BTreeMap, Block, Nested, Nesting, Object, Shape, Step, Type, Validator, Value,
    ValueError,
};

/// The shape of a derived struct as an attribute.
pub fn object_shape(block: Block) -> Shape {
    let ty: Type = block.implied_type();
    let Block { attributes, blocks, rules, .. } = block;
    let blocks = blocks.into_iter().map(|block| block.name).collect();
    let nested = Nested { nesting: Nesting::Single, within: Vec::new(), attributes, rules, blocks };
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

/// Adds what a field's value must fulfil beyond what its type demands.
pub fn must(attribute: &mut Attribute, validator: Validator) {
    let whole = attribute.validators.iter_mut().find_map(|known| match known {
        Validator::Whole { min, max } => Some((min, max)),
        _ => None,
    });
    match (validator, whole) {
        // One check with one complaint, for a number that is whole already.
        (Validator::Range { min, max }, Some((least, most))) => {
            (*least, *most) = (min.max(*least), max.min(*most));
        }
        (validator, _) => attribute.validators.push(validator),
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
pub fn take<T: AttributeValue>(values: &mut BTreeMap<String, Value>, name: &str) -> Result<T, ValueError> {
    let value = values.remove(name).unwrap_or_default();
    T::from_value(value).map_err(|error| error.under(Step::Attribute(name.to_owned())))
}
