//! The rules that hosts enforce on a schema, checked before the schema is sent to a host.

use std::collections::BTreeSet;
use std::fmt;

use super::validator::check_all;
use super::{Attribute, Block, Nested, Nesting, Rule, Validator};
use crate::path::At;
use crate::value::Unknowns;
use crate::{Type, Value};

/// Reason why hosts would reject a schema. It is an error of the provider's author.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaError {
    /// Path of the attribute or block from the root: `timeouts.read`.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for SchemaError {}

/// Kind of a block of the configuration, which determines the names that hosts reserve in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The provider's block.
    Provider,
    /// A data source's block.
    DataSource,
}

impl Place {
    fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Provider => {
                &["alias", "count", "depends_on", "for_each", "lifecycle", "locals", "source", "version"]
            }
            Self::DataSource => &[
                "connection",
                "count",
                "depends_on",
                "for_each",
                "lifecycle",
                "locals",
                "provider",
                "provisioner",
            ],
        }
    }
}

impl Block {
    /// Checks the rules of the hosts, and those of this crate.
    ///
    /// # Errors
    /// Returns an error for the first rule that is violated.
    pub fn check(&self, kind: Place, place: &str) -> Result<(), SchemaError> {
        for name in self.attributes.iter().map(|a| a.name).chain(self.blocks.iter().map(|b| b.name)) {
            if kind.reserved().contains(&name) {
                return Err(error(place, name, "hosts reserve this name"));
            }
        }
        self.check_fields(place)
    }

    /// Checks all rules except those on names that only data blocks and provider blocks reserve.
    pub(crate) fn check_fields(&self, place: &str) -> Result<(), SchemaError> {
        check_attributes(&self.attributes, place)?;
        let mut names: BTreeSet<_> = self.attributes.iter().map(|attribute| attribute.name).collect();
        for nested in &self.blocks {
            check_name(place, nested.name)?;
            if !names.insert(nested.name) {
                return Err(error(place, nested.name, "another attribute or block has this name"));
            }
            let (min, max) = (nested.min_items, nested.max_items);
            let counts = match nested.nesting {
                Nesting::Single => (min, max) == (0, 0) || (min, max) == (1, 1),
                Nesting::Map => (min, max) == (0, 0),
                Nesting::List => max == 0 || min <= max,
                Nesting::Set => false,
            };
            if !counts {
                return Err(error(place, nested.name, "min_items and max_items do not fit the nesting"));
            }
            if nested.nesting != Nesting::Single && nested.block.implied_type().has_dynamic() {
                return Err(error(place, nested.name, "a repeated block cannot hold a value of any type"));
            }
            nested.block.check_fields(&format!("{place}.{}", nested.name))?;
        }
        check_rules(&self.rules, &names, place)
    }
}

fn check_rules(rules: &[Rule], names: &BTreeSet<&str>, place: &str) -> Result<(), SchemaError> {
    match rules.iter().flat_map(Rule::arguments).find(|name| !names.contains(*name)) {
        Some(name) => Err(error(place, name, "a rule names this argument, which does not exist")),
        None => Ok(()),
    }
}

fn check_attributes(attributes: &[Attribute], place: &str) -> Result<(), SchemaError> {
    let mut names = BTreeSet::new();
    for attribute in attributes {
        let name = attribute.name;
        check_name(place, name)?;
        if !names.insert(name) {
            return Err(error(place, name, "another attribute or block has this name"));
        }
        if !(attribute.required || attribute.optional || attribute.computed) {
            return Err(error(place, name, "it must be required, optional or computed"));
        }
        if attribute.required && (attribute.optional || attribute.computed) {
            return Err(error(place, name, "required excludes optional and computed"));
        }
        if attribute.optional && !attribute.nullable && attribute.default.is_none() {
            return Err(error(place, name, "an optional attribute needs an Option, a Known or a default"));
        }
        if attribute.ty != Type::Dynamic && attribute.ty.has_dynamic() {
            return Err(error(place, name, "collections and objects cannot hold values of any type"));
        }
        if attribute.env.is_some() && !matches!(attribute.ty, Type::String | Type::Number | Type::Bool) {
            return Err(error(place, name, "env is for text, a number or a bool"));
        }
        if (attribute.env.is_some() || attribute.default.is_some()) && !attribute.optional {
            return Err(error(place, name, "env and default are for optional arguments"));
        }
        for validator in &attribute.validators {
            validator.check_type(&attribute.ty).map_err(|message| error(place, name, &message))?;
        }
        if let Some(default) = &attribute.default {
            check_default(attribute, default).map_err(|message| error(place, name, &message))?;
        }
        if let Some(nested) = &attribute.nested {
            let place = format!("{place}.{name}");
            nested.check(&place)?;
            if nested.nesting != Nesting::Single {
                check_elements(&nested.attributes, !attribute.required && !attribute.optional, &place)?;
            }
        }
    }
    Ok(())
}

/// Checks that a default is a value that a user may set.
fn check_default(attribute: &Attribute, default: &Value) -> Result<(), String> {
    default.conforms(&attribute.ty, Unknowns::Refused).map_err(|fault| format!("default: {fault}"))?;
    let mut complaints = Vec::new();
    check_all(&attribute.validators, default, &At::Root, false, &mut |_, complaint| {
        complaints.push(complaint);
    });
    complaints.pop().map_or(Ok(()), |complaint| Err(format!("default: {complaint}")))
}

/// Checks the fields of objects in a collection, as [`typed::fields`](crate::typed) does where the compiler knows them.
/// Hosts know only its plain type: a configuration has to set every field, and no field has flags of its own except
/// `sensitive`, which applies to the whole collection.
fn check_elements(fields: &[Attribute], computed: bool, place: &str) -> Result<(), SchemaError> {
    for field in fields {
        let complaint = if field.deprecated.is_some() {
            "hosts do not see that a field of an object in a collection is deprecated: mark the collection instead"
        } else if computed && (field.required || field.optional) {
            "only the provider sets this collection, so its fields must be computed"
        } else if !computed && !field.required {
            "hosts require every field of an object in a collection, so it must be required (an Option if it may be null)"
        } else {
            if let Some(nested) = &field.nested {
                check_elements(&nested.attributes, computed, &format!("{place}.{}", field.name))?;
            }
            continue;
        };
        return Err(error(place, field.name, complaint));
    }
    Ok(())
}

impl Nested {
    pub(crate) fn check(&self, place: &str) -> Result<(), SchemaError> {
        if let Some(name) = self.blocks.first() {
            return Err(error(place, name, "an attribute cannot hold blocks, and this field is one"));
        }
        check_attributes(&self.attributes, place)?;
        if let Some(field) =
            self.attributes.iter().find(|field| field.env.is_some() || field.default.is_some())
        {
            return Err(error(place, field.name, "env and default are for arguments of blocks"));
        }
        let names = self.attributes.iter().map(|attribute| attribute.name).collect();
        check_rules(&self.rules, &names, place)
    }
}

impl Validator {
    /// Returns an error if values of the type cannot satisfy the validator, or cannot violate it.
    fn check_type(&self, ty: &Type) -> Result<(), String> {
        let collection = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_));
        let (of, applies, empty) = match self {
            Self::Pattern(pattern) => {
                pattern.regex().map_err(|malformed| format!("its pattern is malformed: {malformed}"))?;
                ("a pattern applies to text", *ty == Type::String, false)
            }
            Self::Text(_) => ("validate with a function of &str applies to text", *ty == Type::String, false),
            Self::OneOf(allowed) => ("one_of applies to text", *ty == Type::String, allowed.is_empty()),
            Self::Length { min, max } => {
                ("a length applies to text or a collection", collection || *ty == Type::String, min > max)
            }
            Self::Range { min, max } | Self::Whole { min, max } => {
                ("a range applies to a number", *ty == Type::Number, min > max)
            }
            Self::Each(validators) => match ty {
                Type::List(element) | Type::Set(element) | Type::Map(element) => {
                    return validators.iter().try_for_each(|validator| validator.check_type(element));
                }
                _ => ("validators of elements apply to a collection", false, false),
            },
            Self::Custom(_) => return Ok(()),
        };
        if !applies {
            return Err(format!("{of}, but the attribute is {}", ty.friendly_name()));
        }
        if empty { Err("no value can satisfy it".to_owned()) } else { Ok(()) }
    }
}

fn check_name(place: &str, name: &str) -> Result<(), SchemaError> {
    if is_identifier(name) {
        Ok(())
    } else {
        Err(error(place, name, "the name must match ^[a-z_][a-z0-9_]*$"))
    }
}

pub(crate) fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    starts && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn error(place: &str, name: &str, message: &str) -> SchemaError {
    SchemaError { place: format!("{place}.{name}"), message: message.to_owned() }
}
