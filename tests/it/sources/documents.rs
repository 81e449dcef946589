//! What the documents name exists: tests, modules of tests, fuzz targets and files.

use std::collections::BTreeSet;
use std::path::Path;

use super::{files, markdown, packages, root};

/// Where a document's paths may begin.
const PLACES: &[&str] = &["src", "tests", "crates", "fuzz", "benches", "docs", "examples", ".ci", ".github"];

/// What may be named: each test as `module::path::name`, with `::` around it; and the fuzz targets.
struct Names {
    tests: BTreeSet<String>,
    targets: BTreeSet<String>,
    packages: BTreeSet<String>,
}

impl Names {
    fn of_the_repository() -> Self {
        let stems = |place: &str| {
            let files = files(&root().join(place), "rs").into_iter();
            files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect()
        };
        let mut tests = BTreeSet::new();
        for place in packages().iter().flat_map(|package| [package.join("src"), package.join("tests/it")]) {
            for file in files(&place, "rs") {
                let module = module(file.strip_prefix(&place).unwrap());
                tests.extend(tests_of(&module, &std::fs::read_to_string(&file).unwrap()));
            }
        }
        let packages =
            packages().into_iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
        Self { tests, targets: stems("fuzz/fuzz_targets"), packages: packages.collect() }
    }

    /// Whether tests have these segments side by side in their paths, as a filter of `cargo test` would find them.
    fn is_test(&self, name: &str) -> bool {
        let name = format!("::{name}::");
        self.tests.iter().any(|test| test.contains(&name))
    }

    fn is_in_a_test(&self, part: &str) -> bool {
        self.tests.iter().any(|test| test.contains(part))
    }
}

/// The module that a file is: `a/mod.rs` is `a`, and `a_tests.rs` is `a::tests`.
fn module(file: &Path) -> Vec<String> {
    let path = file.with_extension("").to_string_lossy().replace('\\', "/").replace("_tests", "/tests");
    let roots = ["lib", "main", "mod"];
    path.split('/').filter(|segment| !roots.contains(segment)).map(str::to_owned).collect()
}

/// The tests of a file, those of the modules in it too.
fn tests_of(module: &[String], text: &str) -> Vec<String> {
    let mut modules = module.to_vec();
    let mut ends: Vec<String> = Vec::new();
    let (mut found, mut marked) = (Vec::new(), false);
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if ends.last().is_some_and(|end| end == line) {
            ends.pop();
            modules.pop();
        } else if let Some(name) = code.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {")) {
            modules.push(name.to_owned());
            ends.push(format!("{}}}", " ".repeat(indent)));
        } else if code == "#[test]" || code.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some((_, rest)) = code.split_once("fn ").filter(|_| marked) {
            let name = rest.split('(').next().unwrap_or_default();
            found.push(format!("::{}::{name}::", modules.join("::")));
            marked = false;
        }
    }
    found
}

/// The names in a document that nothing has.
fn wrong(text: &str, directory: &Path, names: &Names) -> Vec<String> {
    let (mut found, mut fenced, mut header) = (Vec::new(), false, Vec::new());
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        found.extend(spans(line).filter(|(_, span)| !exists(span, directory, names)).map(|(_, span)| span));
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            header.clear();
        } else if header.is_empty() {
            header = cells;
        } else {
            for (head, cell) in header.iter().zip(cells) {
                found.extend(wrong_in_cell(head, cell, names));
            }
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// The wrong names in a column that holds tests, or fuzz targets.
fn wrong_in_cell<'a>(head: &str, cell: &'a str, names: &Names) -> Vec<&'a str> {
    let mut targets = head == "fuzz target";
    if !targets && !["where", "shown by"].contains(&head) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (before, span) in spans(cell) {
        targets =
            head == "fuzz target" || before.contains("fuzz target") || (targets && before.trim() == ",");
        let known = if targets {
            names.targets.contains(span)
        } else {
            names.is_test(span) || names.packages.contains(span)
        };
        if !known && !is_path(span) {
            found.push(span);
        }
    }
    found
}

/// What stands between backticks, each with the text before it.
fn spans(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts: Vec<&str> = line.split('`').collect();
    parts
        .chunks_exact(2)
        .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether there is what a span names, if it names a path, tests by their path, or those of a `cargo test`.
fn exists(span: &str, directory: &Path, names: &Names) -> bool {
    if is_path(span) {
        return alternatives(span).iter().all(|path| {
            [root(), directory].into_iter().any(|base| is_there(base, &path.split('/').collect::<Vec<_>>()))
        });
    }
    if let Some((_, arguments)) = span.split_once("cargo test ") {
        return filter_of(arguments).is_none_or(|filter| names.is_in_a_test(filter));
    }
    let segments: Vec<&str> = span.split("::").collect();
    let snake = |text: &&str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    // What Terraform's own language and this repository's libraries name looks the same.
    let elsewhere = span.starts_with("provider::iotda::") || names.packages.contains(segments[0]);
    segments.len() == 1 || !segments.iter().all(snake) || elsewhere || names.is_test(span)
}

/// The filter among the arguments of a `cargo test`.
fn filter_of(arguments: &str) -> Option<&str> {
    let mut words = arguments.split(' ');
    while let Some(word) = words.next() {
        match word {
            "-p" | "--test" => drop(words.next()),
            word if word.starts_with('-') => {}
            word => return Some(word).filter(|word| !["NAME", "…"].contains(word)),
        }
    }
    None
}

fn is_path(span: &str) -> bool {
    let first = span.split('/').next().unwrap_or_default();
    span.contains('/') && PLACES.contains(&first) && !span.contains(' ')
}

/// `a/{b,c}.rs` is `a/b.rs` and `a/c.rs`.
fn alternatives(path: &str) -> Vec<String> {
    match path.split_once('{').and_then(|(start, rest)| Some((start, rest.split_once('}')?))) {
        None => vec![path.to_owned()],
        Some((start, (choices, end))) => choices.split(',').map(|one| format!("{start}{one}{end}")).collect(),
    }
}

/// Whether a path is there; a segment may have a star in it, or be `NAME`.
fn is_there(base: &Path, segments: &[&str]) -> bool {
    let Some((first, rest)) = segments.split_first() else { return base.exists() };
    if first.is_empty() {
        return base.is_dir();
    }
    let (start, end) = if *first == "NAME" { ("", "") } else { first.split_once('*').unwrap_or((first, "")) };
    if start == *first {
        return is_there(&base.join(first), rest);
    }
    std::fs::read_dir(base).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(start) && name.ends_with(end) && is_there(&entry.path(), rest)
    })
}

#[test]
fn every_test_and_path_that_a_document_names_exists() {
    let names = Names::of_the_repository();
    let mut found = BTreeSet::new();
    for document in markdown() {
        let text = std::fs::read_to_string(&document).unwrap();
        let place = document.strip_prefix(root()).unwrap().display();
        let missing = wrong(&text, document.parent().unwrap(), &names);
        found.extend(missing.iter().map(|name| format!("{place}: {name}")));
    }
    assert!(found.is_empty(), "what is named is not there: {found:#?}");
}

#[test]
fn the_search_finds_what_is_planted() {
    let file = "mod unix {\n    #[tokio::test(x = 1)]\n    async fn it_ends() -> Outcome {\n    }\n}\n#[test]\nfn here() {}\nfn helper() {}\n";
    let tests: BTreeSet<_> = tests_of(&module(Path::new("a/b_tests.rs")), file).into_iter().collect();
    assert_eq!(tests, ["::a::b::tests::here::", "::a::b::tests::unix::it_ends::"].map(String::from).into());
    let targets = BTreeSet::from(["bodies".to_owned(), "urls".to_owned()]);
    let names = Names { tests, targets, packages: BTreeSet::from(["tfplug".to_owned()]) };
    let table = |cell: &str| format!("| | where |\n|---|---|\n| x | {cell} |\n");
    for (text, expected) in [
        (table("`tfplug`: `b`, `a::b::tests`, fuzz targets `bodies`, `urls`"), &[][..]),
        (table("`b`, `c`"), &["c"]),
        (table("fuzz target `bodies`, `nobody`"), &["nobody"]),
        (table("`unix::it_ends`, `unix::here`"), &["unix::here", "unix::here"]),
        ("`b::tests::unix` and `b::unix`, `Option::None`, `single`".to_owned(), &["b::unix"]),
        ("`tests/it/{main,support}.rs`, `tests/*/instances/NAME`, `tests/it/`".to_owned(), &[]),
        (
            "`tests/it/{main,gone}.rs` `tests/it/*.md`".to_owned(),
            &["tests/it/{main,gone}.rs", "tests/it/*.md"],
        ),
        (
            "`X=1 cargo test -p tfplug it_e`, `cargo test NAME`, `cargo test --test it gone`".to_owned(),
            &["cargo test --test it gone"],
        ),
        ("```\n`b::unix`\n```\n".to_owned(), &[]),
    ] {
        assert_eq!(wrong(&text, root(), &names), expected, "{text}");
    }
}
