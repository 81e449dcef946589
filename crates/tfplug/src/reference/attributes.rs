//! Attributes and blocks, rendered as lists that link to each other.

use std::fmt::Write as _;

use crate::schema::{Attribute, Block, NestedBlock, Nesting};
use crate::value::Type;

/// A page with lists that link to nested content, which is rendered below them.
pub(super) struct Lists<'a> {
    pub(super) text: String,
    /// The nested content that is still to be rendered: its anchor, its path and its content.
    below: Vec<(String, String, Content<'a>)>,
}

#[derive(Clone, Copy)]
enum Content<'a> {
    Attributes(&'a [Attribute]),
    Block(&'a Block),
}

/// Returns whether an attribute belongs to a group.
type Belongs = fn(&Attribute) -> bool;

impl<'a> Lists<'a> {
    /// Creates a page that begins with this text.
    pub(super) fn new(text: String) -> Self {
        Self { text, below: Vec::new() }
    }

    /// Appends the attributes and blocks of a block, grouped by who sets them.
    pub(super) fn push_block(&mut self, block: &'a Block, heading: &str, path: &str) {
        let groups: [(&str, Belongs); 3] = [
            ("Required", |attribute| attribute.required),
            ("Optional", |attribute| attribute.optional),
            ("Read-Only", |attribute| attribute.computed && !attribute.optional),
        ];
        for (name, belongs) in groups {
            let attributes = sorted(block.attributes.iter().filter(|attribute| belongs(attribute)));
            let required = |nested: &&NestedBlock| (nested.min_items > 0) == (name == "Required");
            let blocks: Vec<_> =
                block.blocks.iter().filter(required).filter(|_| name != "Read-Only").collect();
            if attributes.is_empty() && blocks.is_empty() {
                continue;
            }
            let _ = write!(self.text, "\n{heading} {name}\n\n");
            for attribute in attributes {
                self.push_attribute(attribute, path);
            }
            for nested in blocks {
                self.push_nested_block(nested, path);
            }
        }
    }

    /// Appends the attributes of an object, not grouped by who sets them.
    pub(super) fn push_list(&mut self, attributes: &'a [Attribute], path: &str) {
        for attribute in sorted(attributes.iter()) {
            self.push_attribute(attribute, path);
        }
    }

    fn push_attribute(&mut self, attribute: &'a Attribute, path: &str) {
        let ty = match &attribute.nested {
            Some(nested) if nested.nesting == Nesting::Single => "Attributes".to_owned(),
            _ => type_name(&attribute.ty),
        };
        let sensitive = if attribute.sensitive { ", Sensitive" } else { "" };
        let _ = write!(self.text, "- `{}` ({ty}{sensitive}{}) ", attribute.name, mark(attribute.deprecated));
        let pointer = self.point_to_nested("nestedatt", path, attribute);
        self.push_description(&attribute.described(), attribute.deprecated, pointer, "  ");
    }

    /// Appends one argument of a function.
    pub(super) fn push_parameter(&mut self, position: usize, parameter: &'a Attribute) {
        let null = if parameter.nullable { ", Nullable" } else { "" };
        let ty = match &parameter.ty {
            Type::List(element) if parameter.variadic => format!("Variadic, {}", type_name(element)),
            ty => type_name(ty),
        };
        let _ = write!(self.text, "{position}. `{}` ({ty}{null}) ", parameter.name);
        let pointer = self.point_to_nested("nestedarg", "", parameter);
        self.push_description(&parameter.described(), parameter.deprecated, pointer, "   ");
    }

    fn push_nested_block(&mut self, nested: &'a NestedBlock, path: &str) {
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
        let deprecated = nested.block.deprecated;
        let _ = write!(self.text, "- `{}` ({ty}{least}{most}{}) ", nested.name, mark(deprecated));
        let pointer = self.point_below("nestedblock", path, nested.name, Content::Block(&nested.block));
        self.push_description(nested.block.description, deprecated, Some(pointer), "  ");
    }

    /// Appends a description and remarks within a list item. Further lines are indented, because they belong to the
    /// item.
    fn push_description(
        &mut self,
        text: &str,
        deprecated: Option<&str>,
        pointer: Option<String>,
        indent: &str,
    ) {
        let remarks = deprecated.map(str::to_owned).into_iter().chain(pointer).collect::<Vec<_>>().join(" ");
        let mut lines = text.lines();
        self.text.push_str(lines.next().unwrap_or_default());
        let first_line = self.text.len();
        for line in lines {
            let indent = if line.is_empty() { "" } else { indent };
            let _ = write!(self.text, "\n{indent}{line}");
        }
        // The last paragraph may be code or a list.
        let space = if self.text.len() > first_line { format!("\n\n{indent}") } else { " ".to_owned() };
        let _ =
            if remarks.is_empty() { writeln!(self.text) } else { writeln!(self.text, "{space}{remarks}") };
    }

    /// Points to the attributes of the objects that an attribute holds.
    fn point_to_nested(&mut self, kind: &str, path: &str, attribute: &'a Attribute) -> Option<String> {
        let content = Content::Attributes(&attribute.nested.as_ref()?.attributes);
        Some(self.point_below(kind, path, attribute.name, content))
    }

    fn point_below(&mut self, kind: &str, path: &str, name: &str, content: Content<'a>) -> String {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let anchor = format!("{kind}--{}", path.replace('.', "--"));
        let pointer = format!("(see [below for nested schema](#{anchor}))");
        self.below.push((anchor, path, content));
        pointer
    }

    /// Appends the nested content, which may itself have nested content, and returns the page.
    pub(super) fn finish(mut self) -> String {
        while !self.below.is_empty() {
            for (anchor, path, content) in std::mem::take(&mut self.below) {
                let _ = write!(self.text, "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n");
                match content {
                    Content::Attributes(attributes) => {
                        self.text.push('\n');
                        self.push_list(attributes, &path);
                    }
                    Content::Block(block) => self.push_block(block, "####", &path),
                }
            }
        }
        self.text
    }
}

fn sorted<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> Vec<&'a Attribute> {
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort_by_key(|attribute| attribute.name);
    attributes
}

fn mark(deprecated: Option<&str>) -> &'static str {
    if deprecated.is_some() { ", Deprecated" } else { "" }
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
