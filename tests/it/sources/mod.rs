//! What must hold of the repository's own texts. Nothing is run.

mod arrows;
mod documents;
mod links;
mod redaction;
mod translation;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a place whose names end so, or the place itself if it is a file.
fn files(place: &Path, extension: &str) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.flat_map(|entry| files(&entry.path(), extension)).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files
}

/// The directories of the packages: the provider's and those of `crates`.
fn packages() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("crates")).into_iter().flatten().flatten();
    let crates: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    assert!(crates.len() > 3, "{crates:?}");
    std::iter::once(root().to_owned()).chain(crates).collect()
}

/// The documents: those at the root, those of `docs` and `examples`, and the READMEs below it.
fn markdown() -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(root()).unwrap().flatten();
    let here = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|it| it == "md"));
    let below =
        ["docs", "examples", "fuzz/README.md"].into_iter().flat_map(|place| files(&root().join(place), "md"));
    let crates = packages().into_iter().map(|package| package.join("README.md")).filter(|file| file.exists());
    let documents: BTreeSet<_> = here.chain(below).chain(crates).collect();
    assert!(documents.len() > 30, "{documents:?}");
    documents
}
