//! A release: packed here, or of what was packed elsewhere.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use iotda_provider::provider::IotdaProvider;
use serde_json::Value as Json;
use tfplug::Provider as _;
use tfplug::testing::terraform::addresses;

use super::archive::Archive;
use super::files::{VERSION, stem, write, write_json};
use super::options::{self, Options};
use super::platform::Target;
use super::{build, hashes, mirror, sbom};
use crate::project;
use crate::terminal::print;

/// What the Registry reads of a release, kept at the root of the repository.
const MANIFEST: &str = "terraform-registry-manifest.json";

pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    let Options { mut targets, archives, out } = Options::parse(parser)?;
    let (targets, archives, out) = if let Some(directory) = archives {
        let (targets, archives) = built_elsewhere(&directory)?;
        (targets, archives, options::empty(out)?)
    } else {
        if targets.is_empty() {
            targets.push(Target::host()?);
        }
        // Before minutes go by, and before what an earlier run has left goes.
        targets.iter().try_for_each(|target| target.require_installed())?;
        let out = options::empty(out)?;
        let built = targets.iter().map(|&target| Archive::of_binary(target, &build::build(target)?));
        let archives = built.collect::<anyhow::Result<_>>()?;
        (targets, archives, out)
    };
    let manifest = std::fs::read(project::root()?.join(MANIFEST))
        .with_context(|| format!("{MANIFEST} cannot be read"))?;
    write_release(&out, &archives, &manifest, &sbom::of_release(&targets)?)?;
    for archive in &archives {
        print(&format!("{}  {} bytes  {}", archive.name, archive.bytes.len(), archive.h1))?;
    }
    print(&format!("The release is in {}", out.display()))
}

/// The zips in a directory, by platform.
fn built_elsewhere(directory: &Path) -> anyhow::Result<(Vec<Target>, Vec<Archive>)> {
    let prefix = format!("{}_", stem());
    let mut found = Vec::new();
    let entries =
        std::fs::read_dir(directory).with_context(|| format!("{} cannot be read", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "zip") {
            continue;
        }
        let name = path.file_stem().and_then(|name| name.to_str());
        let Some(platform) = name.and_then(|name| name.strip_prefix(&prefix)) else {
            bail!("{} is not an archive of version {VERSION}", path.display());
        };
        let target = Target::of_platform(platform)?;
        let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        found.push((target, Archive::of_zip(target, bytes)?));
    }
    ensure!(!found.is_empty(), "there is no zip in {}", directory.display());
    found.sort_by_key(|(target, _)| target.platform);
    Ok(found.into_iter().unzip())
}

pub(super) fn write_release(
    out: &Path,
    archives: &[Archive],
    manifest: &[u8],
    sbom: &Json,
) -> anyhow::Result<()> {
    let stem = stem();
    let manifest_name = format!("{stem}_manifest.json");
    // The Registry refuses a release whose manifest is not among them.
    let mut summed = vec![(manifest_name.as_str(), manifest)];
    summed.extend(archives.iter().map(|archive| (archive.name.as_str(), archive.bytes.as_slice())));
    for (name, contents) in &summed {
        write(&out.join(name), contents)?;
    }
    write(&out.join(format!("{stem}_SHA256SUMS")), hashes::sums(&summed).as_bytes())?;
    write_json(&out.join(format!("{stem}_sbom.cdx.json")), sbom)?;
    mirror::write(&out.join("mirror"), &addresses(IotdaProvider::ADDRESS), VERSION, archives)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn packed(platform: &str, binary: &[u8]) -> Archive {
        Archive::of_binary(Target::of_platform(platform).unwrap(), binary).unwrap()
    }

    #[test]
    fn the_manifest_tells_the_registry_of_the_protocol() {
        let text = std::fs::read_to_string(project::root().unwrap().join(MANIFEST)).unwrap();
        let manifest: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(manifest, json!({ "version": 1, "metadata": { "protocol_versions": ["6.0"] } }));
    }

    #[test]
    fn a_release_has_the_files_that_the_registry_asks_for() {
        let out = tempfile::tempdir().unwrap();
        let archives = [packed("linux_amd64", b"linux"), packed("windows_amd64", b"windows")];
        write_release(out.path(), &archives, b"{}", &json!({})).unwrap();
        let mut found: Vec<_> = std::fs::read_dir(out.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        let named = |end: &str| format!("terraform-provider-iotda_{VERSION}_{end}");
        let files = ["SHA256SUMS", "linux_amd64.zip", "manifest.json", "sbom.cdx.json", "windows_amd64.zip"];
        let files = files.map(named);
        assert_eq!(found, ["mirror".to_owned()].into_iter().chain(files).collect::<Vec<_>>());
        let sums = std::fs::read_to_string(out.path().join(named("SHA256SUMS"))).unwrap();
        let summed: Vec<_> = sums.lines().map(|line| line.split_once("  ").unwrap().1.to_owned()).collect();
        assert_eq!(summed, ["linux_amd64.zip", "manifest.json", "windows_amd64.zip"].map(named));
    }

    #[test]
    fn zips_that_were_built_elsewhere_become_one_release() {
        let directory = tempfile::tempdir().unwrap();
        let archives = [packed("windows_386", b"windows"), packed("darwin_arm64", b"darwin")];
        for Archive { name, bytes, .. } in &archives {
            write(&directory.path().join(name), bytes).unwrap();
        }
        write(&directory.path().join("README"), b"not a zip").unwrap();
        let (targets, found) = built_elsewhere(directory.path()).unwrap();
        assert_eq!(
            targets.iter().map(|target| target.platform).collect::<Vec<_>>(),
            ["darwin_arm64", "windows_386"]
        );
        assert_eq!(found[0].bytes, archives[1].bytes);
        // A zip of another version would be published under this one's checksums.
        write(&directory.path().join("terraform-provider-iotda_0.0.1_linux_arm.zip"), b"").unwrap();
        assert!(
            built_elsewhere(directory.path())
                .unwrap_err()
                .to_string()
                .contains("is not an archive of version")
        );
    }

    #[test]
    fn a_directory_without_zips_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        assert!(built_elsewhere(directory.path()).unwrap_err().to_string().starts_with("there is no zip"));
    }
}
