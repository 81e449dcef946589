//! What a plan sends: GETs, no more of them than it needs, over connections that are used again.

use iotda_emulator::Config;
use iotda_emulator::ids::{INSTANCE_ID, PROJECT_ID};

use crate::support::{Diagnostic, Outcome, Stage};

const TEN: &str = r#"
data "iotda_instance" "of" {
  count       = 10
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
}
"#;

fn paths(stage: &Stage) -> Vec<String> {
    stage.cloud.requests().into_iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

#[tokio::test]
async fn with_a_project_id_only_the_reads_are_sent_and_connections_are_used_again() -> Outcome {
    let Some(stage) = Stage::with(Config::default(), TEN).await? else { return Ok(()) };
    let run = stage.terraform.run(&["plan", "-json", "-parallelism=1"]).await?.succeeded()?;
    let found = crate::support::diagnostics(&run)?;
    assert!(found.is_empty(), "{found:#?}");
    let read = format!("GET /v5/iot/{PROJECT_ID}/iotda-instances/{INSTANCE_ID}");
    assert_eq!(paths(&stage), vec![read; 10]);
    assert_eq!(stage.cloud.connections(), 1, "one after the other they need one connection");
    Ok(())
}

#[tokio::test]
async fn the_users_terraform_is_named_to_the_cloud() -> Outcome {
    let Some(stage) = Stage::new(crate::support::EXAMPLE).await? else { return Ok(()) };
    stage.diagnose().await?;
    let request = stage.cloud.requests().remove(0);
    let agent = request.header("user-agent").unwrap_or_default();
    let product = concat!("terraform-provider-iotda/", env!("CARGO_PKG_VERSION"));
    assert!(agent.starts_with("Terraform/1.") && agent.contains(product), "{agent}");
    Ok(())
}

/// The gateway locks a key after five failures in a row, and Terraform reads twenty at a time here.
#[tokio::test]
async fn a_wrong_key_is_tried_once_and_every_read_says_the_same() -> Outcome {
    let twenty = TEN.replace("10", "20");
    let Some(mut stage) = Stage::new(&twenty).await? else { return Ok(()) };
    let refused = |found: &[Diagnostic], source: &str| {
        // Terraform 1.17 shows equal messages once.
        assert!(matches!(found.len(), 1 | 20), "{found:#?}");
        for diagnostic in found {
            assert_eq!(diagnostic.summary, "Credentials not accepted", "{diagnostic:#?}");
            let facts = ["HTTP status: 401", "Error code: APIGW.0301", "Request ID: ", source];
            assert!(diagnostic.says(&facts), "{diagnostic:#?}");
            assert_eq!(diagnostic.detail, found[0].detail, "the same words for all");
        }
    };
    let plan = ["plan", "-json", "-parallelism=20"];

    stage.terraform.variable("HW_SECRET_KEY", "wrong");
    let found = crate::support::diagnostics(&stage.terraform.run(&plan).await?.failed()?)?;
    refused(&found, "the access key from the environment (HW_ACCESS_KEY");
    assert_eq!(stage.cloud.request_count(), 1, "{:#?}", stage.cloud.requests());

    stage.cloud.clear_requests();
    stage.configure(&format!(
        "provider \"iotda\" {{\n  access_key = \"EMULATORACCESSKEY\"\n  secret_key = \"wrong\"\n}}\n{twenty}"
    ))?;
    let found = crate::support::diagnostics(&stage.terraform.run(&plan).await?.failed()?)?;
    refused(&found, "the access key of the configuration (`access_key`)");
    assert_eq!(stage.cloud.request_count(), 1);

    // Without a project ID the project lookup meets the refusal, and again only one request is sent.
    stage.cloud.clear_requests();
    stage.terraform.without("HW_PROJECT_ID");
    let found = crate::support::diagnostics(&stage.terraform.run(&plan).await?.failed()?)?;
    refused(&found, "the access key of the configuration (`access_key`)");
    assert_eq!(paths(&stage), ["GET /v3/projects"]);
    Ok(())
}

#[tokio::test]
async fn a_region_without_a_project_is_named() -> Outcome {
    let Some(mut stage) = Stage::new(crate::support::EXAMPLE).await? else { return Ok(()) };
    stage.terraform.without("HW_PROJECT_ID").variable("HW_REGION_NAME", "af-south-1");
    stage.only().await?.check("No project in this region", &["af-south-1", "`project_id`"]);
    Ok(())
}
