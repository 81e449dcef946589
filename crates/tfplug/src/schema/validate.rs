//! A configuration against its schema. Null and unknown parts are passed over: the host completes them later.

use std::collections::BTreeMap;

use super::{Attribute, Block, Nested};
use crate::path::{AttributePath, Step};
use crate::{Diagnostic, Diagnostics, Value};

impl Block {
    /// Every complaint about a configuration of this block.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        self.validate_at(config, &AttributePath::default(), &mut diagnostics);
        diagnostics
    }

    fn validate_at(&self, config: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        let Value::Map(values) = config else { return };
        validate_attributes(&self.attributes, values, path, diagnostics);
        for nested in &self.blocks {
            let path = path.clone().then(Step::Attribute(nested.name.to_owned()));
            let Some(value) = values.get(nested.name) else { continue };
            let count = match value {
                Value::List(blocks) => blocks.len(),
                Value::Map(_) => 1,
                _ => 0,
            };
            let max = usize::try_from(nested.max_items).unwrap_or(usize::MAX);
            if max != 0 && count > max && nested.nesting != super::Nesting::Map {
                let detail =
                    format!("There can be at most {max} `{}` blocks, and there are {count}.", nested.name);
                diagnostics.push(Diagnostic::error("Too many blocks", detail).at(path.clone()));
            }
            each(value, nested.nesting, &path, |value, path| {
                nested.block.validate_at(value, path, diagnostics);
            });
        }
        for rule in &self.rules {
            let is_set = |name: &str| match values.get(name) {
                Some(Value::Unknown) => None,
                Some(Value::Null) | None => Some(false),
                Some(Value::List(blocks)) => Some(!blocks.is_empty()),
                Some(_) => Some(true),
            };
            if let Some((argument, complaint)) = rule.complaint(is_set) {
                let error = Diagnostic::error("Invalid combination of arguments", format!("{complaint}."));
                diagnostics.push(match argument {
                    Some(name) => error.at(path.clone().then(Step::Attribute(name.to_owned()))),
                    None => error.at(path.clone()),
                });
            }
        }
    }
}

impl Attribute {
    /// What the value of this attribute does not fulfil, each a sentence without its full stop.
    pub(crate) fn complaints(&self, value: &Value) -> impl Iterator<Item = String> {
        self.validators.iter().filter_map(|validator| validator.complaint(value))
    }
}

fn validate_attributes(
    attributes: &[Attribute],
    values: &BTreeMap<String, Value>,
    path: &AttributePath,
    diagnostics: &mut Diagnostics,
) {
    for attribute in attributes {
        let Some(value) = values.get(attribute.name) else { continue };
        if value.is_null() {
            continue;
        }
        let here = || path.clone().then(Step::Attribute(attribute.name.to_owned()));
        // Hosts leave this to the provider, and would keep the value that it reads instead without a word.
        if attribute.computed && !attribute.optional && !attribute.required {
            let detail =
                format!("`{}` comes from the provider; a configuration cannot set it.", attribute.name);
            diagnostics.push(Diagnostic::error("Read-only attribute", detail).at(here()));
            continue;
        }
        for complaint in attribute.complaints(value) {
            diagnostics.push(Diagnostic::error("Invalid argument value", format!("{complaint}.")).at(here()));
        }
        if let Some(Nested { nesting, attributes }) = &attribute.nested {
            each(value, *nesting, &here(), |value, path| {
                if let Value::Map(values) = value {
                    validate_attributes(attributes, values, path, diagnostics);
                }
            });
        }
    }
}

/// Visits the objects that a value of the nesting holds.
pub(super) fn each(
    value: &Value,
    nesting: super::Nesting,
    path: &AttributePath,
    mut visit: impl FnMut(&Value, &AttributePath),
) {
    match (nesting, value) {
        (super::Nesting::List, Value::List(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                visit(element, &path.clone().then(Step::Index(index)));
            }
        }
        (super::Nesting::Map, Value::Map(entries)) => {
            for (key, element) in entries {
                visit(element, &path.clone().then(Step::Key(key.clone())));
            }
        }
        (super::Nesting::Single, value) => visit(value, path),
        _ => {}
    }
}
