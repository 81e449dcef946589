//! Answers of every shape that is allowed, through the real Terraform: what the flatten tests hold reaches the state.

use std::collections::BTreeMap;

use iotda_emulator::{Answer, Fault, Rule};
use serde_json::{Value as Json, json};

use crate::support::{Outcome, Stage, diagnostics, golden};

const FIXTURES: [(&str, &str); 8] = [
    ("access_type_twice", include_str!("../../fixtures/instances/access_type_twice.json")),
    ("creating", include_str!("../../fixtures/instances/creating.json")),
    ("empty", include_str!("../../fixtures/instances/empty.json")),
    ("enterprise", include_str!("../../fixtures/instances/enterprise.json")),
    ("future", include_str!("../../fixtures/instances/future.json")),
    ("nulls", include_str!("../../fixtures/instances/nulls.json")),
    ("tags", include_str!("../../fixtures/instances/tags.json")),
    ("unusable_addresses", include_str!("../../fixtures/instances/unusable_addresses.json")),
];

#[tokio::test]
async fn every_kind_of_answer_reaches_the_state_whole() -> Outcome {
    let ids: BTreeMap<_, _> =
        FIXTURES.iter().enumerate().map(|(index, (name, _))| (*name, format!("{index:08x}"))).collect();
    let configuration = format!(
        r#"
        data "iotda_instance" "of" {{
          for_each    = {ids}
          instance_id = each.value
        }}
        output "of" {{ value = data.iotda_instance.of }}
        "#,
        ids = json!(ids)
    );
    let Some(stage) = Stage::new(&configuration).await? else { return Ok(()) };
    for (name, body) in FIXTURES {
        let mut body: Json = serde_json::from_str(body)?;
        body["instance_id"] = json!(ids[name]);
        stage.cloud.fail(
            Rule::new(Fault::Answer(Answer::new(200).json(body.to_string())))
                .path(format!("/iotda-instances/{}", ids[name])),
        );
    }
    let run = stage.terraform.run(&["apply", "-auto-approve", "-json"]).await?.succeeded()?;

    let states = stage.terraform.outputs().await?;
    for (name, body) in FIXTURES {
        let found = &states["of"][name];
        let answer: Json = serde_json::from_str(body)?;
        assert_eq!(found["instance_id"], ids[name], "{name}");
        assert_eq!(found["id"], ids[name]);
        assert_eq!(found["name"], answer["name"]);
        let expected = golden(&format!("instances/{name}.json"))?;
        for (attribute, value) in expected["state"].as_object().into_iter().flatten() {
            assert_eq!(found[attribute], *value, "{name}.{attribute}");
        }
    }

    let warnings = diagnostics(&run)?;
    let expected = [
        ("access_type_twice", "Access type returned twice", "several access addresses of type APP_HTTPS"),
        ("creating", "The instance has no addresses", "has the status CREATING and no access addresses"),
        ("tags", "Tags without a key", "they are omitted from `tags`"),
    ];
    for (name, summary, words) in expected {
        let address = format!("data.iotda_instance.of[\"{name}\"]");
        let warning = warnings.iter().find(|warning| warning.address == address);
        let warning = warning.unwrap_or_else(|| panic!("no warning of {name} in {warnings:#?}"));
        assert_eq!((warning.severity.as_str(), warning.summary.as_str()), ("warning", summary));
        assert!(warning.says(&[words, &ids[name]]), "{warning:#?}");
    }
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
    assert_eq!(stage.terraform.plan().await?.status.code(), Some(0), "a second plan is empty");
    Ok(())
}
