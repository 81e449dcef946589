//! Compares the state of each response in `tests/fixtures/instances` with the file of the same name in
//! `tests/golden/instances`. `BLESS=1` rewrites those files.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tfplug::AttributeValue as _;

use super::*;

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name).join("instances")
}

fn names(name: &str) -> BTreeSet<OsString> {
    std::fs::read_dir(directory(name)).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

#[test]
fn every_kind_of_answer_becomes_its_golden_state() {
    let bless = std::env::var_os("BLESS").is_some_and(|bless| bless == "1");
    for name in names("fixtures") {
        let answer = std::fs::read(directory("fixtures").join(&name)).unwrap();
        let (attributes, notes) = instance(serde_json::from_slice(&answer).unwrap(), "cn-north-4");
        let notes: Vec<_> = notes.iter().map(|note| format!("{note:?}")).collect();
        let found = json!({"state": attributes.into_value().to_json(), "notes": notes});

        let path = directory("golden").join(&name);
        if bless {
            std::fs::create_dir_all(directory("golden")).unwrap();
            std::fs::write(&path, format!("{found:#}\n")).unwrap();
        }
        let golden: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert!(golden == found, "{} is not what came, which is:\n{found:#}", path.display());
    }
    assert_eq!(names("golden"), names("fixtures"), "each golden has a fixture");
}
