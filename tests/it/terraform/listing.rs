//! `iotda_instances` through Terraform: a large estate, and the types that the schema holds.

use serde_json::Value as Json;

use crate::support::{Outcome, Stage, sorted_ids, synthetic};

/// A large estate, all the way to the outputs.
#[tokio::test]
async fn a_thousand_instances_reach_the_outputs() -> Outcome {
    let configuration = r#"
data "iotda_instances" "all" { include_details = false }
data "iotda_instances" "frozen" { status = "FROZEN" }
output "all" { value = data.iotda_instances.all.ids }
output "frozen" { value = [for it in data.iotda_instances.frozen.instances : it.endpoints["APP_HTTPS"].url] }
"#;
    let Some(stage) = Stage::with(synthetic(1_000), configuration).await? else { return Ok(()) };
    stage.terraform.apply().await?.succeeded()?;
    let outputs = stage.terraform.outputs().await?;
    assert_eq!(outputs["all"], sorted_ids(1_000));
    let urls = outputs["frozen"].as_array().ok_or("no URLs")?;
    assert!(urls.len() == 100 && urls.iter().all(Json::is_string), "{urls:?}");
    // Three pages for each of the two, and one request for each that is frozen.
    assert_eq!(stage.cloud.request_count(), 3 + 3 + 100);
    assert!(stage.cloud.max_in_flight() <= 16 + 1, "the other list may be under way too");
    Ok(())
}

/// Types are Terraform's to check; it takes them from the schema.
#[tokio::test]
async fn filters_of_the_wrong_type_are_refused() -> Outcome {
    let configuration = r#"
data "iotda_instances" "tags" { tags = "stage" }
data "iotda_instances" "status" { status = ["ACTIVE"] }
data "iotda_instances" "details" { include_details = "perhaps" }
data "iotda_instances" "unknown" { stage = "test" }
"#;
    let Some(stage) = Stage::new(configuration).await? else { return Ok(()) };
    let said = stage.terraform.validate().await?.failed()?.prose();
    for words in [
        "Inappropriate value for attribute \"tags\": map of string required",
        "Inappropriate value for attribute \"status\": string required",
        "Inappropriate value for attribute \"include_details\": a bool is required",
        "An argument named \"stage\" is not expected here",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(stage.cloud.request_count(), 0);
    Ok(())
}
