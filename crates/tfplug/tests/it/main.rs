//! Integration tests of the framework, one binary.

use std::path::PathBuf;

mod codegen;
mod weather;

/// A provider among the examples, which are built along with the tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let binary = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.is_file(),
        "cargo builds {name} along with the tests, unless told to build one test alone"
    );
    binary
}
