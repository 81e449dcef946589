//! Who may know whom. The layers are those of the crate's documentation; a rule that could not fail would be none, so
//! each is first seen to refuse a planted line.

use std::path::{Path, PathBuf};

/// A rule on the sources below a place: lines that hold one of these words, comments aside, break it.
struct Rule {
    place: &'static str,
    words: &'static [&'static str],
    comments_too: bool,
}

const RULES: &[Rule] = &[
    Rule {
        place: "src/huaweicloud",
        words: &["provider::", "tfplug", "iotda::", "iotda_provider", "crate::cli", "iotda_emulator"],
        comments_too: false,
    },
    Rule {
        place: "src/iotda",
        words: &["provider::", "tfplug", "crate::cli", "iotda_emulator"],
        comments_too: false,
    },
    // Flatten sees the API's model and the state, does no I/O and cannot fail.
    Rule { place: "src/provider/flatten.rs", words: PURE, comments_too: false },
    Rule { place: "src/provider/endpoints.rs", words: PURE, comments_too: false },
    Rule { place: "src/provider/attributes.rs", words: PURE, comments_too: false },
    Rule { place: "crates/tfplug/src", words: &["huawei", "iotda"], comments_too: true },
    Rule { place: "crates/tfplug-derive/src", words: &["huawei", "iotda"], comments_too: true },
    Rule {
        place: "crates/iotda-emulator/src",
        words: &["iotda_provider", "tfplug", "huaweicloud"],
        comments_too: false,
    },
];

/// What has no place in a pure function.
const PURE: &[&str] = &[
    "async",
    "await",
    "tokio",
    "reqwest",
    "huaweicloud",
    "std::fs",
    "std::net",
    "std::io",
    "std::env",
    "std::time",
    "tracing",
    "Result<",
    "unwrap()",
    "expect(",
    "panic!",
    "InstanceClient",
    "ReadContext",
    "Diagnostic",
];

/// Dependencies that a package's manifest must not name.
const MANIFESTS: &[(&str, &[&str])] = &[
    ("crates/tfplug/Cargo.toml", &["huawei", "iotda", "reqwest"]),
    ("crates/tfplug-derive/Cargo.toml", &["huawei", "iotda", "tfplug.workspace", "tfplug ="]),
    ("crates/iotda-emulator/Cargo.toml", &["tfplug", "terraform-provider-iotda", "path = \"..", "xtask"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.flat_map(|entry| sources(&entry.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files
}

/// The lines of a text that break a rule.
fn breaches(text: &str, words: &[&str], comments_too: bool) -> Vec<String> {
    let code = |line: &str| if comments_too { line.to_owned() } else { without_comment(line).to_owned() };
    let bad = |line: &str| {
        let line = code(line);
        let lower = line.to_lowercase();
        words.iter().any(|word| if comments_too { lower.contains(word) } else { has_word(&line, word) })
    };
    text.lines().filter(|line| bad(line)).map(|line| line.trim().to_owned()).collect()
}

fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// Whether the word stands there, and not only as the end of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn every_layer_knows_only_what_is_below_it() {
    for Rule { place, words, comments_too } in RULES {
        let files = sources(&root().join(place));
        assert!(!files.is_empty(), "{place} holds nothing");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            // Tests may use what they need.
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let found = breaches(text, words, *comments_too);
            assert!(found.is_empty(), "{}: {found:#?}", file.display());
        }
    }
    for (manifest, words) in MANIFESTS {
        let text = std::fs::read_to_string(root().join(manifest)).unwrap();
        let dependencies = text.split_once("dependencies]").map_or("", |(_, rest)| rest);
        assert!(!dependencies.is_empty(), "{manifest} has no dependencies");
        let lines = dependencies.lines().filter(|line| !line.starts_with('#'));
        let found: Vec<_> = lines.filter(|line| words.iter().any(|word| line.contains(word))).collect();
        assert!(found.is_empty(), "{manifest}: {found:#?}");
    }
}

#[test]
fn every_rule_refuses_a_planted_line() {
    for Rule { place, words, comments_too, .. } in RULES {
        for word in *words {
            let planted = format!("fn honest() {{}}\nuse {word}x;\n// a comment\n");
            assert_eq!(breaches(&planted, words, *comments_too).len(), 1, "{place}: {word}");
            let comment = format!("// {word}\n");
            assert_eq!(
                breaches(&comment, words, *comments_too).len(),
                usize::from(*comments_too),
                "{place}: {word}"
            );
        }
    }
    assert_eq!(breaches("use crate::iotda::Instance;", &["iotda::"], false).len(), 1);
    assert_eq!(breaches("let not_iotda::x;", &["iotda::"], false).len(), 0);
    assert_eq!(breaches("/// For HuaweiCloud.", &["huawei"], true).len(), 1);
}
