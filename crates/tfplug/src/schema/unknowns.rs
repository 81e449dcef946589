//! Unknown values of a configuration that its Rust type cannot represent.

use std::collections::BTreeMap;

use super::{Attribute, Block, Nested, validate::each};
use crate::path::{At, AttributePath};
use crate::value::Value;

impl Block {
    /// Returns the path to every unknown value that the block's Rust type cannot represent.
    pub fn unknowns(&self, config: &Value) -> Vec<AttributePath> {
        let mut found = Vec::new();
        self.unknowns_at(config, &At::Root, &mut found);
        if found.is_empty() {
            return found;
        }
        let ty = self.implied_type();
        found.into_iter().map(|path| ty.addressable(path)).collect()
    }

    fn unknowns_at(&self, config: &Value, at: &At<'_>, found: &mut Vec<AttributePath>) {
        let Value::Map(values) = config else {
            anywhere(config, at, found);
            return;
        };
        in_attributes(&self.attributes, values, at, found);
        for nested in &self.blocks {
            let Some(value) = values.get(nested.name) else { continue };
            let at = At::Attribute(at, nested.name);
            each(value, &[nested.nesting], &at, &mut |value, at| nested.block.unknowns_at(value, at, found));
        }
    }
}

fn in_attributes(
    attributes: &[Attribute],
    values: &BTreeMap<String, Value>,
    at: &At<'_>,
    found: &mut Vec<AttributePath>,
) {
    for attribute in attributes {
        let Some(value) = values.get(attribute.name) else { continue };
        let at = &At::Attribute(at, attribute.name);
        match (value, &attribute.nested) {
            _ if attribute.unknown.value => {}
            (Value::Map(_) | Value::List(_), _) if attribute.unknown.elements => {}
            (Value::Map(_) | Value::List(_), Some(Nested { nesting, within, attributes, .. })) => {
                let mut visit = |value: &Value, at: &At<'_>| match value {
                    Value::Map(values) => in_attributes(attributes, values, at, found),
                    value => anywhere(value, at, found),
                };
                each(value, &[*nesting], at, &mut |value, at| each(value, within, at, &mut visit));
            }
            _ => anywhere(value, at, found),
        }
    }
}

fn anywhere(value: &Value, at: &At<'_>, found: &mut Vec<AttributePath>) {
    match value {
        Value::Unknown => found.push(at.path()),
        Value::Dynamic(typed) => anywhere(&typed.1, at, found),
        value => value.parts(at).for_each(|(at, part)| anywhere(part, &at, found)),
    }
}
