//! `wait_until_active`, as users see it.

use iotda_emulator::{StatusStep, ids, synthetic_instance_id};
use serde_json::json;

use crate::support::{Outcome, Stage};

/// One that is active at once, one that has failed, and one that takes longer than it may.
#[tokio::test]
async fn a_plan_waits_and_says_what_for() -> Outcome {
    let [failed, slow] = [0, 1].map(|number| synthetic_instance_id(ids::PROJECT_ID, number));
    let configuration = format!(
        r#"
data "iotda_instance" "active" {{
  instance_id       = "{}"
  wait_until_active = true
}}
data "iotda_instance" "failed" {{
  instance_id       = "{failed}"
  wait_until_active = true
}}
data "iotda_instance" "slow" {{
  instance_id       = "{slow}"
  wait_until_active = true
  timeouts {{
    read = "1s"
  }}
}}
"#,
        ids::INSTANCE_ID
    );
    let Some(mut stage) = Stage::new(&configuration).await? else { return Ok(()) };
    let task = |kind: &str, status: &str| json!({ "task_id": "t", "type": kind, "status": status, "status_detail": "no capacity", "progress": 40 });
    let cloud = &stage.cloud;
    cloud.script_status(ids::PROJECT_ID, &failed, [StatusStep::new("FAILED", 1)])?;
    cloud.set_tasks(ids::PROJECT_ID, &failed, [task("CREATE", "FAILED")])?;
    cloud.script_status(ids::PROJECT_ID, &slow, [StatusStep::new("CREATING", 1)])?;
    cloud.set_tasks(ids::PROJECT_ID, &slow, [task("CREATE", "RUNNING")])?;
    stage.terraform.variable("TF_LOG_PROVIDER", "INFO");
    let run = stage.terraform.run(&["plan"]).await?.failed()?;
    let said = run.prose();
    for words in [
        format!(
            "Instance {failed} has the status FAILED and will not become ACTIVE by itself. Its newest task has the type \
                 CREATE and the status FAILED: no capacity"
        ),
        format!(
            "Instance {slow} still had the status CREATING after 1 s. Set a longer timeout with `timeouts.read`"
        ),
    ] {
        assert!(said.contains(&words), "{said}");
    }
    assert_eq!(said.matches("Error: ").count(), 2, "the active one is read: {said}");
    let progress = run.stderr.lines().find(|line| line.contains("waiting for the instance to become active"));
    let progress = progress.ok_or("no progress was logged")?;
    for words in
        [&slow, "CREATING", "elapsed_s=0", "task_type=CREATE", "task_status=RUNNING", "task_progress=40"]
    {
        assert!(progress.contains(words), "{progress}");
    }
    Ok(())
}
