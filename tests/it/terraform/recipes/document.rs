//! Markdown whose fenced blocks are run: files, commands, and what the commands printed.

use std::path::{Path, PathBuf};

use tfplug::testing::terraform::Workspace;

use super::{File, is_tofu};
use crate::support::{Outcome, is_blessed};

/// Stands for any lines, in what a command printed.
const ELISION: &str = "…";

/// A document below the root of the repository.
pub(crate) struct Document {
    path: PathBuf,
    pub(super) text: String,
}

/// A fenced block, with the HTML comment on the line before it, if any.
pub(crate) struct Fence {
    pub(crate) language: String,
    pub(crate) comment: Option<String>,
    pub(crate) body: String,
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Document {
    pub(crate) fn read(path: &str) -> Outcome<Self> {
        let path = root().join(path);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path, text })
    }

    pub(crate) fn fences(&self) -> Vec<Fence> {
        let mut fences = Vec::new();
        let mut before = "";
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let comment = before.strip_prefix("<!-- ").and_then(|text| text.strip_suffix(" -->"));
                let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let body = body.into_iter().flat_map(|line| [line, "\n"]).collect();
                let (language, comment) = (language.to_owned(), comment.map(str::to_owned));
                fences.push(Fence { language, comment, body });
            }
            before = line;
        }
        fences
    }

    /// The blocks that are files, with their names: `<!-- file: main.tf -->` is the line before.
    pub(super) fn files(&self) -> Vec<File> {
        let name = |fence: &Fence| fence.comment.as_ref()?.strip_prefix("file: ").map(str::to_owned);
        self.fences().into_iter().filter_map(|fence| Some((name(&fence)?, fence.body))).collect()
    }

    /// Runs the command of each `console` block, and compares what it prints. OpenTofu's words are compared where they
    /// are the same. With `BLESS=1` a block without an elision is written anew. How many blocks there were.
    pub(super) async fn replay(&mut self, terraform: &Workspace) -> Outcome<usize> {
        let consoles: Vec<_> =
            self.fences().into_iter().filter(|fence| fence.language == "console").collect();
        for Fence { body, .. } in &consoles {
            let (command, expected) = body.split_once('\n').ok_or("an empty console block")?;
            let arguments =
                command.strip_prefix("$ terraform ").ok_or_else(|| format!("{command:?} is not run"))?;
            let arguments: Vec<&str> = arguments.split(' ').collect();
            let words_differ = is_tofu()? && arguments.first() != Some(&"output");
            if words_differ && arguments.first() != Some(&"apply") {
                continue;
            }
            let run = terraform.run(&arguments).await?.succeeded()?;
            if words_differ {
                continue;
            }
            let printed = run.stdout.trim_end().lines();
            let found: String = printed.flat_map(|line| [line.trim_end(), "\n"]).collect();
            if is_blessed() && !expected.contains(ELISION) {
                self.text = self.text.replace(body.as_str(), &format!("{command}\n{found}"));
                std::fs::write(&self.path, &self.text)?;
            } else if !fits(expected, &found) {
                let path = self.path.display();
                return Err(
                    format!("{path} shows for `{command}`:\n{expected}\nbut it printed:\n{found}").into()
                );
            }
        }
        Ok(consoles.len())
    }
}

/// Whether a text is what was expected, with any lines in place of each elision.
fn fits(expected: &str, found: &str) -> bool {
    let elision = format!("{ELISION}\n");
    let Some((start, rest)) = expected.split_once(&elision) else { return expected == found };
    let Some(mut found) = found.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split(&elision).collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match found.split_once(part) {
            Some((_, after)) => found = after,
            None => return false,
        }
    }
    found.ends_with(end)
}

#[test]
fn an_elision_stands_for_any_lines_and_for_nothing_else() {
    for (expected, found, good) in [
        ("a\nb\n", "a\nb\n", true),
        ("a\n", "a\nb\n", false),
        ("…\nb\n", "a\nb\n", true),
        ("a\n…\n", "a\nb\n", true),
        ("a\n…\nc\n…\ne\n", "a\nb\nc\nd\ne\n", true),
        ("a\n…\nx\n…\ne\n", "a\nb\nc\nd\ne\n", false),
        ("…\nb\n", "a\nb\nc\n", false),
        ("b\n…\n", "a\nb\nc\n", false),
    ] {
        assert_eq!(fits(expected, found), good, "{expected:?} and {found:?}");
    }
}
