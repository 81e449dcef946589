//! Reference documentation in the layout of the Terraform Registry, generated from the definitions.
//!
//! Doc comments are the descriptions, as in the schema. Unlike the pages of the Registry's own generator, these also
//! describe the attributes of objects in collections.

mod attributes;

use std::fmt::Write as _;

use crate::provider::{FunctionEntry, Provider};
use crate::schema::{Block, Nested, Nesting};
use crate::service::ProviderState;
use crate::value::Type;

pub use crate::schema::SchemaError;

/// A page of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Path of the page below `docs/`: `data-sources/station.md`.
    pub path: String,
    /// Content of the page, in Markdown.
    pub text: String,
}

/// An example for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// Configuration of the example.
    pub configuration: String,
    /// Output of the configuration, if known.
    pub output: Option<String>,
}

/// Subject of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The provider itself.
    Provider,
    /// A data source, by its full name.
    DataSource(&'static str),
    /// A function, by its name.
    Function(&'static str),
}

/// Returns all pages of a provider; `example` returns the example of each.
///
/// # Errors
/// Returns an error if the provider's schema violates the rules of the hosts.
pub fn pages<P: Provider>(example: impl Fn(Subject) -> Option<Example>) -> Result<Vec<Page>, SchemaError> {
    let state = ProviderState::<P>::new()?;
    let mut pages = vec![Page {
        path: "index.md".to_owned(),
        text: page(&Head::provider(P::NAME), &state.block, example(Subject::Provider)),
    }];
    for (name, entry) in &state.data_sources.entries {
        let short = name.strip_prefix(P::NAME).and_then(|rest| rest.strip_prefix('_')).unwrap_or(name);
        pages.push(Page {
            path: format!("data-sources/{short}.md"),
            text: page(&Head::data_source(P::NAME, name), &entry.block, example(Subject::DataSource(name))),
        });
    }
    for (name, entry) in &state.functions.entries {
        let example = example(Subject::Function(name));
        pages.push(Page {
            path: format!("functions/{name}.md"),
            text: function_page(P::NAME, name, entry, example),
        });
    }
    Ok(pages)
}

struct Head {
    title: String,
    heading: String,
    categorized: bool,
}

impl Head {
    fn provider(provider: &str) -> Self {
        let title = format!("{provider} Provider");
        Self { heading: title.clone(), title, categorized: false }
    }

    fn data_source(provider: &str, name: &str) -> Self {
        Self {
            title: format!("{name} Data Source - terraform-provider-{provider}"),
            heading: format!("{name} (Data Source)"),
            categorized: true,
        }
    }
}

/// Returns the front matter. The first paragraph of the description is for search results; in YAML every line of it is
/// indented.
fn front_matter(title: &str, categorized: bool, description: &str) -> String {
    // The provider's own page must not have a subcategory.
    let subcategory = if categorized { "subcategory: \"\"\n" } else { "" };
    let mut text = format!("---\npage_title: \"{title}\"\n{subcategory}description: |-\n");
    for line in description.lines().take_while(|line| !line.is_empty()) {
        let _ = writeln!(text, "  {line}");
    }
    text.push_str("---\n");
    text
}

fn page(head: &Head, block: &Block, example: Option<Example>) -> String {
    let mut text = front_matter(&head.title, head.categorized, block.description);
    let _ = write!(text, "\n# {}\n\n{}\n", head.heading, block.description);
    push_deprecation(&mut text, block.deprecated);
    push_example(&mut text, example);
    text.push_str("\n## Schema\n");
    attributes::push_block(&mut text, block);
    text
}

/// Appends a deprecation message in the form that the Registry shows as a warning.
fn push_deprecation(text: &mut String, message: Option<&str>) {
    if let Some(message) = message {
        let _ = write!(text, "\n~> **Deprecated** {message}\n");
    }
}

fn push_example(text: &mut String, example: Option<Example>) {
    let Some(Example { configuration, output }) = example else { return };
    let _ = write!(text, "\n## Example Usage\n\n```terraform\n{}\n```\n", configuration.trim_end());
    if let Some(output) = output {
        let _ = write!(text, "\nIt prints:\n\n```text\n{}\n```\n", output.trim_end());
    }
}

fn function_page(provider: &str, name: &str, entry: &FunctionEntry, example: Option<Example>) -> String {
    let description = entry.parameters.description;
    let mut text =
        front_matter(&format!("{name} function - terraform-provider-{provider}"), true, description);
    let _ = write!(text, "\n# function: {name}\n\n{description}\n");
    push_deprecation(&mut text, entry.parameters.deprecated);
    push_example(&mut text, example);
    let parameters = &entry.parameters.attributes;
    let signature: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let (ty, more) = match &parameter.ty {
                Type::List(element) if parameter.variadic => (&**element, "..."),
                ty => (ty, ""),
            };
            format!("{} {}{more}", parameter.name, attributes::type_name(ty).to_lowercase())
        })
        .collect();
    let returns = attributes::type_name(&entry.returns.ty).to_lowercase();
    let _ = write!(
        text,
        "\n## Signature\n\n```text\n{name}({}) {returns}\n```\n\n## Arguments\n\n",
        signature.join(", ")
    );
    let mut below = attributes::Below::new();
    for (parameter, position) in parameters.iter().zip(1..) {
        attributes::push_parameter(&mut text, position, parameter, &mut below);
    }
    if let Some(Nested { nesting, attributes, .. }) = &entry.returns.nested {
        let what = match nesting {
            Nesting::Single => "An object",
            Nesting::List => "A list of objects",
            Nesting::Map => "A map of objects",
            Nesting::Set => "A set of objects",
        };
        let _ = write!(text, "\n## Return Type\n\n{what}:\n\n");
        attributes::push_list(&mut text, attributes, "", &mut below);
    }
    attributes::push_below(&mut text, below);
    text
}

#[cfg(test)]
#[path = "../reference_tests.rs"]
mod tests;
