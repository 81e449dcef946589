//! Every filter of `iotda_instances`.

use iotda_emulator::{Config, Emulator, ids};
use serde_json::{Value as Json, json};

use super::{Provider, at};
use crate::support::Outcome;

fn names(state: &Json) -> Vec<&str> {
    let mut names: Vec<_> =
        state["instances"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect();
    names.sort_unstable();
    names
}

/// The emulator's rule for synthetic instances gives the expected ones; nine of them, and the documentation's.
#[tokio::test]
async fn each_filter_lets_through_what_fits() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let provider = Provider::configured_by(&cloud).await?;
    let example = "d22e47e9-cfad-4254-8a29-d2a56a07681d";
    // With the number of requests: what the list tells, it decides.
    for (config, expected, requests) in [
        (json!({ "name": "tHetic-000" }), &["0", "1", "2", "3", "4", "5", "6", "7", "8"][..], 10),
        (json!({ "instance_type": "enterprise" }), &["3", "7"], 3),
        (json!({ "status": "FROZEN" }), &["7"], 2),
        (json!({ "charge_mode": "prePaid" }), &["0", "3", "6", "example"], 5),
        (json!({ "flavor_type": "iotda.enterprise.e1" }), &["3", "7"], 3),
        (json!({ "enterprise_project_id": example }), &["example"], 2),
        (json!({ "status": "MODIFYING", "instance_type": "enterprise" }), &[], 1),
        (json!({ "tags": { "stage": "production" } }), &["0", "2", "6"], 11),
        (json!({ "tags": { "stage": "production", "line": "2" } }), &["2"], 11),
        // A tag without a value has the empty one.
        (json!({ "tags": { "stage": "" } }), &["3", "8"], 11),
        (json!({ "tags": { "stage": "", "line": "" } }), &[], 11),
        (json!({ "tags": { "stage": "production" }, "charge_mode": "prePaid" }), &["0", "6"], 5),
    ] {
        cloud.clear_requests();
        let state = provider.state("iotda_instances", &config).await?;
        let name = |short: &&str| match *short {
            "example" => "iotda_instance".to_owned(),
            number => format!("synthetic-000{number}"),
        };
        let mut expected: Vec<_> = expected.iter().map(name).collect();
        expected.sort_unstable();
        assert_eq!(names(&state), expected, "{config}");
        assert_eq!(cloud.request_count(), requests, "{config}");
        let ids: Json =
            state["instances"].as_array().into_iter().flatten().map(|it| it["id"].clone()).collect();
        assert_eq!(state["ids"], ids, "{config}");
    }
    // No tags asked for are all instances, and no reason to read any.
    for details in [true, false] {
        let config = json!({ "tags": {}, "include_details": details });
        assert_eq!(names(&provider.state("iotda_instances", &config).await?).len(), 10);
    }
    Ok(())
}

#[tokio::test]
async fn filters_that_the_list_can_answer_work_without_details() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let provider = Provider::configured_by(&cloud).await?;
    for (filter, value, expected) in [
        ("status", "FROZEN", 1),
        ("charge_mode", "prePaid", 4),
        ("flavor_type", "iotda.enterprise.e1", 2),
        ("enterprise_project_id", "0", 9),
    ] {
        let state =
            provider.state("iotda_instances", &json!({ "include_details": false, filter: value })).await?;
        assert_eq!(names(&state).len(), expected, "{filter}");
    }
    Ok(())
}

#[tokio::test]
async fn tags_need_details() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let provider = Provider::configured_by(&cloud).await?;
    let config = json!({ "include_details": false, "tags": { "stage": "test" } });
    let error = provider.refused("iotda_instances", &config).await?;
    assert_eq!((error.summary.as_str(), at(&error).as_deref()), ("Tags need details", Some("tags")));
    assert!(error.detail.contains("Leave out `include_details = false`, or `tags`."), "{}", error.detail);
    let error = provider.refused("iotda_instances", &json!({ "tags": { "stage": null } })).await?;
    assert_eq!(at(&error).as_deref(), Some("tags[\"stage\"]"), "{error:?}");
    for name in ["", &"n".repeat(65)] {
        let error = provider.refused("iotda_instances", &json!({ "name": name })).await?;
        assert_eq!(at(&error).as_deref(), Some("name"));
    }
    assert_eq!(cloud.request_count(), 0);
    Ok(())
}

#[tokio::test]
async fn a_filter_in_another_case_lets_nothing_through_and_is_told() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let provider = Provider::configured_by(&cloud).await?;
    for (argument, value) in [("status", "active"), ("instance_type", "Standard"), ("charge_mode", "prepaid")]
    {
        let read = provider.host.read("iotda_instances", &json!({ argument: value })).await?;
        let [warning] = &read.diagnostics.iter().collect::<Vec<_>>()[..] else {
            panic!("{:?}", read.diagnostics)
        };
        assert_eq!((&read.state["ids"], at(warning).as_deref()), (&json!([]), Some(argument)));
    }
    Ok(())
}

/// One warning of a kind, with the instances that it is about, and none of instances that nobody wants.
#[tokio::test]
async fn warnings_are_of_what_is_wanted_and_come_once() -> Outcome {
    let cloud = Emulator::start(Config::default().instances(0))?;
    for (id, stage) in [("0a", "production"), ("0b", "production"), ("0c", "test")] {
        let tags =
            json!([{ "key": "stage", "value": stage }, { "value": "no key" }, { "value": "nor here" }]);
        cloud.put_instance(ids::PROJECT_ID, json!({ "instance_id": id, "tags": tags }).to_string())?;
    }
    let provider = Provider::configured_by(&cloud).await?;
    let read = provider.host.read("iotda_instances", &json!({ "tags": { "stage": "production" } })).await?;
    assert_eq!(read.state["ids"], json!(["0a", "0b"]));
    let [warning] = &read.diagnostics.iter().collect::<Vec<_>>()[..] else {
        panic!("{:?}", read.diagnostics)
    };
    assert_eq!(warning.summary, "Tags without a key");
    assert!(warning.detail.contains("the instances 0a, 0b, those"), "{warning:?}");
    Ok(())
}
