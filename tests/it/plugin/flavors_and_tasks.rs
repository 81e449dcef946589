//! Flavors and tasks.

use iotda_emulator::{Config, ids};
use serde_json::{Value as Json, json};

use super::{Provider, at, says};
use crate::support::Outcome;

fn column(rows: &Json, name: &str) -> Json {
    rows.as_array().into_iter().flatten().map(|row| row[name].clone()).collect()
}

#[tokio::test]
async fn flavors_are_sorted_and_filtered() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let state = provider.state("iotda_instance_flavors", &json!({})).await?;
    let sorted = [
        "iotda.enterprise.e1",
        "iotda.enterprise.e2",
        "iotda.standard.s0",
        "iotda.standard.s1",
        "iotda.standard.s2",
        "iotda.standard.s3",
    ];
    assert_eq!(column(&state["flavors"], "type"), json!(sorted));
    assert_eq!(
        state["flavors"][3],
        json!({
            "instance_type": "standard",
            "type": "iotda.standard.s1",
            "status": "normal",
            "charge_modes": ["prePaid", "postPaid"],
        })
    );
    let state = provider.state("iotda_instance_flavors", &json!({ "instance_type": "enterprise" })).await?;
    assert_eq!(column(&state["flavors"], "type"), json!(sorted[..2]));
    Ok(())
}

/// The emulator gives them as they stand here from the last to the first.
fn tasks() -> Vec<Json> {
    let task = |id: &str, kind: &str, status: &str, create_time: Json| json!({ "task_id": id, "type": kind, "status": status, "create_time": create_time, "progress": 40 });
    let full = json!({
        "task_id": "t3",
        "type": "MODIFY",
        "status": "FAILED",
        "status_detail": "no capacity",
        "create_time": "2024-02-01T00:00:00.000Z",
        "target_config": { "flavor": { "type": "iotda.standard.s2", "size": 3 }, "charge_mode": null },
        "operate_window": { "start_time": "22:00", "end_time": "24:00" },
    });
    vec![
        task("t5", "MODIFY", "SUCCESS", json!("2024-03-01T00:00:00.000Z")),
        task("t2", "CREATE", "SUCCESS", json!("2024-01-01T00:00:00.000Z")),
        task("t4", "OPEN_SNAT", "FAILED", json!("2024-02-01T00:00:00.000Z")),
        full,
        task("t1", "FREEZE", "PENDING", Json::Null),
        task("t0", "FREEZE", "PENDING", json!("soon")),
    ]
}

#[tokio::test]
async fn tasks_come_newest_first_and_those_of_no_time_last() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, tasks())?;
    for (filter, expected) in [
        (json!({}), &["t5", "t3", "t4", "t2", "t0", "t1"][..]),
        (json!({ "status": "FAILED" }), &["t3", "t4"]),
        (json!({ "type": "MODIFY" }), &["t5", "t3"]),
        (json!({ "type": "MODIFY", "status": "FAILED" }), &["t3"]),
        (json!({ "type": "DELETE" }), &[]),
    ] {
        let mut config = filter;
        config["instance_id"] = json!(ids::INSTANCE_ID);
        let state = provider.state("iotda_instance_tasks", &config).await?;
        assert_eq!(column(&state["tasks"], "task_id"), json!(expected), "{config}");
    }
    let config = json!({ "instance_id": ids::INSTANCE_ID, "type": "MODIFY", "status": "FAILED" });
    assert_eq!(
        provider.state("iotda_instance_tasks", &config).await?["tasks"][0],
        json!({
            "task_id": "t3",
            "type": "MODIFY",
            "status": "FAILED",
            "status_detail": "no capacity",
            "create_time": "2024-02-01T00:00:00.000Z",
            "start_time": null,
            "end_time": null,
            "target_config": { "flavor": { "type": "iotda.standard.s2", "size": 3 }, "charge_mode": null },
            "operate_window": { "start_time": "22:00", "end_time": "24:00" },
        })
    );
    Ok(())
}

#[tokio::test]
async fn tasks_of_an_instance_that_is_not_there_are_an_error() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let error = provider.refused("iotda_instance_tasks", &json!({ "instance_id": "00" })).await?;
    says(&error, "Not found", None, &["Could not list the tasks of instance 00 in region"]);
    let error = provider.refused("iotda_instance_tasks", &json!({ "instance_id": "X" })).await?;
    assert_eq!(at(&error).as_deref(), Some("instance_id"));
    Ok(())
}

#[tokio::test]
async fn one_task_is_read_with_its_progress() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, tasks())?;
    let config = |task_id: &str| json!({ "instance_id": ids::INSTANCE_ID, "task_id": task_id });
    assert_eq!(
        provider.state("iotda_instance_task", &config("t5")).await?,
        json!({
            "instance_id": ids::INSTANCE_ID,
            "task_id": "t5",
            "region": "cn-north-4",
            "timeouts": null,
            "type": "MODIFY",
            "status": "SUCCESS",
            "status_detail": null,
            "create_time": "2024-03-01T00:00:00.000Z",
            "start_time": null,
            "end_time": null,
            "target_config": null,
            "operate_window": null,
            "progress": 40,
        })
    );
    let full = provider.state("iotda_instance_task", &config("t3")).await?;
    assert_eq!((&full["target_config"]["flavor"]["size"], &full["progress"]), (&json!(3), &json!(null)));
    cloud.clear_requests();
    let error = provider.refused("iotda_instance_task", &config("t9")).await?;
    says(&error, "Not found", None, &["Could not read task t9 of instance 8561675c"]);
    assert_eq!(cloud.request_count(), 1);
    for task_id in ["", "..", "a/b", "t5 "] {
        let error = provider.refused("iotda_instance_task", &config(task_id)).await?;
        assert_eq!(at(&error).as_deref(), Some("task_id"), "{task_id:?}");
    }
    assert_eq!(cloud.request_count(), 1);
    Ok(())
}
