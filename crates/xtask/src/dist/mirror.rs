//! A directory that Terraform installs from without a registry: as a filesystem mirror (packed layout), and, served over
//! HTTPS, as a network mirror.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, json};

use super::archive::Archive;
use super::files;

/// Writes the mirror, in which the provider is found under each of its addresses.
pub(super) fn write(
    mirror: &Path,
    addresses: &[String],
    version: &str,
    packed: &[Archive],
) -> anyhow::Result<()> {
    // Of the network mirror protocol: the versions that there are, and where each platform's archive is, relative to this
    // file, and what it has to hash to.
    let index = json!({ "versions": { version: {} } });
    let archives = packed.iter().map(|Archive { platform, name, h1, .. }| {
        ((*platform).to_owned(), json!({ "url": name, "hashes": [h1] }))
    });
    let archives = json!({ "archives": archives.collect::<Map<_, _>>() });
    for address in addresses {
        let directory = mirror.join(address);
        std::fs::create_dir_all(&directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
        for Archive { name, bytes, .. } in packed {
            files::write(&directory.join(name), bytes)?;
        }
        files::write_json(&directory.join("index.json"), &index)?;
        files::write_json(&directory.join(format!("{version}.json")), &archives)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn archive(platform: &'static str) -> Archive {
        let name = format!("terraform-provider-wx_1.2.3_{platform}.zip");
        Archive { platform, name, bytes: Vec::new(), h1: format!("h1:{platform}") }
    }

    /// The words are those of Terraform's documentation of the protocol.
    #[test]
    fn the_protocol_gets_what_it_documents() {
        let directory = tempfile::tempdir().unwrap();
        let packed = [archive("linux_amd64"), archive("darwin_arm64")];
        write(directory.path(), &["one.example/acme/wx".to_owned()], "1.2.3", &packed).unwrap();
        let read = |name: &str| -> Json {
            let file = directory.path().join("one.example/acme/wx").join(name);
            serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
        };
        assert_eq!(read("index.json"), json!({ "versions": { "1.2.3": {} } }));
        let expected = json!({
            "archives": {
                "darwin_arm64": {
                    "url": "terraform-provider-wx_1.2.3_darwin_arm64.zip",
                    "hashes": ["h1:darwin_arm64"]
                },
                "linux_amd64": {
                    "url": "terraform-provider-wx_1.2.3_linux_amd64.zip",
                    "hashes": ["h1:linux_amd64"]
                }
            }
        });
        assert_eq!(read("1.2.3.json"), expected);
    }

    #[test]
    fn each_address_has_all_of_it() {
        let directory = tempfile::tempdir().unwrap();
        let addresses = ["one.example/acme/wx", "two.example/acme/wx"].map(str::to_owned);
        write(directory.path(), &addresses, "1.2.3", &[archive("linux_amd64")]).unwrap();
        for address in addresses {
            let mut found: Vec<_> = std::fs::read_dir(directory.path().join(address))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(found, ["1.2.3.json", "index.json", "terraform-provider-wx_1.2.3_linux_amd64.zip"]);
        }
    }
}
