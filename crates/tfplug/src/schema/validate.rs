//! Validation of a configuration against its schema. Null and unknown parts are skipped: the host completes them later.

use std::collections::BTreeMap;

use super::validator::check_all;
use super::{Attribute, Block, Nested, NestedBlock, Nesting, Rule};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::{At, AttributePath};
use crate::value::{INVALID_VALUE, Value, ValueError};

type Values = BTreeMap<String, Value>;

/// An error in a configuration: its summary, its place and its sentence.
type Found = (&'static str, AttributePath, String);

impl Block {
    /// Returns every error in a configuration of this block.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        match config {
            Value::Map(values) => self.validate_values(values),
            _ => Diagnostics::new(),
        }
    }

    /// Returns every error in the values of a configuration, or in the arguments of a function.
    pub(crate) fn validate_values(&self, values: &Values) -> Diagnostics {
        let mut found = Vec::new();
        self.validate_at(values, &At::Root, &mut found);
        if found.is_empty() {
            return Diagnostics::new();
        }
        let ty = self.implied_type();
        let diagnostic = |(summary, path, complaint)| {
            let error = ValueError { path: ty.addressable(path), ..ValueError::new(complaint) };
            Diagnostic::error(summary, error.sentence()).at(error.path)
        };
        found.into_iter().map(diagnostic).collect()
    }

    fn validate_at(&self, values: &Values, at: &At<'_>, found: &mut Vec<Found>) {
        for attribute in &self.attributes {
            attribute.validate_in(values, at, false, found);
        }
        for nested in &self.blocks {
            let Some(value) = values.get(nested.name) else { continue };
            let at = At::Attribute(at, nested.name);
            if let Some((summary, complaint)) = nested.miscounted(value) {
                found.push((summary, at.path(), complaint));
            }
            each(value, &[nested.nesting], &at, &mut |value, at| {
                if let Value::Map(values) = value {
                    nested.block.validate_at(values, at, found);
                }
            });
        }
        validate_rules(&self.rules, &self.blocks, values, at, found);
    }
}

impl NestedBlock {
    /// Returns an error if there are too few or too many of these blocks. Not every host counts them.
    fn miscounted(&self, value: &Value) -> Option<(&'static str, String)> {
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
        let but = format!("but there {} {count}", if count == 1 { "is" } else { "are" });
        if count < min {
            Some(("Too few blocks", format!("at least {min} {} must be set, {but}", blocks(min))))
        } else if max != 0 && count > max {
            Some(("Too many blocks", format!("at most {max} {} can be set, {but}", blocks(max))))
        } else {
            None
        }
    }
}

impl Attribute {
    fn validate_in(&self, values: &Values, at: &At<'_>, secret: bool, found: &mut Vec<Found>) {
        let Some(value) = values.get(self.name).filter(|value| !value.is_null()) else { return };
        let at = At::Attribute(at, self.name);
        // Hosts leave this check to the provider; without it they would silently replace the value with the one that is
        // read.
        if self.computed && !self.optional && !self.required {
            let complaint = "the value comes from the provider; a configuration cannot set it".to_owned();
            found.push(("Read-only attribute", at.path(), complaint));
            return;
        }
        let secret = secret || self.sensitive;
        check_all(&self.validators, value, &at, secret, &mut |at, complaint| {
            found.push((INVALID_VALUE, at.path(), complaint));
        });
        if let Some(Nested { nesting, within, attributes, rules, .. }) = &self.nested {
            let mut visit = |value: &Value, at: &At<'_>| {
                let Value::Map(values) = value else { return };
                for attribute in attributes {
                    attribute.validate_in(values, at, secret, found);
                }
                validate_rules(rules, &[], values, at, found);
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
    found: &mut Vec<Found>,
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
            let path = argument.map_or_else(|| at.path(), |name| At::Attribute(at, name).path());
            found.push(("Invalid combination of arguments", path, complaint));
        }
    }
}

/// Visits the values below these nestings, the outermost first. A null or unknown value on the path is itself visited.
pub(super) fn each(value: &Value, nestings: &[Nesting], at: &At<'_>, visit: &mut dyn FnMut(&Value, &At<'_>)) {
    let Some((nesting, within)) = nestings.split_first() else { return visit(value, at) };
    match (nesting, value) {
        (Nesting::List, Value::List(_)) | (Nesting::Map, Value::Map(_)) => {
            value.parts(at).for_each(|(at, part)| each(part, within, &at, visit));
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
