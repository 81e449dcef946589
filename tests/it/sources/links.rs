//! Links between documents lead to files and headings that exist.

use std::path::Path;

use super::markdown;

/// The targets of links outside fenced blocks.
fn targets(text: &str) -> Vec<&str> {
    let prose = text.split("\n```").step_by(2);
    let links = prose.flat_map(|prose| prose.split("](").skip(1));
    links.filter_map(|rest| Some(rest.split_once(')')?.0)).collect()
}

/// Whether a document has a heading, or an HTML element, that this fragment names.
fn has_fragment(text: &str, fragment: &str) -> bool {
    let slug = |heading: &str| -> String {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase()
    };
    let headings = text.lines().filter(|line| line.starts_with('#'));
    text.contains(&format!("id=\"{fragment}\""))
        || headings.map(|line| slug(line.trim_start_matches('#'))).any(|found| found == fragment)
}

/// The links of a document that lead nowhere.
fn broken<'a>(document: &Path, text: &'a str) -> Vec<&'a str> {
    let leads = |target: &&str| {
        // A placeholder shows the form of a link.
        if target.contains("://") || *target == "…" {
            return true;
        }
        let (file, fragment) = target.split_once('#').map_or((*target, None), |(file, it)| (file, Some(it)));
        let file = if file.is_empty() { document } else { &document.with_file_name("").join(file) };
        let has = |fragment| std::fs::read_to_string(file).is_ok_and(|text| has_fragment(&text, fragment));
        file.exists() && fragment.is_none_or(has)
    };
    targets(text).into_iter().filter(|target| !leads(target)).collect()
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let (mut found, mut count) = (Vec::new(), 0);
    for document in markdown() {
        let text = std::fs::read_to_string(&document).unwrap();
        count += targets(&text).len();
        found.extend(
            broken(&document, &text).into_iter().map(|link| format!("{}: {link}", document.display())),
        );
    }
    assert!(count > 100, "only {count} links were found");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_broken_link_is_found() {
    let here = super::root().join("README.md");
    let text = "# One two: `x`\n[a](#one-two-x) [b](docs/index.md) [c](https://x.y) [d](#two) [e](docs/gone.md)\n\
                [f](SECURITY.md#report-a-vulnerability) [g](SECURITY.md#gone)\n```\n[h](gone)\n```\n[安](gone.md)\n";
    // `#one-two-x` is a heading of this text, and not of the file that it stands for.
    assert_eq!(broken(&here, text), ["#one-two-x", "#two", "docs/gone.md", "SECURITY.md#gone", "gone.md"]);
    assert!(
        has_fragment(text, "one-two-x") && has_fragment("## 安装\n", "安装") && !has_fragment(text, "one")
    );
}
