//! Blocks that are not there.

use std::collections::BTreeMap;

use super::{Block, NestedBlock, Nesting};
use crate::Value;

impl Block {
    /// Makes repeated blocks that are null empty, at every depth. Terraform sends blocks that are not there as empty
    /// collections; Pulumi and callers that write JSON leave them out.
    pub(crate) fn complete(&self, config: &mut Value) {
        let Value::Map(values) = config else { return };
        for nested in &self.blocks {
            if let Some(value) = values.get_mut(nested.name) {
                nested.complete(value);
            }
        }
    }
}

impl NestedBlock {
    fn complete(&self, value: &mut Value) {
        match (self.nesting, value) {
            (Nesting::List, value @ Value::Null) => *value = Value::List(Vec::new()),
            (Nesting::Map, value @ Value::Null) => *value = Value::Map(BTreeMap::new()),
            (Nesting::List, Value::List(blocks)) => {
                for value in blocks {
                    self.block.complete(value);
                }
            }
            (Nesting::Map, Value::Map(blocks)) => {
                for value in blocks.values_mut() {
                    self.block.complete(value);
                }
            }
            (_, value) => self.block.complete(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::__private::attribute;

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
            schema.complete(&mut value);
            assert_eq!(value.to_json(), completed);
        }
    }
}
