//! One vocabulary, and phrases that must not come back, in documents, comments and messages. "Style" in CONTRIBUTING.md has
//! the rules of which these are examples.

use std::collections::BTreeSet;
use std::path::Path;

use super::{files, root};

/// Files and directories that are searched: Markdown, Rust, HCL and YAML below them. A place that becomes clean is added.
const PLACES: &[&str] = &[
    ".github",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DESIGN.md",
    "README.md",
    "README.zh-CN.md",
    "RELEASING.md",
    "SECURITY.md",
    "crates/huaweicloud",
    "crates/iotda-emulator/README.md",
    "crates/iotda-emulator/src",
    "crates/tfplug",
    "crates/tfplug-derive",
    "crates/xtask",
    "docs",
    "examples",
    "fuzz/README.md",
    "src",
];

const EXTENSIONS: &[&str] = &["md", "rs", "tf", "hcl", "yml"];

/// What is not written, in lower case, and what is written instead.
const PHRASES: &[(&str, &str)] = &[
    ("also `hw_", "Can also be set with `HW_…`"),
    ("also `os_", "Can also be set with `OS_…`"),
    ("anew", "again"),
    ("answer", "response"),
    ("answered", "responded, returned"),
    ("answers", "responses, returns"),
    ("half a credential", "an incomplete set of credentials"),
    ("hangs up", "closes the connection"),
    ("in passing", "transient"),
    ("knows no", "does not exist, unknown"),
    ("leave out", "omit, remove"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("on the way", "on the network path"),
    ("sent again", "retried"),
    ("sent along", "sent too"),
    ("set the clock right", "correct the clock"),
    ("tells", "reports, describes"),
    ("time-out", "timeout"),
    ("told", "reported"),
    ("tried again", "retried"),
    ("when not given", "Defaults to"),
    ("whoever", "anyone who"),
];

/// What a reader sees of a file: the whole of a document, the comments and strings of a program, white space collapsed.
fn prose(path: &Path, text: &str) -> String {
    let rust = path.extension().is_some_and(|extension| extension == "rs");
    let prose = if rust { comments_and_strings(text) } else { text.to_owned() };
    prose.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Stands between two strings, so that no phrase runs from one into the other.
const BREAK: &str = " ¦ ";

fn comments_and_strings(text: &str) -> String {
    let mut prose = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let (part, after) = if let Some(comment) = rest.strip_prefix("//") {
            let (line, after) = comment.split_once('\n').unwrap_or((comment, ""));
            prose.push(' ');
            (line.trim_start_matches(['/', '!']), after)
        } else if let Some((open, close)) = raw_string(rest) {
            prose.push_str(BREAK);
            rest.get(open..).and_then(|body| body.split_once(close.as_str())).unwrap_or_default()
        } else if next == '"' {
            prose.push_str(BREAK);
            string(&rest[1..])
        } else if let Some(literal) = ["'\"'", "'\\\"'"].into_iter().find(|it| rest.starts_with(*it)) {
            ("", &rest[literal.len()..])
        } else {
            ("", &rest[next.len_utf8()..])
        };
        prose.push_str(part);
        rest = after;
    }
    prose
}

/// The length of the start of a raw string, and its end.
fn raw_string(text: &str) -> Option<(usize, String)> {
    let hashes = text.strip_prefix('r')?;
    let body = hashes.trim_start_matches('#');
    let count = hashes.len() - body.len();
    body.starts_with('"').then(|| (count + 2, format!("\"{}", "#".repeat(count))))
}

/// The text of a string up to its end, and what follows.
fn string(text: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or((text, ""), |end| (&text[..end], &text[end + 1..]))
}

/// The phrases in a text, each with its surroundings and what to write. Names of tests, files and code are left out.
fn found(prose: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (phrase, instead) in PHRASES {
        for (at, _) in prose.match_indices(phrase) {
            let before = prose[..at].chars().next_back();
            let after = prose[at + phrase.len()..].chars().next();
            let is_name = before.is_some_and(|c| c.is_alphanumeric() || "_:/`-{".contains(c));
            let is_quoted = before == Some('"') && after == Some('"');
            let goes_on = phrase.ends_with(char::is_alphabetic) && after.is_some_and(char::is_alphanumeric);
            if !is_name && !is_quoted && !goes_on {
                let around: String = prose[at..].chars().take(60).collect();
                found.push(format!("{around:?}: {instead}"));
            }
        }
    }
    found
}

#[test]
fn no_clean_place_has_an_outworn_phrase() {
    let mut all = Vec::new();
    for place in PLACES {
        let files: BTreeSet<_> = EXTENSIONS.iter().flat_map(|it| files(&root().join(place), it)).collect();
        assert!(!files.is_empty(), "{place} has nothing to read");
        for file in files {
            let text = prose(&file, &std::fs::read_to_string(&file).unwrap());
            let place = file.strip_prefix(root()).unwrap().display();
            all.extend(found(&text).into_iter().map(|phrase| format!("{place}: {phrase}")));
        }
    }
    assert!(all.is_empty(), "to be reworded: {all:#?}");
}

#[test]
fn every_phrase_is_found_where_it_is_planted() {
    for (phrase, _) in PHRASES {
        assert!(phrase.chars().all(|c| !c.is_uppercase()), "{phrase}");
        assert!(!found(&format!("x {phrase}")).is_empty(), "{phrase}");
    }
    let document = |text: &str| found(&prose(Path::new("a.md"), text)).len();
    assert_eq!(document("5 When\nnot given, and `plugin::answers`, `tests/told.rs`, tolder, retold."), 1);
    let program = |text: &str| found(&prose(Path::new("a.rs"), text)).len();
    assert_eq!(program("/// Is 5 when\n/// not given.\nlet answer = 1;\n"), 1);
    assert_eq!(program("let x = \"told \\\" told\"; let told = '\"'; // told\n"), 3);
    assert_eq!(program("let x = r#\"a \"b\" told\"#; let told = 2; f(\"when\", \"not given\");"), 1);
}
