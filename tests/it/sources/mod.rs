//! What must hold of the repository's own texts. Nothing is run.

mod arrows;
mod documents;
mod redaction;
mod translation;
mod words;

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
