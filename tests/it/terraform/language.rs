//! The language around a read: what configurations do with it.

use iotda_emulator::ids::{INSTANCE_ID, PROJECTS};
use iotda_emulator::synthetic_instance_id;
use serde_json::json;

use tfplug::testing::terraform::Terraform;

use crate::support::{Outcome, Stage, assert_golden, golden, lacks, workspace};

#[tokio::test]
async fn a_read_waits_for_apply_when_what_it_needs_is_made_there() -> Outcome {
    let configuration = format!(
        r#"
        resource "terraform_data" "id" {{ input = "{INSTANCE_ID}" }}
        data "iotda_instance" "argument" {{ instance_id = terraform_data.id.output }}
        data "iotda_instance" "dependency" {{
          instance_id = "{INSTANCE_ID}"
          depends_on  = [terraform_data.id]
        }}
        output "this" {{ value = data.iotda_instance.argument }}
        output "mqtt" {{ value = data.iotda_instance.dependency.endpoints["DEVICE_MQTT"].url }}
        "#
    );
    let Some(stage) = Stage::new(&configuration).await? else { return Ok(()) };
    let plan = stage.terraform.plan().await?;
    assert_eq!(plan.status.code(), Some(2), "{}", plan.stdout);
    assert_eq!(stage.cloud.request_count(), 0, "a plan has nothing to ask");
    let planned = stage.terraform.planned().await?;
    for name in ["argument", "dependency"] {
        let address = format!("data.iotda_instance.{name}");
        let changes = planned["resource_changes"].as_array().into_iter().flatten();
        let read =
            changes.into_iter().find(|change| change["address"] == address).ok_or("no read is planned")?;
        assert_eq!(read["change"]["actions"], json!(["read"]));
        assert_eq!(read["change"]["after_unknown"]["endpoints"], true, "{read}");
    }
    stage.terraform.apply().await?.succeeded()?;
    let outputs = stage.terraform.outputs().await?;
    assert_eq!(outputs["this"], golden("iotda_instance.json")?);
    assert_eq!(outputs["mqtt"], "mqtts://example2.xxxx.com:8883");
    assert_eq!(stage.terraform.plan().await?.status.code(), Some(0), "a second plan is empty");
    Ok(())
}

#[tokio::test]
async fn every_region_has_an_alias_of_its_own() -> Outcome {
    let (south, south_project) = PROJECTS[1];
    let configuration = format!(
        r#"
        provider "iotda" {{}}
        provider "iotda" {{
          alias      = "south"
          region     = "{south}"
          project_id = "{south_project}"
        }}
        data "iotda_instance" "north" {{ instance_id = "{INSTANCE_ID}" }}
        data "iotda_instance" "south" {{
          provider    = iotda.south
          instance_id = "{id}"
        }}
        output "regions" {{ value = [for it in [data.iotda_instance.north, data.iotda_instance.south] : it.region] }}
        output "name" {{ value = data.iotda_instance.south.name }}
        "#,
        id = synthetic_instance_id(south_project, 0),
    );
    let Some(stage) = Stage::new(&configuration).await? else { return Ok(()) };
    stage.terraform.apply().await?.succeeded()?;
    let outputs = stage.terraform.outputs().await?;
    assert_eq!(outputs, json!({"regions": ["cn-north-4", south], "name": "synthetic-0000"}));
    Ok(())
}

#[tokio::test]
async fn many_are_read_by_for_each_and_conditions_hold_on_them() -> Outcome {
    let ids: Vec<_> =
        (0..9).map(|number| synthetic_instance_id(iotda_emulator::ids::PROJECT_ID, number)).collect();
    let configuration = format!(
        r#"
        data "iotda_instance" "of" {{
          for_each    = toset({ids})
          instance_id = each.key
          lifecycle {{
            postcondition {{
              condition     = length(self.endpoints) > 0
              error_message = "${{self.name}} has no endpoints."
            }}
          }}
        }}
        data "iotda_instance" "none" {{
          count       = 0
          instance_id = "{INSTANCE_ID}"
        }}
        output "names" {{ value = sort([for it in data.iotda_instance.of : it.name]) }}
        output "none" {{ value = data.iotda_instance.none[*].name }}
        "#,
        ids = json!(ids),
    );
    let Some(stage) = Stage::new(&configuration).await? else { return Ok(()) };
    stage.terraform.apply().await?.succeeded()?;
    let names: Vec<_> = (0..9).map(|number| format!("synthetic-{number:04}")).collect();
    assert_eq!(stage.terraform.outputs().await?, json!({"names": names, "none": []}));
    assert_eq!(stage.cloud.request_count(), 9);
    Ok(())
}

/// A failed read in a `check` block is a warning: monitoring must not stop a plan.
#[tokio::test]
async fn a_check_may_read_and_fail_without_stopping_anything() -> Outcome {
    let check = |id: &str, status: &str| {
        format!(
            r#"
            check "instance" {{
              data "iotda_instance" "this" {{ instance_id = "{id}" }}
              assert {{
                condition     = data.iotda_instance.this.status == "{status}"
                error_message = "It is ${{data.iotda_instance.this.status}}."
              }}
            }}
            "#
        )
    };
    let Some(stage) = Stage::new(&check(INSTANCE_ID, "ACTIVE")).await? else { return Ok(()) };
    assert!(stage.diagnose().await?.is_empty());
    for (configuration, summary, says) in [
        (check(INSTANCE_ID, "FROZEN"), "Check block assertion failed", "It is ACTIVE."),
        (check("0a", "ACTIVE"), "Not found", "IOTDA.000006"),
    ] {
        stage.configure(&configuration)?;
        let run = stage.terraform.run(&["plan", "-json"]).await?.succeeded()?;
        let found = crate::support::diagnostics(&run)?;
        let warning = found.iter().find(|it| it.summary == summary).ok_or(format!("{found:#?}"))?;
        assert_eq!(warning.severity, "warning", "{warning:#?}");
        assert!(warning.says(&[says]), "{warning:#?}");
    }
    Ok(())
}

/// Mocks fill plain collections only, which is why `endpoints` is one: a module that wires them can be tested offline.
#[tokio::test]
async fn a_module_that_uses_endpoints_can_be_tested_with_a_mocked_provider() -> Outcome {
    let module = r#"
        variable "instance_id" { type = string }
        data "iotda_instance" "this" { instance_id = var.instance_id }
        output "broker" { value = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url }
        output "first" { value = one(data.iotda_instance.this.access_infos[*].ip_whitelist.allow_list[0].address) }
        output "unit" { value = data.iotda_instance.this.flavor.size }
    "#;
    let Some(terraform) = workspace(module).await? else { return Ok(()) };
    if lacks(7)? {
        return Ok(());
    }
    // OpenTofu wants every attribute of an object: the recipe `testing` has such mocks.
    if Terraform::locate()?.is_some_and(|host| host.is_tofu()) {
        return Ok(());
    }
    terraform.write("tests/module.tftest.hcl", include_str!("../../fixtures/module.tftest.hcl"))?;
    let run = terraform.test().await?.succeeded()?;
    assert!(run.stdout.contains("2 passed, 0 failed."), "{}", run.stdout);
    Ok(())
}

#[tokio::test]
async fn the_schema_is_the_golden_one() -> Outcome {
    // Before that there were no functions.
    if lacks(8)? {
        return Ok(());
    }
    let Some(terraform) = workspace("").await? else { return Ok(()) };
    let mut schema = terraform.schema().await?;
    // The summary is empty: OpenTofu writes it, and Terraform leaves it out.
    schema["functions"]["mqtt_credentials"].as_object_mut().ok_or("no function")?.remove("summary");
    assert_golden("schema.json", &schema)
}

#[tokio::test]
async fn secrets_of_the_block_are_not_shown() -> Outcome {
    let Some(terraform) = workspace("").await? else { return Ok(()) };
    let schema = terraform.schema().await?;
    let attributes = &schema["provider"]["block"]["attributes"];
    let secret = |name: &str| attributes[name]["sensitive"] == true;
    for name in ["access_key", "secret_key", "security_token", "token", "password", "key"] {
        assert!(secret(name), "{name}");
    }
    for name in ["region", "project_id", "user_name", "endpoints"] {
        assert!(!secret(name), "{name}");
    }
    Ok(())
}
