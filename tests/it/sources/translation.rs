//! The Chinese README has the commands and the configuration of the English one.

use super::root;

/// The fenced blocks of a document, each without its comments, which are translated.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let body = lines.by_ref().take_while(|line| *line != "```");
            let code = body.map(|line| line.split_once('#').map_or(line, |(code, _)| code).trim_end());
            blocks.push([line].into_iter().chain(code).collect::<Vec<_>>().join("\n"));
        }
    }
    blocks
}

/// The names in backticks, outside fenced blocks.
fn names(text: &str) -> Vec<&str> {
    let prose = text.split("\n```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2)).collect()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

#[test]
fn both_readmes_show_the_same_commands_and_configuration() {
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    assert_eq!(blocks(&chinese), blocks(&english));
    assert!(blocks(&english).len() > 3);
    let unknown: Vec<_> = names(&chinese).into_iter().filter(|name| !english.contains(name)).collect();
    assert!(unknown.is_empty(), "README.md does not name {unknown:?}");
}

#[test]
fn each_readme_links_to_the_other_in_its_first_line() {
    for (document, other) in [("README.md", "(README.zh-CN.md)"), ("README.zh-CN.md", "(README.md)")] {
        assert!(read(document).lines().next().unwrap().contains(other), "{document}");
    }
}

#[test]
fn a_changed_command_is_found_and_a_translated_comment_is_not() {
    let english = "`a`\n```sh\nrun x   # why\n```\n`b`\n";
    assert_eq!(blocks(english), ["```sh\nrun x"]);
    assert_eq!(blocks(english), blocks("```sh\nrun x # 为什么\n```\n"));
    assert_ne!(blocks(english), blocks("```sh\nrun y # why\n```\n"));
    assert_eq!(names(english), ["a", "b"]);
}
