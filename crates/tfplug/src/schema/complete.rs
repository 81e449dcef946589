//! Completion of a configuration: missing blocks, and arguments that are set by the environment or by a default.

use std::collections::BTreeMap;

use super::{Attribute, Block, NestedBlock, Nesting};
use crate::diagnostics::Diagnostics;
use crate::path::{At, AttributePath};
use crate::value::{Number, Type, Value};

/// Environment variables, by name. An empty variable counts as unset.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Values taken from the environment, with the variable of each, because the values may be invalid.
#[derive(Debug)]
pub(crate) struct FromEnvironment(Vec<(AttributePath, &'static str)>);

impl FromEnvironment {
    /// Adds the name of the variable to messages about values from the environment.
    pub(crate) fn explain(&self, diagnostics: Diagnostics) -> Diagnostics {
        let explained = diagnostics.into_iter().map(|mut diagnostic| {
            if let Some((_, variable)) =
                self.0.iter().find(|(path, _)| Some(path) == diagnostic.path.as_ref())
            {
                diagnostic.detail += &format!(" The value comes from the environment variable `{variable}`.");
            }
            diagnostic
        });
        explained.collect()
    }
}

impl Block {
    /// Makes repeated blocks that are null empty, at every depth: Terraform sends missing blocks as empty collections,
    /// while Pulumi and callers that write JSON omit them. Sets arguments that are null to the value from the
    /// environment, or to their default.
    pub(crate) fn complete(&self, config: &mut Value, variable: Variables<'_>) -> FromEnvironment {
        let mut taken = Vec::new();
        self.each_null(config, &At::Root, &mut |attribute, value, at| {
            let given =
                attribute.env.and_then(|name| Some((name, variable(name).filter(|text| !text.is_empty())?)));
            if let Some((name, text)) = given {
                *value = typed(text, &attribute.ty);
                taken.push((at.path(), name));
            } else if let Some(default) = &attribute.default {
                value.clone_from(default);
            }
        });
        FromEnvironment(taken)
    }

    /// Visits the arguments that are null, at every depth. Makes repeated blocks that are null empty.
    fn each_null(
        &self,
        config: &mut Value,
        at: &At<'_>,
        visit: &mut dyn FnMut(&Attribute, &mut Value, &At<'_>),
    ) {
        let Value::Map(values) = config else { return };
        for attribute in &self.attributes {
            if let Some(value) = values.get_mut(attribute.name).filter(|value| value.is_null()) {
                visit(attribute, value, &At::Attribute(at, attribute.name));
            }
        }
        for NestedBlock { name, nesting, block, .. } in &self.blocks {
            let Some(value) = values.get_mut(*name) else { continue };
            let at = &At::Attribute(at, name);
            match (nesting, value) {
                (Nesting::List, value @ Value::Null) => *value = Value::List(Vec::new()),
                (Nesting::Map, value @ Value::Null) => *value = Value::Map(BTreeMap::new()),
                (Nesting::List, Value::List(blocks)) => {
                    for (index, value) in blocks.iter_mut().enumerate() {
                        block.each_null(value, &At::Index(at, index), visit);
                    }
                }
                (Nesting::Map, Value::Map(blocks)) => {
                    for (key, value) in blocks {
                        block.each_null(value, &At::Key(at, key), visit);
                    }
                }
                (_, value) => block.each_null(value, at, visit),
            }
        }
    }
}

/// Converts a text to a value of the type. Text that is not one is returned unchanged, and rejected later like any
/// other value.
fn typed(text: String, ty: &Type) -> Value {
    match (ty, text.trim()) {
        (Type::Number, number) => Number::parse(number).map_or(Value::String(text), Value::Number),
        (Type::Bool, "true" | "1") => Value::Bool(true),
        (Type::Bool, "false" | "0") => Value::Bool(false),
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::__private::attribute;
    use crate::Diagnostic;

    #[test]
    fn absent_blocks_are_empty_collections_at_every_depth() {
        let leaf = NestedBlock::new("leaf", Nesting::Map, Block::default());
        let twig = NestedBlock::new("twig", Nesting::List, Block::default());
        let limb = Block { blocks: vec![leaf, twig], ..Block::default() };
        let branch = NestedBlock::new("branch", Nesting::List, limb.clone());
        let root = NestedBlock::new("root", Nesting::Single, limb);
        let attributes = vec![attribute::<Option<String>>("name", "Name.")];
        let schema = Block { attributes, blocks: vec![branch, root], ..Block::default() };
        for (config, completed) in [
            (json!({}), json!({"name": null, "branch": [], "root": null})),
            (
                json!({"branch": [{"twig": [{}]}], "root": {"leaf": {"a": {}}}}),
                json!({
                    "name": null,
                    "branch": [{"leaf": {}, "twig": [{}]}],
                    "root": {"leaf": {"a": {}}, "twig": []},
                }),
            ),
        ] {
            let mut value = Value::from_json(&config, &schema.implied_type()).unwrap();
            schema.complete(&mut value, &|_| None);
            assert_eq!(value.to_json(), completed);
        }
    }

    #[test]
    fn the_environment_comes_before_the_default_and_is_named_where_it_is_wrong() {
        let text = Attribute { env: Some("WX_NAME"), ..attribute::<String>("name", "Name.") };
        let number = Attribute {
            env: Some("WX_SIZE"),
            default: Some(Value::from(3)),
            ..attribute::<i64>("size", "Size.")
        };
        let inner = NestedBlock::new(
            "inner",
            Nesting::List,
            Block { attributes: vec![text.clone()], ..Block::default() },
        );
        let schema = Block { attributes: vec![text, number], blocks: vec![inner], ..Block::default() };
        let completed = |config: &serde_json::Value, variables: &[(&str, &str)]| {
            let mut value = Value::from_json(config, &schema.implied_type()).unwrap();
            let find = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            let taken = schema.complete(&mut value, &find);
            (value.to_json(), taken)
        };
        let all = [("WX_NAME", "n"), ("WX_SIZE", "7")];
        assert_eq!(
            completed(&json!({"inner": [{}]}), &all).0,
            json!({"name": "n", "size": 7, "inner": [{"name": "n"}]})
        );
        assert_eq!(
            completed(&json!({"name": "x", "size": 1}), &all).0,
            json!({"name": "x", "size": 1, "inner": []})
        );
        assert_eq!(
            completed(&json!({}), &[("WX_NAME", "")]).0,
            json!({"name": null, "size": 3, "inner": []})
        );
        let (value, taken) = completed(&json!({}), &[("WX_SIZE", "many")]);
        assert_eq!(value["size"], "many");
        let error = Diagnostic::error("Invalid argument value", "`size` must be a number.").at("size");
        let explained = taken.explain(error.into());
        assert_eq!(
            explained.iter().next().unwrap().detail,
            "`size` must be a number. The value comes from the environment variable `WX_SIZE`."
        );
    }
}
