//! The arrows inside the packages: what may know what, where the compiler does not hold it. A rule that could not fail would
//! be none, so each is first seen to refuse a planted line.

use std::path::Path;

use super::{files, root};

/// A rule on the sources below a place: lines that hold one of these words, comments and tests aside, break it.
struct Rule {
    place: &'static str,
    words: &'static [&'static str],
    comments_too: bool,
}

const RULES: &[Rule] = &[
    Rule { place: "src/iotda", words: &["provider::", "tfplug", "crate::cli"], comments_too: false },
    Rule { place: "src/provider", words: &["crate::cli"], comments_too: false },
    Rule { place: "src/provider/state", words: PURE, comments_too: false },
    Rule {
        place: "src/provider/arguments",
        words: &["data_sources", "state", "ProviderClient"],
        comments_too: false,
    },
    Rule {
        place: "src/provider/functions",
        words: &["data_sources", "state", "ProviderClient", "iotda::"],
        comments_too: false,
    },
    Rule { place: "crates/tfplug/src", words: &["huawei", "iotda"], comments_too: true },
    Rule { place: "crates/tfplug-derive/src", words: &["huawei", "iotda"], comments_too: true },
];

/// What has no place in pure functions: they see the API's model and the state, do no I/O and cannot fail.
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
    "Instances",
    "ReadContext",
    "Diagnostic",
    "ProviderClient",
    "data_sources",
];

/// Dependencies that a package's manifest must not name.
const MANIFESTS: &[(&str, &[&str])] = &[
    ("crates/huaweicloud/Cargo.toml", &["iotda", "tfplug"]),
    ("crates/tfplug/Cargo.toml", &["huawei", "iotda", "reqwest"]),
    ("crates/tfplug-derive/Cargo.toml", &["huawei", "iotda", "tfplug.workspace", "tfplug ="]),
    (
        "crates/iotda-emulator/Cargo.toml",
        &["tfplug", "huaweicloud", "terraform-provider-iotda", "path = \"..", "xtask"],
    ),
];

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
        let files = files(&root().join(place), "rs");
        assert!(!files.is_empty(), "{place} holds nothing");
        let is_tests = |file: &Path| file.to_string_lossy().ends_with("_tests.rs");
        for file in files.iter().filter(|file| *comments_too || !is_tests(file)) {
            let text = std::fs::read_to_string(file).unwrap();
            // Tests may use what they need.
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let found = breaches(text, words, *comments_too);
            assert!(found.is_empty(), "{}: {found:#?}", file.display());
        }
    }
    for (manifest, words) in MANIFESTS {
        let text = std::fs::read_to_string(root().join(manifest)).unwrap();
        let product = text.split("[dev-dependencies]").next().unwrap_or_default();
        let dependencies = product.split_once("dependencies]").map_or("", |(_, rest)| rest);
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
