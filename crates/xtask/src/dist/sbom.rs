//! The software bill of materials, in `CycloneDX` 1.6.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde_json::{Map, Value as Json, json};

use super::inventory::{self, Crate, Graph, Id};
use super::platform::Target;

/// The bill of a release for these targets. Nothing in it depends on when or where it is made.
pub(super) fn of_release(targets: &[Target]) -> anyhow::Result<Json> {
    let graphs: Vec<_> = targets
        .iter()
        .map(|&target| Ok((target.platform, inventory::graph(target)?)))
        .collect::<anyhow::Result<_>>()?;
    bill(&graphs, &inventory::crates(targets)?, &inventory::checksums()?)
}

/// The bill of what is in the binaries of some platforms.
fn bill(
    graphs: &[(&str, Graph)],
    crates: &[Crate],
    checksums: &BTreeMap<Id, String>,
) -> anyhow::Result<Json> {
    let known: BTreeMap<Id, &Crate> = crates.iter().map(|package| (package.id(), package)).collect();
    let mut platforms = BTreeMap::<&Id, Vec<&str>>::new();
    let mut edges = BTreeMap::<&Id, BTreeSet<&Id>>::new();
    for (platform, crates) in graphs {
        for (id, uses) in crates {
            platforms.entry(id).or_default().push(platform);
            edges.entry(id).or_default().extend(uses);
        }
    }
    let used: BTreeSet<&Id> = edges.values().flatten().copied().collect();
    let mut root = Json::Null;
    let mut components = Vec::new();
    for (id, platforms) in platforms {
        let package = known.get(id).with_context(|| format!("`cargo metadata` does not know {id}"))?;
        let mut component = component(package, checksums.get(id))?;
        if platforms.len() < graphs.len() {
            let property = |platform| json!({ "name": "terraform:platform", "value": platform });
            component.insert("properties".into(), platforms.into_iter().map(property).collect());
        }
        // What nothing uses is what is shipped.
        if used.contains(id) {
            component.insert("type".into(), json!("library"));
            components.push(Json::Object(component));
        } else {
            component.insert("type".into(), json!("application"));
            root = Json::Object(component);
        }
    }
    let dependencies: Vec<_> =
        edges.iter().map(|(id, uses)| json!({ "ref": id, "dependsOn": uses })).collect();
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": root },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(package: &Crate, checksum: Option<&String>) -> anyhow::Result<Map<String, Json>> {
    let Crate { name, version, license, source, repository } = package;
    let license = license.as_ref().with_context(|| format!("{name} {version} names no licence"))?;
    let mut component = Map::from_iter([
        ("bom-ref".to_owned(), json!(package.id())),
        ("name".to_owned(), json!(name)),
        ("version".to_owned(), json!(version)),
        // An older way to write it, which is no SPDX expression.
        ("licenses".to_owned(), json!([{ "expression": license.replace('/', " OR ") }])),
    ]);
    if source.is_some() {
        let checksum = checksum.with_context(|| format!("Cargo.lock has no checksum of {name} {version}"))?;
        component.insert("hashes".into(), json!([{ "alg": "SHA-256", "content": checksum }]));
        component.insert("purl".into(), json!(format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))));
    }
    if let Some(url) = repository {
        component.insert("externalReferences".into(), json!([{ "type": "vcs", "url": url }]));
    }
    Ok(component)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, source: Option<&str>) -> Crate {
        let (license, source) = (Some("MIT/Apache-2.0".to_owned()), source.map(str::to_owned));
        Crate { name: name.into(), version: version.into(), license, source, repository: None }
    }

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let own = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
        edges.iter().map(|(id, used)| ((*id).to_owned(), own(used))).collect()
    }

    #[test]
    fn a_bill_names_what_is_shipped_and_what_is_in_it_by_platform() {
        let linux = graph(&[("wx@1.0.0", &["toml@1.2.1+spec-1.1.0"]), ("toml@1.2.1+spec-1.1.0", &[])]);
        let windows = graph(&[
            ("wx@1.0.0", &["toml@1.2.1+spec-1.1.0", "windows@2.0.0"]),
            ("toml@1.2.1+spec-1.1.0", &[]),
            ("windows@2.0.0", &[]),
        ]);
        let crates = [
            package("wx", "1.0.0", None),
            package("toml", "1.2.1+spec-1.1.0", Some("registry")),
            package("windows", "2.0.0", Some("registry")),
            package("unused", "1.0.0", Some("registry")),
        ];
        let sums = [("toml@1.2.1+spec-1.1.0", "aa"), ("windows@2.0.0", "bb")];
        let sums = sums.map(|(id, sum)| (id.to_owned(), sum.to_owned())).into();
        let licenses = json!([{ "expression": "MIT OR Apache-2.0" }]);
        let bill = bill(&[("linux_amd64", linux), ("windows_amd64", windows)], &crates, &sums).unwrap();
        assert_eq!(
            bill,
            json!({
                "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
                "bomFormat": "CycloneDX",
                "specVersion": "1.6",
                "version": 1,
                "metadata": {
                    "component": {
                        "type": "application", "bom-ref": "wx@1.0.0", "name": "wx", "version": "1.0.0",
                        "licenses": licenses,
                    }
                },
                "components": [
                    {
                        "type": "library", "bom-ref": "toml@1.2.1+spec-1.1.0", "name": "toml",
                        "version": "1.2.1+spec-1.1.0", "licenses": licenses,
                        "hashes": [{ "alg": "SHA-256", "content": "aa" }],
                        "purl": "pkg:cargo/toml@1.2.1%2Bspec-1.1.0",
                    },
                    {
                        "type": "library", "bom-ref": "windows@2.0.0", "name": "windows", "version": "2.0.0",
                        "licenses": licenses,
                        "hashes": [{ "alg": "SHA-256", "content": "bb" }],
                        "purl": "pkg:cargo/windows@2.0.0",
                        "properties": [{ "name": "terraform:platform", "value": "windows_amd64" }],
                    },
                ],
                "dependencies": [
                    { "ref": "toml@1.2.1+spec-1.1.0", "dependsOn": [] },
                    { "ref": "windows@2.0.0", "dependsOn": [] },
                    { "ref": "wx@1.0.0", "dependsOn": ["toml@1.2.1+spec-1.1.0", "windows@2.0.0"] },
                ],
            })
        );
    }

    #[test]
    fn nothing_is_left_out_in_silence() {
        let wx = || [("linux_amd64", graph(&[("wx@1.0.0", &["fnv@1.0.7"]), ("fnv@1.0.7", &[])]))];
        let (root, fnv) = (package("wx", "1.0.0", None), package("fnv", "1.0.7", Some("registry")));
        let without_licence = Crate { license: None, ..fnv.clone() };
        let sums = BTreeMap::from([("fnv@1.0.7".to_owned(), "3f9e".to_owned())]);
        for (crates, sums, words) in [
            (vec![root.clone()], &sums, "`cargo metadata` does not know fnv@1.0.7"),
            (vec![root.clone(), without_licence], &sums, "fnv 1.0.7 names no licence"),
            (vec![root, fnv], &BTreeMap::new(), "Cargo.lock has no checksum of fnv 1.0.7"),
        ] {
            assert_eq!(bill(&wx(), &crates, sums).unwrap_err().to_string(), words);
        }
    }

    /// What compiles code or tests it is not shipped.
    #[test]
    fn the_bill_of_the_provider_has_its_crates_and_no_others() {
        let bill = of_release(&[Target::host().unwrap()]).unwrap();
        let names: BTreeSet<_> = bill["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|component| component["name"].as_str().unwrap())
            .collect();
        for name in ["tfplug", "ring", "rustls", "reqwest", "tokio"] {
            assert!(names.contains(name), "{name}");
        }
        for name in ["tempfile", "criterion", "iotda-emulator", "serde_derive", "tfplug-derive", "cc"] {
            assert!(!names.contains(name), "{name}");
        }
        assert_eq!(bill["metadata"]["component"]["name"], "terraform-provider-iotda");
    }
}
