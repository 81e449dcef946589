//! Where a configuration is not known yet and its Rust type could not say so.

use std::collections::BTreeMap;

use super::{Attribute, Block, Nested, validate::each};
use crate::path::{AttributePath, Step};
use crate::value::Value;

impl Block {
    /// The paths to every unknown value that the block's Rust type has no place for.
    pub fn unknowns(&self, config: &Value) -> Vec<AttributePath> {
        let mut found = Vec::new();
        self.unknowns_at(config, &AttributePath::default(), &mut found);
        found
    }

    fn unknowns_at(&self, config: &Value, path: &AttributePath, found: &mut Vec<AttributePath>) {
        let Value::Map(values) = config else {
            anywhere(config, path, found);
            return;
        };
        in_attributes(&self.attributes, values, path, found);
        for nested in &self.blocks {
            let Some(value) = values.get(nested.name) else { continue };
            let path = path.clone().then(Step::Attribute(nested.name.to_owned()));
            if *value == Value::Unknown {
                found.push(path);
            } else {
                each(value, nested.nesting, &path, |value, path| {
                    nested.block.unknowns_at(value, path, found);
                });
            }
        }
    }
}

fn in_attributes(
    attributes: &[Attribute],
    values: &BTreeMap<String, Value>,
    path: &AttributePath,
    found: &mut Vec<AttributePath>,
) {
    for attribute in attributes {
        if let Some(value) = values.get(attribute.name) {
            let path = path.clone().then(Step::Attribute(attribute.name.to_owned()));
            in_attribute(attribute, value, &path, found);
        }
    }
}

fn in_attribute(attribute: &Attribute, value: &Value, path: &AttributePath, found: &mut Vec<AttributePath>) {
    match (value, &attribute.nested) {
        _ if attribute.unknown.value => {}
        (Value::Map(_) | Value::List(_), _) if attribute.unknown.elements => {}
        (Value::Map(_) | Value::List(_), Some(Nested { nesting, attributes })) => {
            each(value, *nesting, path, |value, path| match value {
                Value::Map(values) => in_attributes(attributes, values, path, found),
                value => anywhere(value, path, found),
            });
        }
        _ => anywhere(value, path, found),
    }
}

fn anywhere(value: &Value, path: &AttributePath, found: &mut Vec<AttributePath>) {
    match value {
        Value::Unknown => found.push(path.clone()),
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                anywhere(element, &path.clone().then(Step::Index(index)), found);
            }
        }
        Value::Map(entries) => {
            for (key, element) in entries {
                anywhere(element, &path.clone().then(Step::Key(key.clone())), found);
            }
        }
        Value::Dynamic(typed) => anywhere(&typed.1, path, found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
