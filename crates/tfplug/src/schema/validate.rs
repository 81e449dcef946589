//! Validation of a configuration against its schema. Null and unknown parts are skipped: the host completes them later.

use std::collections::BTreeMap;

use super::validator::check_all;
use super::{Attribute, Block, Nested, NestedBlock, Nesting, Rule};
use crate::path::At;
use crate::{Diagnostic, Diagnostics, Value};

type Values = BTreeMap<String, Value>;

impl Block {
    /// Returns every error in a configuration of this block.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        self.validate_at(config, &At::Root, &mut diagnostics);
        if diagnostics.is_empty() {
            return diagnostics;
        }
        let ty = self.implied_type();
        let addressed = |it: Diagnostic| Diagnostic { path: it.path.map(|path| ty.addressable(path)), ..it };
        diagnostics.into_iter().map(addressed).collect()
    }

    fn validate_at(&self, config: &Value, at: &At<'_>, diagnostics: &mut Diagnostics) {
        if let Value::Map(values) = config {
            self.validate_values(values, at, diagnostics);
        }
    }

    /// Returns every error in the arguments of a function whose parameters are this block.
    pub(crate) fn validate_arguments(&self, arguments: &Values) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        self.validate_values(arguments, &At::Root, &mut diagnostics);
        diagnostics
    }

    fn validate_values(&self, values: &Values, at: &At<'_>, diagnostics: &mut Diagnostics) {
        for attribute in &self.attributes {
            attribute.validate_in(values, at, false, diagnostics);
        }
        for nested in &self.blocks {
            nested.validate_in(values, at, diagnostics);
        }
        validate_rules(&self.rules, &self.blocks, values, at, diagnostics);
    }
}

impl NestedBlock {
    fn validate_in(&self, values: &Values, at: &At<'_>, diagnostics: &mut Diagnostics) {
        let Some(value) = values.get(self.name) else { return };
        let at = At::Attribute(at, self.name);
        if let Some((summary, complaint)) = self.miscounted(value) {
            diagnostics.push(Diagnostic::error(summary, complaint).at(at.path()));
        }
        each(value, &[self.nesting], &at, &mut |value, at| self.block.validate_at(value, at, diagnostics));
    }
}

impl NestedBlock {
    /// Returns an error if there are too few or too many of these blocks. Not every host counts them.
    fn miscounted(&self, value: &Value) -> Option<(&'static str, String)> {
        let name = self.name;
        let count = match value {
            Value::Null => 0,
            Value::List(blocks) => blocks.len(),
            Value::Map(blocks) if self.nesting == Nesting::Map => blocks.len(),
            Value::Unknown => return None,
            _ => 1,
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let (min, max) = (self.min_items, self.max_items);
        let blocks = |count| if count == 1 { "block" } else { "blocks" };
        if count < min {
            let detail =
                format!("At least {min} `{name}` {} must be set, and there are {count}.", blocks(min));
            Some(("Too few blocks", detail))
        } else if max != 0 && count > max {
            let detail = format!("At most {max} `{name}` {} can be set, and there are {count}.", blocks(max));
            Some(("Too many blocks", detail))
        } else {
            None
        }
    }
}

impl Attribute {
    fn validate_in(&self, values: &Values, at: &At<'_>, secret: bool, diagnostics: &mut Diagnostics) {
        let Some(value) = values.get(self.name).filter(|value| !value.is_null()) else { return };
        let at = At::Attribute(at, self.name);
        // Hosts leave this check to the provider; without it they would silently replace the value with the one that is
        // read.
        if self.computed && !self.optional && !self.required {
            let detail = format!("`{}` comes from the provider; a configuration cannot set it.", self.name);
            diagnostics.push(Diagnostic::error("Read-only attribute", detail).at(at.path()));
            return;
        }
        let secret = secret || self.sensitive;
        check_all(&self.validators, value, &at, secret, &mut |at, complaint| {
            let detail = format!("{complaint}.");
            diagnostics.push(Diagnostic::error("Invalid argument value", detail).at(at.path()));
        });
        if let Some(Nested { nesting, within, attributes, rules, .. }) = &self.nested {
            let mut visit = |value: &Value, at: &At<'_>| {
                let Value::Map(values) = value else { return };
                for attribute in attributes {
                    attribute.validate_in(values, at, secret, diagnostics);
                }
                validate_rules(rules, &[], values, at, diagnostics);
            };
            each(value, &[*nesting], &at, &mut |value, at| each(value, within, at, &mut visit));
        }
    }
}

fn validate_rules(
    rules: &[Rule],
    blocks: &[NestedBlock],
    values: &Values,
    at: &At<'_>,
    diagnostics: &mut Diagnostics,
) {
    let is_set = |name: &str| {
        let repeated = || blocks.iter().any(|block| block.name == name && block.nesting != Nesting::Single);
        match values.get(name).map(Value::without_type) {
            Some(Value::Unknown) => None,
            Some(Value::Null) | None => Some(false),
            // Hosts send missing blocks as empty collections.
            Some(Value::List(blocks)) if repeated() => Some(!blocks.is_empty()),
            Some(Value::Map(blocks)) if repeated() => Some(!blocks.is_empty()),
            Some(_) => Some(true),
        }
    };
    for rule in rules {
        if let Some((argument, complaint)) = rule.complaint(is_set) {
            let error = Diagnostic::error("Invalid combination of arguments", format!("{complaint}."));
            diagnostics.push(match argument {
                Some(name) => error.at(At::Attribute(at, name).path()),
                None => error.at(at.path()),
            });
        }
    }
}

/// Visits the values below these nestings, the outermost first. A null or unknown value on the path is itself visited.
pub(super) fn each(value: &Value, nestings: &[Nesting], at: &At<'_>, visit: &mut dyn FnMut(&Value, &At<'_>)) {
    let Some((nesting, within)) = nestings.split_first() else { return visit(value, at) };
    match (nesting, value) {
        (Nesting::List, Value::List(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                each(element, within, &At::Index(at, index), visit);
            }
        }
        (Nesting::Map, Value::Map(entries)) => {
            for (key, element) in entries {
                each(element, within, &At::Key(at, key), visit);
            }
        }
        // Elements of a set have no path.
        (Nesting::Set, Value::List(elements)) => {
            for element in elements {
                each(element, within, at, visit);
            }
        }
        (Nesting::Single, value) => each(value, within, at, visit),
        (Nesting::List | Nesting::Map | Nesting::Set, value) => visit(value, at),
    }
}
