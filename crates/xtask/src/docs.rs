//! `cargo xtask docs`: the reference pages, from the definitions and the examples.

use std::path::Path;

use anyhow::Context as _;
use iotda_provider::provider::IotdaProvider;
use tfplug::reference::{Example, Page, Subject, pages};

use crate::command_line::no_options;
use crate::project;
use crate::terminal::print;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask docs

Writes the reference pages below docs/ from the definitions of the provider and the examples.
";

pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    no_options(parser)?;
    let root = project::root()?;
    for Page { path, text } in rendered(root)? {
        let path = Path::new("docs").join(path);
        let file = root.join(&path);
        std::fs::create_dir_all(file.parent().unwrap_or(root))?;
        let changed = std::fs::read_to_string(&file).ok().as_deref() != Some(&text);
        std::fs::write(&file, text).with_context(|| format!("{} cannot be written", path.display()))?;
        if changed {
            print(&format!("Wrote {}", path.display()))?;
        }
    }
    Ok(())
}

fn rendered(root: &Path) -> anyhow::Result<Vec<Page>> {
    Ok(pages::<IotdaProvider>(|subject| example(root, subject))?)
}

/// The example of a page, where the Registry's conventions put it, with what it prints beside it.
fn example(root: &Path, subject: Subject) -> Option<Example> {
    let file = match subject {
        Subject::Provider => "examples/provider/provider.tf".to_owned(),
        Subject::DataSource(name) => format!("examples/data-sources/{name}/data-source.tf"),
        Subject::Function(name) => format!("examples/functions/{name}/function.tf"),
    };
    let file = root.join(file);
    let configuration = std::fs::read_to_string(&file).ok()?;
    let output = std::fs::read_to_string(file.with_file_name("output.txt")).ok();
    Some(Example { configuration, output })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// `cargo xtask docs` mends it.
    #[test]
    fn the_pages_are_what_the_definitions_and_examples_say() {
        let root = project::root().unwrap();
        let pages = rendered(root).unwrap();
        for Page { path, text } in &pages {
            let kept = std::fs::read_to_string(root.join("docs").join(path)).unwrap_or_default();
            assert!(kept == *text, "docs/{path} is out of date: run `cargo xtask docs`");
        }
        let expected: BTreeSet<_> = pages.into_iter().map(|page| page.path).collect();
        for kind in ["data-sources", "functions"] {
            for file in std::fs::read_dir(root.join("docs").join(kind)).unwrap() {
                let path = format!("{kind}/{}", file.unwrap().file_name().into_string().unwrap());
                assert!(expected.contains(&path), "docs/{path} describes nothing that there is");
            }
        }
    }

    #[test]
    fn every_page_has_an_example_and_what_it_prints() {
        for Page { path, text } in rendered(project::root().unwrap()).unwrap() {
            assert!(text.contains("## Example Usage"), "docs/{path} has no example");
            assert!(text.contains("\nIt prints:\n"), "docs/{path} does not show what its example prints");
        }
    }
}
