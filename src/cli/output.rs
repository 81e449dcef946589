//! What is written where.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

use serde_json::Value as Json;
use tfplug::{Diagnostics, Severity, is_invisible};

use super::failure::Failure;

/// Prints to stdout. A reader that has seen enough is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{}", text.trim_end()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes warnings to stderr; errors end the command.
pub(super) fn check(diagnostics: &Diagnostics) -> Result<(), Failure> {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let word = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "{word}: {}", diagnostic.summary);
        if let Some(path) = &diagnostic.path {
            let _ = write!(text, " ({})", option(&path.to_string()));
        }
        let _ = write!(text, "\n\n{}\n\n", diagnostic.detail);
    }
    if diagnostics.has_errors() {
        return Err(Failure::Failed(text));
    }
    write!(std::io::stderr().lock(), "{text}")?;
    Ok(())
}

/// What an argument of the data source is called on the command line.
fn option(path: &str) -> &str {
    match path {
        "instance_id" => "--instance-id",
        "name" => "--name",
        "region" => "--region",
        "timeouts.read" => "--timeout",
        other => other,
    }
}

/// JSON for programs, or lines for people.
pub(super) fn show(value: &Json, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return print(&format!("{value:#}"));
    }
    let mut text = String::new();
    push(&mut text, value, 0);
    print(&text)
}

/// Indented lines; what is null or empty is left out.
fn push(text: &mut String, value: &Json, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Json::Object(entries) => {
            for (key, value) in entries.iter().filter(|(_, value)| !is_empty(value)) {
                let key = harmless(key);
                // Writing to a String cannot fail.
                if is_nested(value) {
                    let _ = writeln!(text, "{indent}{key}:");
                    push(text, value, depth + 1);
                } else {
                    let _ = writeln!(text, "{indent}{key}: {}", scalar(value));
                }
            }
        }
        Json::Array(elements) => {
            for element in elements {
                if is_nested(element) {
                    let _ = writeln!(text, "{indent}-");
                    push(text, element, depth + 1);
                } else {
                    let _ = writeln!(text, "{indent}- {}", scalar(element));
                }
            }
        }
        scalar_value => {
            let _ = writeln!(text, "{indent}{}", scalar(scalar_value));
        }
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(elements) => elements.is_empty(),
        Json::Object(entries) => entries.values().all(is_empty),
        _ => false,
    }
}

fn is_nested(value: &Json) -> bool {
    value.is_object() || value.is_array()
}

/// Text of the API may hold what a terminal obeys.
fn scalar(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    harmless(&text)
}

/// A text without what a terminal obeys.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_invisible(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_get_lines_without_what_is_empty() {
        let value = json!({"a": 1, "b": null, "c": [], "d": {"e": "x\u{1b}[31m", "f": null}, "g": ["y", {"\u{7}h": true}]});
        let mut text = String::new();
        push(&mut text, &value, 0);
        assert_eq!(text, "a: 1\nd:\n  e: x\u{fffd}[31m\ng:\n  - y\n  -\n    \u{fffd}h: true\n");
    }
}
