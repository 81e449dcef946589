//! Reference documentation in the layout of the Terraform Registry, generated from the definitions.
//!
//! Doc comments are the descriptions, as in the schema. Unlike the pages of the Registry's own generator, these also
//! describe the attributes of objects in collections.

mod attributes;

use std::fmt::Write as _;

use attributes::{Lists, type_name};

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
        text: page(P::NAME, Subject::Provider, &state.block, example(Subject::Provider)),
    }];
    for (name, entry) in &state.data_sources.entries {
        let short = name.strip_prefix(P::NAME).and_then(|rest| rest.strip_prefix('_')).unwrap_or(name);
        let subject = Subject::DataSource(name);
        pages.push(Page {
            path: format!("data-sources/{short}.md"),
            text: page(P::NAME, subject, &entry.block, example(subject)),
        });
    }
    for (name, entry) in &state.functions.entries {
        let text = function_page(P::NAME, name, entry, example(Subject::Function(name)));
        pages.push(Page { path: format!("functions/{name}.md"), text });
    }
    Ok(pages)
}

/// Returns the part of a page before its schema. The first paragraph of the description is for search results; in YAML
/// every line of it is indented.
fn head(provider: &str, subject: Subject, block: &Block, example: Option<Example>) -> String {
    let (title, heading) = match subject {
        Subject::Provider => (format!("{provider} Provider"), format!("{provider} Provider")),
        Subject::DataSource(name) => {
            (format!("{name} Data Source - terraform-provider-{provider}"), format!("{name} (Data Source)"))
        }
        Subject::Function(name) => {
            (format!("{name} function - terraform-provider-{provider}"), format!("function: {name}"))
        }
    };
    // The provider's own page must not have a subcategory.
    let subcategory = if subject == Subject::Provider { "" } else { "subcategory: \"\"\n" };
    let mut text = format!("---\npage_title: \"{title}\"\n{subcategory}description: |-\n");
    for line in block.description.lines().take_while(|line| !line.is_empty()) {
        let _ = writeln!(text, "  {line}");
    }
    let _ = write!(text, "---\n\n# {heading}\n\n{}\n", block.description);
    if let Some(message) = block.deprecated {
        // The Registry shows it as a warning.
        let _ = write!(text, "\n~> **Deprecated** {message}\n");
    }
    if let Some(Example { configuration, output }) = example {
        let _ = write!(text, "\n## Example Usage\n\n```terraform\n{}\n```\n", configuration.trim_end());
        if let Some(output) = output {
            let _ = write!(text, "\nIt prints:\n\n```text\n{}\n```\n", output.trim_end());
        }
    }
    text
}

fn page(provider: &str, subject: Subject, block: &Block, example: Option<Example>) -> String {
    let mut lists = Lists::new(head(provider, subject, block, example) + "\n## Schema\n");
    lists.push_block(block, "###", "");
    lists.finish()
}

fn function_page(
    provider: &str,
    name: &'static str,
    entry: &FunctionEntry,
    example: Option<Example>,
) -> String {
    let mut text = head(provider, Subject::Function(name), &entry.parameters, example);
    let parameters = &entry.parameters.attributes;
    let signature = parameters.iter().map(|parameter| {
        let (ty, more) = match &parameter.ty {
            Type::List(element) if parameter.variadic => (&**element, "..."),
            ty => (ty, ""),
        };
        format!("{} {}{more}", parameter.name, type_name(ty).to_lowercase())
    });
    let signature = signature.collect::<Vec<_>>().join(", ");
    let returns = type_name(&entry.returns.ty).to_lowercase();
    let _ = write!(text, "\n## Signature\n\n```text\n{name}({signature}) {returns}\n```\n\n## Arguments\n\n");
    let mut lists = Lists::new(text);
    parameters.iter().zip(1..).for_each(|(parameter, position)| lists.push_parameter(position, parameter));
    if let Some(Nested { nesting, attributes, .. }) = &entry.returns.nested {
        let what = match nesting {
            Nesting::Single => "An object",
            Nesting::List => "A list of objects",
            Nesting::Map => "A map of objects",
            Nesting::Set => "A set of objects",
        };
        let _ = write!(lists.text, "\n## Return Type\n\n{what}:\n\n");
        lists.push_list(attributes, "");
    }
    lists.finish()
}

#[cfg(test)]
#[path = "../reference_tests.rs"]
mod tests;
