//! Conversion of a test's JSON to the values that a host sends, with the types of the provider's schema.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::HostError;
use crate::proto::tfplugin6 as wire;
use crate::value::{Type, Value, ValueError};

pub(super) fn parse_type(json: &[u8]) -> Result<Type, HostError> {
    let json: Json = serde_json::from_slice(json).map_err(HostError::from_error)?;
    Type::from_json(&json).map_err(HostError::new)
}

/// Returns a configuration as Terraform sends it, or the reason why Terraform would not: a missing argument or field of
/// an object. Missing blocks become empty collections, and texts, numbers and booleans are converted to one another.
pub(super) fn as_sent(config: &Json, schema: Option<&wire::Schema>) -> Result<Json, HostError> {
    let mut config = config.clone();
    if let Some(block) = schema.and_then(|schema| schema.block.as_ref()) {
        send_block(&mut config, block, "")?;
    }
    Ok(config)
}

fn send_block(config: &mut Json, block: &wire::schema::Block, place: &str) -> Result<(), HostError> {
    use wire::schema::nested_block::NestingMode;
    let Json::Object(values) = config else { return Ok(()) };
    send_attributes(values, &block.attributes, place)?;
    for nested in &block.block_types {
        let value = values.entry(&*nested.type_name).or_insert_with(|| match nested.nesting() {
            NestingMode::List | NestingMode::Set => Json::Array(Vec::new()),
            NestingMode::Map => Json::Object(serde_json::Map::new()),
            _ => Json::Null,
        });
        let Some(block) = &nested.block else { continue };
        let place = format!("{place}{}.", nested.type_name);
        match (nested.nesting(), value) {
            (NestingMode::Map, Json::Object(blocks)) => {
                blocks.values_mut().try_for_each(|it| send_block(it, block, &place))?;
            }
            (_, Json::Array(blocks)) => blocks.iter_mut().try_for_each(|it| send_block(it, block, &place))?,
            (_, value) => send_block(value, block, &place)?,
        }
    }
    Ok(())
}

fn send_attributes(
    values: &mut serde_json::Map<String, Json>,
    attributes: &[wire::schema::Attribute],
    place: &str,
) -> Result<(), HostError> {
    use wire::schema::object::NestingMode;
    for attribute in attributes {
        let name = &attribute.name;
        let Some(value) = values.get_mut(name) else {
            if attribute.required {
                return Err(HostError::new(format!("the argument `{place}{name}` is required")));
            }
            continue;
        };
        let place = format!("{place}{name}");
        match &attribute.nested_type {
            None => send_value(value, &parse_type(&attribute.r#type)?, &place)?,
            Some(object) => {
                let objects: Vec<&mut Json> = match (object.nesting(), value) {
                    (NestingMode::Map, Json::Object(objects)) => objects.values_mut().collect(),
                    (NestingMode::List | NestingMode::Set, Json::Array(objects)) => {
                        objects.iter_mut().collect()
                    }
                    (_, object) => vec![object],
                };
                for inner in objects.into_iter().filter_map(Json::as_object_mut) {
                    send_attributes(inner, &object.attributes, &format!("{place}."))?;
                }
            }
        }
    }
    Ok(())
}

/// Converts a value of a plain type as the configuration language does.
fn send_value(value: &mut Json, ty: &Type, place: &str) -> Result<(), HostError> {
    match (ty, value) {
        (Type::String, value @ (Json::Number(_) | Json::Bool(_))) => *value = Json::String(value.to_string()),
        (Type::Bool, value) if matches!(value.as_str(), Some("true" | "false")) => {
            *value = Json::Bool(value.as_str() == Some("true"));
        }
        (Type::List(element) | Type::Set(element), Json::Array(elements)) => {
            elements.iter_mut().try_for_each(|value| send_value(value, element, place))?;
        }
        (Type::Map(element), Json::Object(entries)) => {
            entries.values_mut().try_for_each(|value| send_value(value, element, place))?;
        }
        (Type::Object(attributes), Json::Object(values)) => {
            for (name, ty) in attributes {
                let missing =
                    || HostError::new(format!("`{place}` is an object whose field `{name}` is required"));
                send_value(values.get_mut(name).ok_or_else(missing)?, ty, place)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Returns the type of a value of a schema from the wire.
pub(crate) fn implied_type(schema: Option<&wire::Schema>) -> Result<Type, HostError> {
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

/// Returns a value for a parameter without a type.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> wire::Schema {
        let attribute = |name: &str, ty: &Json, required| wire::schema::Attribute {
            name: name.to_owned(),
            r#type: ty.to_string().into_bytes(),
            required,
            optional: !required,
            ..Default::default()
        };
        let objects = json!(["list", ["object", {"a": "string", "b": "bool"}]]);
        let block = wire::schema::Block {
            attributes: vec![attribute("id", &json!("string"), true), attribute("objects", &objects, false)],
            ..Default::default()
        };
        wire::Schema { version: 0, block: Some(block) }
    }

    #[test]
    fn what_terraform_would_not_send_is_not_sent() {
        let sent = |config: Json| as_sent(&config, Some(&schema())).map_err(|error| error.to_string());
        assert_eq!(sent(json!({"id": 12})), Ok(json!({"id": "12"})));
        assert_eq!(
            sent(json!({"id": true, "objects": [{"a": "x", "b": "false"}]})),
            Ok(json!({"id": "true", "objects": [{"a": "x", "b": false}]}))
        );
        assert_eq!(sent(json!({})), Err("the argument `id` is required".to_owned()));
        assert_eq!(
            sent(json!({"id": "x", "objects": [{"a": "x"}]})),
            Err("`objects` is an object whose field `b` is required".to_owned())
        );
    }
}
