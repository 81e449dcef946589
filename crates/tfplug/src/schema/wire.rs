//! Conversion of schemas to the wire format.

use super::{Attribute, Block, Nested, NestedBlock, Nesting};
use crate::proto::tfplugin6 as wire;

impl Block {
    pub(crate) fn to_wire(&self) -> wire::Schema {
        wire::Schema { version: 0, block: Some(self.block_to_wire()) }
    }

    fn block_to_wire(&self) -> wire::schema::Block {
        wire::schema::Block {
            version: 0,
            attributes: self.attributes.iter().map(Attribute::to_wire).collect(),
            block_types: self.blocks.iter().map(NestedBlock::to_wire).collect(),
            description: self.description.to_owned(),
            description_kind: wire::StringKind::Markdown.into(),
            deprecated: self.deprecated.is_some(),
            deprecation_message: self.deprecated.unwrap_or_default().to_owned(),
        }
    }
}

impl NestedBlock {
    fn to_wire(&self) -> wire::schema::NestedBlock {
        use wire::schema::nested_block::NestingMode;
        let nesting = match self.nesting {
            Nesting::Single => NestingMode::Single,
            Nesting::List => NestingMode::List,
            Nesting::Map => NestingMode::Map,
            Nesting::Set => NestingMode::Set,
        };
        wire::schema::NestedBlock {
            type_name: self.name.to_owned(),
            block: Some(self.block.block_to_wire()),
            nesting: nesting.into(),
            min_items: self.min_items.into(),
            max_items: self.max_items.into(),
        }
    }
}

impl Attribute {
    fn to_wire(&self) -> wire::schema::Attribute {
        // Collections of objects keep their plain type: mocks of the hosts leave nested collections empty.
        let nested_type = match &self.nested {
            Some(Nested { nesting: Nesting::Single, attributes, .. }) => Some(wire::schema::Object {
                attributes: attributes.iter().map(Self::to_wire).collect(),
                nesting: wire::schema::object::NestingMode::Single.into(),
            }),
            _ => None,
        };
        let r#type =
            if nested_type.is_some() { Vec::new() } else { self.ty.to_json().to_string().into_bytes() };
        wire::schema::Attribute {
            name: self.name.to_owned(),
            r#type,
            description: self.described(),
            required: self.required,
            optional: self.optional,
            computed: self.computed,
            sensitive: self.sensitive,
            description_kind: wire::StringKind::Markdown.into(),
            deprecated: self.deprecated.is_some(),
            nested_type,
            deprecation_message: self.deprecated.unwrap_or_default().to_owned(),
        }
    }
}
