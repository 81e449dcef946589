//! From a test's JSON to what a host sends: values of the types that the provider's schema gives.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::HostError;
use crate::proto::tfplugin6 as wire;
use crate::value::{Type, Value, ValueError};

pub(super) fn parse_type(json: &[u8]) -> Result<Type, HostError> {
    let json: Json = serde_json::from_slice(json).map_err(HostError::from_error)?;
    Type::from_json(&json).map_err(HostError::new)
}

/// A configuration as hosts send it: blocks that it does not have are empty collections.
pub(super) fn with_blocks(config: &Json, schema: Option<&wire::Schema>) -> Json {
    fn fill(config: &mut Json, block: &wire::schema::Block) {
        use wire::schema::nested_block::NestingMode;
        let Json::Object(values) = config else { return };
        for nested in &block.block_types {
            let value = values.entry(&*nested.type_name).or_insert_with(|| match nested.nesting() {
                NestingMode::List | NestingMode::Set => Json::Array(Vec::new()),
                NestingMode::Map => Json::Object(serde_json::Map::new()),
                _ => Json::Null,
            });
            let Some(block) = &nested.block else { continue };
            match (nested.nesting(), value) {
                (NestingMode::Map, Json::Object(blocks)) => {
                    blocks.values_mut().for_each(|it| fill(it, block));
                }
                (_, Json::Array(blocks)) => blocks.iter_mut().for_each(|it| fill(it, block)),
                (_, value) => fill(value, block),
            }
        }
    }
    let mut config = config.clone();
    if let Some(block) = schema.and_then(|schema| schema.block.as_ref()) {
        fill(&mut config, block);
    }
    config
}

/// The type of a value of a schema from the wire.
pub(super) fn implied_type(schema: Option<&wire::Schema>) -> Result<Type, HostError> {
    let block = schema.and_then(|schema| schema.block.as_ref());
    block_type(block.ok_or_else(|| HostError::new("there is no such schema"))?)
}

fn block_type(block: &wire::schema::Block) -> Result<Type, HostError> {
    use wire::schema::nested_block::NestingMode;
    let mut attributes = attribute_types(&block.attributes)?;
    for nested in &block.block_types {
        let inner =
            Box::new(block_type(nested.block.as_ref().ok_or_else(|| HostError::new("a block is unset"))?)?);
        let ty = match nested.nesting() {
            NestingMode::Single | NestingMode::Group => *inner,
            NestingMode::List => Type::List(inner),
            NestingMode::Set => Type::Set(inner),
            NestingMode::Map => Type::Map(inner),
            NestingMode::Invalid => return Err(HostError::new("a block has no nesting")),
        };
        attributes.insert(nested.type_name.clone(), ty);
    }
    Ok(Type::Object(attributes))
}

fn attribute_types(attributes: &[wire::schema::Attribute]) -> Result<BTreeMap<String, Type>, HostError> {
    use wire::schema::object::NestingMode;
    let attributes = attributes.iter().map(|attribute| {
        let ty = match &attribute.nested_type {
            None => parse_type(&attribute.r#type)?,
            Some(object) => {
                let inner = Box::new(Type::Object(attribute_types(&object.attributes)?));
                match object.nesting() {
                    NestingMode::Single => *inner,
                    NestingMode::List => Type::List(inner),
                    NestingMode::Set => Type::Set(inner),
                    NestingMode::Map => Type::Map(inner),
                    NestingMode::Invalid => return Err(HostError::new("an attribute has no nesting")),
                }
            }
        };
        Ok((attribute.name.clone(), ty))
    });
    attributes.collect()
}

/// A value whose type no parameter tells.
pub(super) fn untyped(json: &Json) -> Result<Value, ValueError> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(_) => Value::from_json(json, &Type::Bool)?,
        Json::Number(_) => Value::from_json(json, &Type::Number)?,
        Json::String(_) => Value::from_json(json, &Type::String)?,
        Json::Array(elements) => Value::List(elements.iter().map(untyped).collect::<Result<_, _>>()?),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, json)| Ok((key.clone(), untyped(json)?)));
            Value::Map(entries.collect::<Result<_, ValueError>>()?)
        }
    })
}
