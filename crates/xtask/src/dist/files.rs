//! The names of a release's files, and writing them.

use std::path::Path;

use anyhow::Context as _;
use iotda_provider::provider::IotdaProvider;
use serde_json::Value as Json;
use tfplug::Provider as _;

pub(super) const NAME: &str = "terraform-provider-iotda";
pub(super) const VERSION: &str = IotdaProvider::VERSION;

/// How the names of all files of a release begin.
pub(super) fn stem() -> String {
    format!("{NAME}_{VERSION}")
}

pub(super) fn write_json(path: &Path, json: &Json) -> anyhow::Result<()> {
    write(path, format!("{json:#}\n").as_bytes())
}

pub(super) fn write(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, contents).with_context(|| format!("{} cannot be written", path.display()))
}
