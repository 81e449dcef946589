//! The rules that hosts enforce on a schema, checked before the schema is sent to a host.

use std::collections::BTreeSet;
use std::fmt;

use super::validator::check_all;
use super::{Attribute, Block, Nested, Nesting, Rule, Validator};
use crate::path::At;
use crate::value::{Type, Unknowns, Value};

const MALFORMED_NAME: &str = "the name must match ^[a-z_][a-z0-9_]*$";
const REPEATED_NAME: &str = "another attribute or block has this name";

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
    fn reserves(self, name: &str) -> bool {
        match name {
            "count" | "depends_on" | "for_each" | "lifecycle" | "locals" => true,
            "alias" | "source" | "version" => self == Self::Provider,
            "connection" | "provider" | "provisioner" => self == Self::DataSource,
            _ => false,
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
            rule(!kind.reserves(name), format_args!("{place}.{name}"), "hosts reserve this name")?;
        }
        self.check_fields(place)
    }

    /// Checks all rules except those on names that only data blocks and provider blocks reserve.
    pub(crate) fn check_fields(&self, place: &str) -> Result<(), SchemaError> {
        check_attributes(&self.attributes, place)?;
        let mut names: BTreeSet<_> = self.attributes.iter().map(|attribute| attribute.name).collect();
        for nested in &self.blocks {
            let rule = |kept, message| rule(kept, format_args!("{place}.{}", nested.name), message);
            rule(is_identifier(nested.name), MALFORMED_NAME)?;
            rule(names.insert(nested.name), REPEATED_NAME)?;
            let (min, max) = (nested.min_items, nested.max_items);
            let counts = match nested.nesting {
                Nesting::Single => (min, max) == (0, 0) || (min, max) == (1, 1),
                Nesting::Map => (min, max) == (0, 0),
                Nesting::List => max == 0 || min <= max,
                Nesting::Set => false,
            };
            rule(counts, "min_items and max_items do not fit the nesting")?;
            let dynamic = nested.nesting != Nesting::Single && nested.block.implied_type().has_dynamic();
            rule(!dynamic, "a repeated block cannot hold a value of any type")?;
            nested.block.check_fields(&format!("{place}.{}", nested.name))?;
        }
        check_rules(&self.rules, &names, place)
    }
}

fn check_rules(rules: &[Rule], names: &BTreeSet<&str>, place: &str) -> Result<(), SchemaError> {
    let mut arguments = rules.iter().flat_map(Rule::arguments);
    arguments.try_for_each(|name| {
        let known = names.contains(name);
        rule(known, format_args!("{place}.{name}"), "a rule names this argument, which does not exist")
    })
}

fn check_attributes(attributes: &[Attribute], place: &str) -> Result<(), SchemaError> {
    let mut names = BTreeSet::new();
    for attribute in attributes {
        let Attribute { name, required, optional, computed, nullable, .. } = *attribute;
        let (env, default) = (attribute.env.is_some(), &attribute.default);
        let rule = |kept, message: &str| rule(kept, format_args!("{place}.{name}"), message);
        rule(is_identifier(name), MALFORMED_NAME)?;
        rule(names.insert(name), REPEATED_NAME)?;
        rule(required || optional || computed, "it must be required, optional or computed")?;
        rule(!required || !optional && !computed, "required excludes optional and computed")?;
        let may_be_absent = !optional || nullable || default.is_some();
        rule(may_be_absent, "an optional attribute needs an Option, a Known or a default")?;
        let dynamic = attribute.ty != Type::Dynamic && attribute.ty.has_dynamic();
        rule(!dynamic, "collections and objects cannot hold values of any type")?;
        let scalar = matches!(attribute.ty, Type::String | Type::Number | Type::Bool);
        rule(!env || scalar, "env is for text, a number or a bool")?;
        rule(optional || !env && default.is_none(), "env and default are for optional arguments")?;
        for validator in &attribute.validators {
            validator.check_type(&attribute.ty).or_else(|message| rule(false, &message))?;
        }
        if let Some(default) = default {
            check_default(attribute, default).or_else(|message| rule(false, &message))?;
        }
        if let Some(nested) = &attribute.nested {
            let place = format!("{place}.{name}");
            nested.check(&place)?;
            if nested.nesting != Nesting::Single {
                check_elements(&nested.attributes, !required && !optional, &place)?;
            }
        }
    }
    Ok(())
}

/// Checks that a default is a value that a user may set.
fn check_default(attribute: &Attribute, default: &Value) -> Result<(), String> {
    default.conforms(&attribute.ty, Unknowns::Refused).map_err(|fault| format!("default: {fault}"))?;
    let mut complaint = None;
    check_all(&attribute.validators, default, &At::Root, false, &mut |_, found| complaint = Some(found));
    complaint.map_or(Ok(()), |complaint| Err(format!("default: {complaint}")))
}

/// Checks the fields of objects in a collection, as [`typed::fields`](crate::typed) does where the compiler knows them.
/// Hosts know only its plain type: a configuration has to set every field, and no field has flags of its own except
/// `sensitive`, which applies to the whole collection.
fn check_elements(fields: &[Attribute], computed: bool, place: &str) -> Result<(), SchemaError> {
    for field in fields {
        let rule = |kept, message| rule(kept, format_args!("{place}.{}", field.name), message);
        let given = field.required || field.optional;
        rule(
            field.deprecated.is_none(),
            "hosts do not see that a field of an object in a collection is deprecated: mark the collection instead",
        )?;
        rule(!computed || !given, "only the provider sets this collection, so its fields must be computed")?;
        rule(
            computed || field.required,
            "hosts require every field of an object in a collection, so it must be required (an Option if it may be null)",
        )?;
        if let Some(nested) = &field.nested {
            check_elements(&nested.attributes, computed, &format!("{place}.{}", field.name))?;
        }
    }
    Ok(())
}

impl Nested {
    pub(crate) fn check(&self, place: &str) -> Result<(), SchemaError> {
        self.blocks.iter().try_for_each(|name| {
            let message = "an attribute cannot hold blocks, and this field is one";
            rule(false, format_args!("{place}.{name}"), message)
        })?;
        check_attributes(&self.attributes, place)?;
        for Attribute { name, env, default, .. } in &self.attributes {
            let kept = env.is_none() && default.is_none();
            let place = format_args!("{place}.{name}");
            rule(kept, place, "env and default are for arguments of blocks")?;
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

pub(crate) fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    starts && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Returns an error with this message unless the rule is kept.
pub(crate) fn rule(kept: bool, place: impl fmt::Display, message: &str) -> Result<(), SchemaError> {
    let error = || SchemaError { place: place.to_string(), message: message.to_owned() };
    if kept { Ok(()) } else { Err(error()) }
}
