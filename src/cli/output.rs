//! Output to stdout and stderr.

use std::io::{self, ErrorKind, Write};

use serde_json::Value as Json;
use tfplug::{Diagnostic, Diagnostics, is_invisible};

use super::failure::Failure;

/// Prints to stdout, with one line end.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    Ok(write(&mut io::stdout(), &format!("{}\n", text.trim_end()))?)
}

/// Writes a text at once. It is not an error if the reader closes the pipe.
pub(super) fn write(lines: &mut dyn Write, text: &str) -> io::Result<()> {
    match lines.write_all(text.as_bytes()).and_then(|()| lines.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes warnings to stderr; fails if there are errors.
pub(super) fn check(diagnostics: &Diagnostics) -> Result<(), Failure> {
    let mut text = String::new();
    for Diagnostic { severity, summary, detail, path, .. } in diagnostics {
        let at = path.as_ref().map(|path| format!(" ({})", option(&path.to_string()))).unwrap_or_default();
        text += &format!("{severity}: {summary}{at}\n\n{detail}\n\n");
    }
    if diagnostics.has_errors() {
        return Err(Failure::Failed(text));
    }
    write!(io::stderr().lock(), "{text}")?;
    Ok(())
}

/// Returns the name of the option for an argument of the data source.
fn option(path: &str) -> &str {
    match path {
        "instance_id" => "--instance-id",
        "name" => "--name",
        "region" => "--region",
        "timeouts.read" => "--timeout",
        other => other,
    }
}

/// Prints the value as JSON or as lines of text.
pub(super) fn show(value: &Json, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return print(&format!("{value:#}"));
    }
    let mut text = String::new();
    push(&mut text, value, 0);
    print(&text)
}

/// Prints one value for programs: a text unchanged, anything else as JSON or as lines.
pub(super) fn show_field(state: &Json, path: &str, as_json: bool) -> Result<(), Failure> {
    match field(state, path).map_err(Failure::Failed)? {
        Json::Null => Err(Failure::Failed(format!("error: `{path}` is null"))),
        value => show(value, as_json),
    }
}

/// Returns the value at a path of names and indices, separated by dots. If keys contain dots, the longest key that
/// matches is used.
fn field<'a>(state: &'a Json, path: &str) -> Result<&'a Json, String> {
    let (mut value, mut rest, mut parent) = (state, path, "the instance");
    while !rest.is_empty() {
        let children = children(value);
        let fits =
            |key: &str| rest.strip_prefix(key).is_some_and(|more| more.is_empty() || more.starts_with('.'));
        let child = children.iter().filter(|(key, _)| fits(key)).max_by_key(|(key, _)| key.len());
        let Some((key, child)) = child else {
            let known: Vec<&str> = children.iter().map(|(key, _)| &**key).collect();
            let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
            return Err(format!("error: there is no `{path}`: {parent} has {}", harmless(&known)));
        };
        parent = path.get(..path.len() - rest.len() + key.len()).unwrap_or(path);
        rest = rest.get(key.len() + 1..).unwrap_or_default();
        value = child;
    }
    Ok(value)
}

/// Returns the values in an object or array, each with its key or index.
fn children(value: &Json) -> Vec<(String, &Json)> {
    match value {
        Json::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Json::Array(elements) => (0..).map(|index: usize| index.to_string()).zip(elements).collect(),
        _ => Vec::new(),
    }
}

/// Appends the value as indented lines, without null and empty values.
fn push(text: &mut String, value: &Json, depth: usize) {
    let indent = "  ".repeat(depth);
    if !is_nested(value) {
        *text += &format!("{indent}{}\n", scalar(value));
    }
    for (key, child) in children(value) {
        let label = match value {
            Json::Array(_) => "-".to_owned(),
            _ if is_empty(child) => continue,
            _ => format!("{}:", harmless(&key)),
        };
        if is_nested(child) {
            *text += &format!("{indent}{label}\n");
            push(text, child, depth + 1);
        } else {
            *text += &format!("{indent}{label} {}\n", scalar(child));
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

/// Formats a plain value. Text from the API may contain terminal control sequences.
fn scalar(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), harmless)
}

/// Removes terminal control sequences from a text.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_invisible(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_found_by_its_path_and_else_the_names_are_listed() {
        let state = json!({"tags": {"a.b": "dotted", "a": "plain"}, "list": [{"x": 1}], "endpoints": {"DEVICE_MQTT": {}}});
        for (path, expected) in [
            ("tags.a.b", Ok(json!("dotted"))),
            ("tags.a", Ok(json!("plain"))),
            ("list.0.x", Ok(json!(1))),
            ("endpoints.DEVICE_MQT", Err("endpoints has DEVICE_MQTT")),
            ("list.1", Err("list has 0")),
            ("list.0.x.y", Err("list.0.x has nothing")),
            ("tag", Err("the instance has endpoints, list, tags")),
        ] {
            match (field(&state, path), expected) {
                (found, Ok(expected)) => assert_eq!(found, Ok(&expected), "{path}"),
                (found, Err(part)) => {
                    assert!(found.as_ref().unwrap_err().ends_with(part), "{path}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn people_get_lines_without_what_is_empty() {
        let value = json!({"a": 1, "b": null, "c": [], "d": {"e": "x\u{1b}[31m", "f": null}, "g": ["y", {"\u{7}h": true}]});
        let mut text = String::new();
        push(&mut text, &value, 0);
        assert_eq!(text, "a: 1\nd:\n  e: x\u{fffd}[31m\ng:\n  - y\n  -\n    \u{fffd}h: true\n");
    }
}
