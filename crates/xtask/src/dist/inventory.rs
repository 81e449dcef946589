//! Which crates are in the binary, and what is known of them: asked of cargo.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::platform::Target;
use crate::project;

/// A crate by name and version, `serde@1.0.0`, which is unique where all come from one registry.
pub(super) type Id = String;

/// The crates of one binary: each with those that it uses.
pub(super) type Graph = BTreeMap<Id, BTreeSet<Id>>;

/// What is known of a crate.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    /// None for a crate of this workspace.
    pub(super) source: Option<String>,
    pub(super) repository: Option<String>,
}

impl Crate {
    pub(super) fn id(&self) -> Id {
        id(&self.name, &self.version)
    }
}

fn id(name: &str, version: &str) -> Id {
    format!("{name}@{version}")
}

/// The crates whose code is in the provider's binary for a target: without build scripts, macros and tests, and with
/// the features that the build has.
pub(super) fn graph(target: Target) -> anyhow::Result<Graph> {
    let text = cargo(&[
        "tree",
        "--locked",
        "--package=terraform-provider-iotda",
        "--edges=normal,no-proc-macro",
        "--prefix=depth",
        // Between the depth and a name.
        "--format= {p}",
        &format!("--target={}", target.triple),
    ])?;
    parse_tree(&text)
}

/// Lines of a depth, a name and a version; each uses those that follow it one level deeper.
fn parse_tree(text: &str) -> anyhow::Result<Graph> {
    let mut graph = Graph::default();
    let mut above: Vec<Id> = Vec::new();
    for line in text.lines() {
        let malformed = || format!("`cargo tree` wrote {line:?}");
        let mut words = line.split(' ');
        let mut word = || words.next().with_context(malformed);
        let (depth, name, version) = (word()?.parse::<usize>().with_context(malformed)?, word()?, word()?);
        let id = id(name, version.strip_prefix('v').with_context(malformed)?);
        ensure!(depth <= above.len(), malformed());
        above.truncate(depth);
        if let Some(user) = above.last() {
            graph.entry(user.clone()).or_default().insert(id.clone());
        }
        graph.entry(id.clone()).or_default();
        above.push(id);
    }
    ensure!(!graph.is_empty(), "`cargo tree` wrote nothing");
    Ok(graph)
}

/// All crates that any of the targets can need, with what their manifests say.
pub(super) fn crates(targets: &[Target]) -> anyhow::Result<Vec<Crate>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Crate>,
    }
    let mut arguments = vec!["metadata", "--locked", "--format-version=1"];
    for target in targets {
        arguments.extend(["--filter-platform", target.triple]);
    }
    let metadata: Metadata = serde_json::from_str(&cargo(&arguments)?)?;
    Ok(metadata.packages)
}

/// SHA-256 of each crate's package, from `Cargo.lock`.
pub(super) fn checksums() -> anyhow::Result<BTreeMap<Id, String>> {
    let lock = std::fs::read_to_string(project::root()?.join("Cargo.lock"))?;
    parse_lock(&lock)
}

fn parse_lock(text: &str) -> anyhow::Result<BTreeMap<Id, String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        checksum: Option<String>,
    }
    let lock: Lock = toml::from_str(text).context("Cargo.lock cannot be read")?;
    let sums = lock.package.into_iter();
    Ok(sums.filter_map(|package| Some((id(&package.name, &package.version), package.checksum?))).collect())
}

fn cargo(arguments: &[&str]) -> anyhow::Result<String> {
    project::output("cargo", &mut project::cargo()?, arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_what_it_leaves_out_the_second_time() {
        let text = "0 wx v1.0.0 (/home/me/wx)\n1 bytes v1.2.3\n1 http v2.0.0\n2 bytes v1.2.3\n2 fnv v1.0.7\n1 http v2.0.0 (*)\n";
        let expected = [
            ("wx@1.0.0", &["bytes@1.2.3", "http@2.0.0"][..]),
            ("bytes@1.2.3", &[]),
            ("http@2.0.0", &["bytes@1.2.3", "fnv@1.0.7"]),
            ("fnv@1.0.7", &[]),
        ];
        let own = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
        let expected = expected.iter().map(|(id, uses)| ((*id).to_owned(), own(uses))).collect();
        assert_eq!(parse_tree(text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_tree_is_an_error() {
        for text in ["", "wx v1.0.0", "0 wx", "0 wx 1.0.0", "0 wx v1.0.0\n2 deep v1.0.0"] {
            assert!(parse_tree(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn checksums_are_those_of_the_lock_file() {
        let text = "version = 4\n\n[[package]]\nname = \"fnv\"\nversion = \"1.0.7\"\nchecksum = \"3f9e\"\n\n\
                    [[package]]\nname = \"wx\"\nversion = \"1.0.0\"\n";
        assert_eq!(parse_lock(text).unwrap(), BTreeMap::from([("fnv@1.0.7".to_owned(), "3f9e".to_owned())]));
    }
}
