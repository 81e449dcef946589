//! Attributes and blocks, as lists that point to each other.

use std::fmt::Write as _;

use crate::schema::{Attribute, Block, NestedBlock, Nesting, Validator};
use crate::value::Type;

/// What a list points to further below: its anchor, its path and its content.
pub(super) type Below<'a> = Vec<(String, String, Content<'a>)>;

#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Attributes(&'a [Attribute]),
    Block(&'a Block),
}

/// The attributes and blocks of a block by who gives them, and everything that is nested in them below.
pub(super) fn push_block<'a>(text: &mut String, block: &'a Block, below: &mut Below<'a>) {
    push_groups(text, block, "###", "", below);
    // What is nested may hold more.
    while !below.is_empty() {
        for (anchor, path, content) in std::mem::take(below) {
            let _ = write!(text, "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n");
            match content {
                Content::Attributes(attributes) => {
                    text.push('\n');
                    push_list(text, attributes, &path, below);
                }
                Content::Block(block) => push_groups(text, block, "####", &path, below),
            }
        }
    }
}

/// Whether an attribute belongs to a group.
type Belongs = fn(&Attribute) -> bool;

fn push_groups<'a>(text: &mut String, block: &'a Block, heading: &str, path: &str, below: &mut Below<'a>) {
    let groups: [(&str, Belongs); 3] = [
        ("Required", |attribute| attribute.required),
        ("Optional", |attribute| attribute.optional),
        ("Read-Only", |attribute| attribute.computed && !attribute.optional),
    ];
    for (name, belongs) in groups {
        let mut attributes: Vec<_> = block.attributes.iter().filter(|attribute| belongs(attribute)).collect();
        attributes.sort_by_key(|attribute| attribute.name);
        let required = |nested: &&NestedBlock| (nested.min_items > 0) == (name == "Required");
        let blocks: Vec<_> = block.blocks.iter().filter(required).filter(|_| name != "Read-Only").collect();
        if attributes.is_empty() && blocks.is_empty() {
            continue;
        }
        let _ = write!(text, "\n{heading} {name}\n\n");
        for attribute in attributes {
            push_attribute(text, attribute, path, below);
        }
        for nested in blocks {
            push_nested_block(text, nested, path, below);
        }
    }
}

/// The attributes of an object, whoever gives them.
pub(super) fn push_list<'a>(
    text: &mut String,
    attributes: &'a [Attribute],
    path: &str,
    below: &mut Below<'a>,
) {
    let mut attributes: Vec<_> = attributes.iter().collect();
    attributes.sort_by_key(|attribute| attribute.name);
    for attribute in attributes {
        push_attribute(text, attribute, path, below);
    }
}

fn push_attribute<'a>(text: &mut String, attribute: &'a Attribute, path: &str, below: &mut Below<'a>) {
    let ty = match &attribute.nested {
        Some(nested) if nested.nesting == Nesting::Single => "Attributes".to_owned(),
        _ => type_name(&attribute.ty),
    };
    let sensitive = if attribute.sensitive { ", Sensitive" } else { "" };
    let deprecated = if attribute.deprecated.is_some() { ", Deprecated" } else { "" };
    let _ = write!(
        text,
        "- `{}` ({ty}{sensitive}{deprecated}) {}",
        attribute.name,
        one_line(attribute.description)
    );
    for validator in &attribute.validators {
        if let Some(sentence) = sentence(validator) {
            let _ = write!(text, " {sentence}");
        }
    }
    if let Some(message) = attribute.deprecated {
        let _ = write!(text, " {message}");
    }
    if let Some(nested) = &attribute.nested {
        point_below(text, "nestedatt", path, attribute.name, Content::Attributes(&nested.attributes), below);
    }
    text.push('\n');
}

fn push_nested_block<'a>(text: &mut String, nested: &'a NestedBlock, path: &str, below: &mut Below<'a>) {
    let ty = match nested.nesting {
        Nesting::Single => "Block",
        Nesting::List => "Block List",
        Nesting::Map => "Block Map",
    };
    let most = if nested.max_items > 0 { format!(", Max: {}", nested.max_items) } else { String::new() };
    let _ = write!(text, "- `{}` ({ty}{most}) {}", nested.name, one_line(nested.block.description));
    point_below(text, "nestedblock", path, nested.name, Content::Block(&nested.block), below);
    text.push('\n');
}

fn point_below<'a>(
    text: &mut String,
    kind: &str,
    path: &str,
    name: &str,
    content: Content<'a>,
    below: &mut Below<'a>,
) {
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let anchor = format!("{kind}--{}", path.replace('.', "--"));
    let _ = write!(text, " (see [below for nested schema](#{anchor}))");
    below.push((anchor, path, content));
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a description need not say again.
fn sentence(validator: &Validator) -> Option<String> {
    match validator {
        Validator::OneOf(allowed) => {
            let allowed: Vec<_> = allowed.iter().map(|value| format!("`{value}`")).collect();
            Some(format!("One of {}.", allowed.join(", ")))
        }
        _ => None,
    }
}

/// A type as the Registry spells it.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(_) => "Object".to_owned(),
    }
}
