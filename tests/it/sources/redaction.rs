//! Whoever holds a secret says itself what is shown of it: a derived `Debug` would grow with the struct, unseen.

use super::{files, packages, root};

/// Types that hold what is secret. Those that redact themselves are among them: beside them stands what does not.
const TYPES: &[&str] = &[
    "Secret",
    "SecretString",
    "SecretBox",
    "Zeroizing",
    "CertifiedKey",
    "PrivateKeyDer",
    "PrivatePkcs8KeyDer",
    "KeyPair",
    "SigningKey",
];

/// Names that only secrets have, whatever their type.
const NAMES: &[&str] =
    &["password", "secret", "secret_key", "secret_access_key", "security_token", "id_token"];

/// Packages that hold no secret of anybody's.
const TOOLS: &[&str] = &["iotda-emulator", "xtask"];

/// What is left out: it is compiled into tests only, or has no secret but its name.
const EXCEPTIONS: &[(&str, &str)] = &[
    // A host for tests.
    ("crates/tfplug/src/testing/identity.rs", "Identity"),
];

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The structs and enums of a text that derive `Debug` although they hold a secret.
fn breaches(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    while let Some(line) = lines.next() {
        let attribute = line.trim_start();
        if !attribute.starts_with("#[derive(") || !words(attribute).any(|word| word == "Debug") {
            continue;
        }
        let Some(head) =
            lines.by_ref().find(|line| words(line).any(|word| matches!(word, "struct" | "enum")))
        else {
            break;
        };
        let name =
            words(head).skip_while(|word| !matches!(*word, "struct" | "enum")).nth(1).unwrap_or_default();
        let mut body = vec![head];
        if !head.contains(';') && !head.contains('}') {
            body.extend(lines.by_ref().take_while(|line| !line.starts_with('}')));
        }
        let secret = |line: &&str| {
            let field = line.split_once(':').map(|(names, _)| words(names).last().unwrap_or_default());
            words(line).any(|word| TYPES.contains(&word) && word != name)
                || field.is_some_and(|field| NAMES.contains(&field))
        };
        if body.iter().any(secret) {
            found.push(name.to_owned());
        }
    }
    found
}

#[test]
fn no_debug_is_derived_where_a_secret_is_held() {
    let packages = packages().into_iter().filter(|package| !TOOLS.iter().any(|tool| package.ends_with(tool)));
    let files: Vec<_> = packages.flat_map(|package| files(&package.join("src"), "rs")).collect();
    assert!(files.len() > 50);
    for file in files {
        let place = file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        let found = breaches(&std::fs::read_to_string(&file).unwrap());
        let found: Vec<_> = found.iter().filter(|name| !EXCEPTIONS.contains(&(&*place, name))).collect();
        assert!(found.is_empty(), "{place}: {found:?} derive Debug and hold a secret");
    }
}

#[test]
fn the_search_finds_what_is_planted() {
    for (text, breach) in [
        ("#[derive(Debug)]\nstruct A {\n    key: SecretString,\n}\n", true),
        (
            "#[derive(Clone, Debug)]\n#[serde(default)]\npub(crate) struct A {\n    a: Option<Arc<Secret>>,\n}\n",
            true,
        ),
        ("#[derive(Debug)]\nstruct A(SecretString);\n", true),
        ("#[derive(Debug)]\nstruct A {\n    pub password: String,\n}\n", true),
        ("#[derive(Debug)]\nenum A {\n    Key(PrivateKeyDer<'static>),\n}\n", true),
        (
            "#[derive(Debug)]\nstruct A {\n    name: String, // no SecretString\n}\nstruct B {\n    b: Secret,\n}\n",
            false,
        ),
        ("#[derive(Clone)]\nstruct A {\n    key: SecretString,\n}\n", false),
        ("#[derive(Debug)]\nstruct A;\nstruct B {\n    key: SecretString,\n}\n", false),
    ] {
        assert_eq!(!breaches(text).is_empty(), breach, "{text}");
    }
}
