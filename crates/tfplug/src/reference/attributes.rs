//! Attributes and blocks, rendered as lists that link to each other.

use std::fmt::Write as _;

use crate::schema::{Attribute, Block, NestedBlock, Nesting};
use crate::value::Type;

/// Nested content that the lists link to, rendered further below: its anchor, its path and its content.
pub(super) type Below<'a> = Vec<(String, String, Content<'a>)>;

#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Attributes(&'a [Attribute]),
    Block(&'a Block),
}

/// Appends the attributes and blocks of a block, grouped by who sets them, followed by all nested content.
pub(super) fn push_block(text: &mut String, block: &Block) {
    let mut below = Below::new();
    push_groups(text, block, "###", "", &mut below);
    push_below(text, below);
}

/// Appends the content that the lists above link to, which may itself have nested content.
pub(super) fn push_below(text: &mut String, mut below: Below<'_>) {
    while !below.is_empty() {
        for (anchor, path, content) in std::mem::take(&mut below) {
            let _ = write!(text, "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n");
            match content {
                Content::Attributes(attributes) => {
                    text.push('\n');
                    push_list(text, attributes, &path, &mut below);
                }
                Content::Block(block) => push_groups(text, block, "####", &path, &mut below),
            }
        }
    }
}

/// Returns whether an attribute belongs to a group.
type Belongs = fn(&Attribute) -> bool;

fn push_groups<'a>(text: &mut String, block: &'a Block, heading: &str, path: &str, below: &mut Below<'a>) {
    let groups: [(&str, Belongs); 3] = [
        ("Required", |attribute| attribute.required),
        ("Optional", |attribute| attribute.optional),
        ("Read-Only", |attribute| attribute.computed && !attribute.optional),
    ];
    for (name, belongs) in groups {
        let attributes = sorted(block.attributes.iter().filter(|attribute| belongs(attribute)));
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

/// Appends the attributes of an object, not grouped by who sets them.
pub(super) fn push_list<'a>(
    text: &mut String,
    attributes: &'a [Attribute],
    path: &str,
    below: &mut Below<'a>,
) {
    for attribute in sorted(attributes.iter()) {
        push_attribute(text, attribute, path, below);
    }
}

fn sorted<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> Vec<&'a Attribute> {
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort_by_key(|attribute| attribute.name);
    attributes
}

fn push_attribute<'a>(text: &mut String, attribute: &'a Attribute, path: &str, below: &mut Below<'a>) {
    let ty = match &attribute.nested {
        Some(nested) if nested.nesting == Nesting::Single => "Attributes".to_owned(),
        _ => type_name(&attribute.ty),
    };
    let sensitive = if attribute.sensitive { ", Sensitive" } else { "" };
    let _ = write!(text, "- `{}` ({ty}{sensitive}{}) ", attribute.name, mark(attribute.deprecated));
    let pointer = point_to_nested("nestedatt", path, attribute, below);
    push_description(text, &attribute.described(), attribute.deprecated, pointer, "  ");
}

/// Appends one argument of a function.
pub(super) fn push_parameter<'a>(
    text: &mut String,
    position: usize,
    parameter: &'a Attribute,
    below: &mut Below<'a>,
) {
    let null = if parameter.nullable { ", Nullable" } else { "" };
    let ty = match &parameter.ty {
        Type::List(element) if parameter.variadic => format!("Variadic, {}", type_name(element)),
        ty => type_name(ty),
    };
    let _ = write!(text, "{position}. `{}` ({ty}{null}) ", parameter.name);
    let pointer = point_to_nested("nestedarg", "", parameter, below);
    push_description(text, &parameter.described(), parameter.deprecated, pointer, "   ");
}

fn push_nested_block<'a>(text: &mut String, nested: &'a NestedBlock, path: &str, below: &mut Below<'a>) {
    let ty = match nested.nesting {
        Nesting::Single => "Block",
        Nesting::List => "Block List",
        Nesting::Map => "Block Map",
        Nesting::Set => "Block Set",
    };
    let limit = |word: &str, items: u32| match nested.nesting {
        Nesting::List if items > 0 => format!(", {word}: {items}"),
        _ => String::new(),
    };
    let (least, most) = (limit("Min", nested.min_items), limit("Max", nested.max_items));
    let _ = write!(text, "- `{}` ({ty}{least}{most}{}) ", nested.name, mark(nested.block.deprecated));
    let pointer = point_below("nestedblock", path, nested.name, Content::Block(&nested.block), below);
    push_description(text, nested.block.description, nested.block.deprecated, Some(pointer), "  ");
}

fn mark(deprecated: Option<&str>) -> &'static str {
    if deprecated.is_some() { ", Deprecated" } else { "" }
}

/// Appends a description and remarks within a list item. Further lines are indented, because they belong to the item.
fn push_description(
    text: &mut String,
    description: &str,
    deprecated: Option<&str>,
    pointer: Option<String>,
    indent: &str,
) {
    let remarks = deprecated.map(str::to_owned).into_iter().chain(pointer).collect::<Vec<_>>().join(" ");
    let mut lines = description.lines();
    text.push_str(lines.next().unwrap_or_default());
    let first_line = text.len();
    for line in lines {
        let indent = if line.is_empty() { "" } else { indent };
        let _ = write!(text, "\n{indent}{line}");
    }
    // The last paragraph may be code or a list.
    let space = if text.len() > first_line { format!("\n\n{indent}") } else { " ".to_owned() };
    let _ = if remarks.is_empty() { writeln!(text) } else { writeln!(text, "{space}{remarks}") };
}

/// Points to the attributes of the objects that an attribute holds.
fn point_to_nested<'a>(
    kind: &str,
    path: &str,
    attribute: &'a Attribute,
    below: &mut Below<'a>,
) -> Option<String> {
    let nested = attribute.nested.as_ref()?;
    Some(point_below(kind, path, attribute.name, Content::Attributes(&nested.attributes), below))
}

fn point_below<'a>(
    kind: &str,
    path: &str,
    name: &str,
    content: Content<'a>,
    below: &mut Below<'a>,
) -> String {
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let anchor = format!("{kind}--{}", path.replace('.', "--"));
    let pointer = format!("(see [below for nested schema](#{anchor}))");
    below.push((anchor, path, content));
    pointer
}

/// Returns the name of a type in the notation of the Registry.
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
