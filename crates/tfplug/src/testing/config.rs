//! Conversion of a test's JSON to the values that a host sends, with the types of the provider's schema.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::HostError;
use crate::proto::tfplugin6 as wire;
use crate::proto::tfplugin6::schema::nested_block::NestingMode;
use crate::schema::Nesting;
use crate::value::{Type, Value};

type Object = serde_json::Map<String, Json>;

pub(super) fn parse_type(json: &[u8]) -> Result<Type, HostError> {
    let json: Json = serde_json::from_slice(json).map_err(HostError::from_error)?;
    Type::from_json(&json).map_err(HostError::new)
}

/// Returns a configuration as Terraform sends it, with its type, or the reason why Terraform would not send it: a missing
/// argument or field of an object. Missing blocks become empty collections, and texts, numbers and booleans are converted
/// to one another.
pub(super) fn value_of(config: &Json, schema: Option<&wire::Schema>) -> Result<(Value, Type), HostError> {
    let ty = implied_type(schema)?;
    let mut config = config.clone();
    if let (Some(values), Some(block)) = (config.as_object_mut(), schema.and_then(|it| it.block.as_ref())) {
        send_block(values, block, "")?;
    }
    Ok((Value::from_json(&config, &ty)?, ty))
}

fn send_block(values: &mut Object, block: &wire::schema::Block, place: &str) -> Result<(), HostError> {
    send_attributes(values, &block.attributes, place)?;
    for nested in &block.block_types {
        let nesting = nesting(nested.nesting)?;
        let value = values.entry(&*nested.type_name).or_insert_with(|| match nesting {
            Nesting::List | Nesting::Set => Json::Array(Vec::new()),
            Nesting::Map => Json::Object(Object::new()),
            Nesting::Single => Json::Null,
        });
        let Some(block) = &nested.block else { continue };
        let place = format!("{place}{}.", nested.type_name);
        objects(nesting, value).into_iter().try_for_each(|it| send_block(it, block, &place))?;
    }
    Ok(())
}

fn send_attributes(
    values: &mut Object,
    attributes: &[wire::schema::Attribute],
    place: &str,
) -> Result<(), HostError> {
    for attribute in attributes {
        let place = format!("{place}{}", attribute.name);
        match (values.get_mut(&attribute.name), &attribute.nested_type) {
            (None, _) if attribute.required => {
                return Err(HostError::new(format!("the argument `{place}` is required")));
            }
            (None, _) => {}
            (Some(value), None) => send_value(value, &parse_type(&attribute.r#type)?, &place)?,
            (Some(value), Some(object)) => {
                for inner in objects(nesting(object.nesting)?, value) {
                    send_attributes(inner, &object.attributes, &format!("{place}."))?;
                }
            }
        }
    }
    Ok(())
}

/// Returns the nesting of a block or of an attribute; both have the same numbers.
fn nesting(mode: i32) -> Result<Nesting, HostError> {
    match NestingMode::try_from(mode) {
        Ok(NestingMode::Single | NestingMode::Group) => Ok(Nesting::Single),
        Ok(NestingMode::List) => Ok(Nesting::List),
        Ok(NestingMode::Set) => Ok(Nesting::Set),
        Ok(NestingMode::Map) => Ok(Nesting::Map),
        Ok(NestingMode::Invalid) | Err(_) => Err(HostError::new("a block or an attribute has no nesting")),
    }
}

/// Returns the objects that a value of this nesting holds.
fn objects(nesting: Nesting, value: &mut Json) -> Vec<&mut Object> {
    match (nesting, value) {
        (Nesting::Map, Json::Object(objects)) => {
            objects.values_mut().filter_map(Json::as_object_mut).collect()
        }
        (Nesting::List | Nesting::Set, Json::Array(objects)) => {
            objects.iter_mut().filter_map(Json::as_object_mut).collect()
        }
        (_, object) => object.as_object_mut().into_iter().collect(),
    }
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
    let mut types = attribute_types(&block.attributes)?;
    for nested in &block.block_types {
        let block = nested.block.as_ref().ok_or_else(|| HostError::new("a block is unset"))?;
        types.insert(nested.type_name.clone(), nesting(nested.nesting)?.of(block_type(block)?));
    }
    Ok(Type::Object(types))
}

fn attribute_types(attributes: &[wire::schema::Attribute]) -> Result<BTreeMap<String, Type>, HostError> {
    let types = attributes.iter().map(|attribute| {
        let ty = match &attribute.nested_type {
            None => parse_type(&attribute.r#type)?,
            Some(object) => nesting(object.nesting)?.of(Type::Object(attribute_types(&object.attributes)?)),
        };
        Ok((attribute.name.clone(), ty))
    });
    types.collect()
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
        let sent = |config: Json| match value_of(&config, Some(&schema())) {
            Ok((value, _)) => Ok(value.to_json()),
            Err(error) => Err(error.to_string()),
        };
        assert_eq!(sent(json!({"id": 12})), Ok(json!({"id": "12", "objects": null})));
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
