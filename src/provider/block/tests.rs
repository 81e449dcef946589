//! Checks that the block, the guides and the catalogue of configuration settings agree.

use std::collections::BTreeSet;
use std::path::Path;

use huaweicloud::catalog::{ARGUMENTS, Argument, TAGGED_ID_TOKEN, VARIABLES_ALONE, endpoint_variable};
use huaweicloud::endpoints::{IAM, METADATA, STS};
use serde_json::json;
use tfplug::schema::Attribute;
use tfplug::{AttributeValue as _, Object as _, Provider as _, Value};

use super::IotdaProvider;
use crate::iotda;

/// Returns the environment variables that a text mentions.
fn variables(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let prefixes =
        ["HW_", "OS_", "TFC_WORKLOAD_IDENTITY_TOKEN", "HTTPS_P", "https_p", "NO_P", "no_p", "TF_APPEND_"];
    words
        .filter(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)) && !word.ends_with('_'))
        .collect()
}

fn all_variables() -> BTreeSet<String> {
    let of_arguments = ARGUMENTS.iter().flat_map(|argument| argument.variables);
    let alone = VARIABLES_ALONE.iter().copied().flatten();
    let endpoints = [iotda::SERVICE, IAM, STS, METADATA].map(|service| endpoint_variable(service.key));
    of_arguments.chain(alone).map(|name| (*name).to_owned()).chain(endpoints).collect()
}

fn guide(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Returns every attribute of the block, with the nested block that contains it.
fn attributes() -> Vec<(Option<&'static str>, Attribute)> {
    let top = IotdaProvider::block();
    let nested = top.blocks.into_iter().flat_map(|nested| {
        nested.block.attributes.into_iter().map(move |attribute| (Some(nested.name), attribute))
    });
    top.attributes.into_iter().map(|attribute| (None, attribute)).chain(nested).collect()
}

#[test]
fn the_description_of_an_argument_names_its_variables_and_no_others() {
    let attributes = attributes();
    for (block, attribute) in &attributes {
        if attribute.name == "endpoints" {
            continue;
        }
        let known = ARGUMENTS.iter().find(|it| it.block == *block && it.name == attribute.name);
        let expected: BTreeSet<&str> = known.into_iter().flat_map(|it| it.variables).copied().collect();
        assert_eq!(variables(attribute.description), expected, "{block:?} {}", attribute.name);
    }
    for Argument { block, name, .. } in ARGUMENTS {
        assert!(attributes.iter().any(|(it, attribute)| it == block && attribute.name == *name), "{name}");
    }
}

/// The table of the guide matches the catalogue, row by row.
#[test]
fn the_guide_lists_every_argument_with_its_variables_and_its_key_in_a_profile() {
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let expected: Vec<String> = ARGUMENTS
        .iter()
        .map(|Argument { block, name, variables, in_profile }| {
            let block = block.map(|block| format!("{block}.")).unwrap_or_default();
            let key = in_profile.map(|key| quoted(&[key])).unwrap_or_default();
            format!("| `{block}{name}` | {} | {key} |", quoted(variables)).replace("|  |", "| |")
        })
        .collect();
    let guide = guide("authentication.md");
    let section = guide.split("| argument | variables | key in a profile |\n|---|---|---|\n").nth(1).unwrap();
    let rows: Vec<&str> = section.lines().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_guides_name_every_variable_that_has_an_effect_and_no_other() {
    let known = all_variables();
    let authentication = guide("authentication.md");
    let named = variables(&authentication);
    for variable in &known {
        assert!(named.contains(variable.as_str()), "authentication.md does not name {variable}");
    }
    let migrating = guide("migrating.md");
    let others: Vec<&str> = named
        .into_iter()
        .chain(variables(&migrating))
        .filter(|it| !known.contains(*it) && !it.starts_with(TAGGED_ID_TOKEN))
        .collect();
    assert_eq!(others, [""; 0], "named in a guide, but without effect");
}

#[test]
fn conflicts_are_reported_before_anything_is_configured() {
    for (config, at) in [
        (json!({"user_name": "u", "user_id": "i", "password": "p"}), Some("user_id")),
        (
            json!({"assume_role_with_oidc": [{"id_token": "t", "id_token_file": "f"}]}),
            Some("assume_role_with_oidc[0].id_token"),
        ),
        (json!({"user_name": "u", "user_id": "", "password": "p"}), None),
        // The environment may have the rest.
        (json!({}), None),
        (json!({"access_key": "a", "assume_role": [{"duration": 1}]}), None),
    ] {
        let mut config = config;
        for block in ["assume_role", "assume_role_with_oidc"] {
            config[block].as_array().is_none().then(|| config[block] = json!([]));
        }
        let value = Value::from_json(&config, &IotdaProvider::block().implied_type()).unwrap();
        let found = IotdaProvider::from_value(value).unwrap().validate();
        let paths: Vec<_> = found.iter().filter_map(|it| it.path.as_ref()).map(ToString::to_string).collect();
        assert_eq!((paths.first().map(String::as_str), paths.len()), (at, found.iter().count()), "{found}");
    }
}
