//! Every filter of `iotda_instances`.

use iotda_emulator::{Config, ids};
use serde_json::{Value as Json, json};

use super::{Provider, at, says};
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
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
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
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
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
async fn an_empty_filter_and_all_enterprise_projects_let_everything_through() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
    for (argument, value) in [
        ("name", ""),
        ("instance_type", ""),
        ("status", ""),
        ("charge_mode", ""),
        ("flavor_type", ""),
        ("enterprise_project_id", ""),
        ("enterprise_project_id", "all_granted_eps"),
    ] {
        let config = json!({ "include_details": false, argument: value });
        let state = provider.state("iotda_instances", &config).await?;
        assert_eq!(names(&state).len(), 10, "{argument} = {value:?}");
    }
    let flavors = provider.state("iotda_instance_flavors", &json!({ "instance_type": "" })).await?;
    assert_eq!(flavors["flavors"].as_array().map(Vec::len), Some(6));
    Ok(())
}

#[tokio::test]
async fn filters_that_can_match_nothing_are_refused_without_a_request() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let config = json!({ "include_details": false, "tags": { "stage": "test" } });
    let error = provider.refused("iotda_instances", &config).await?;
    let advice = "Remove `include_details = false`, or `tags`.";
    says(&error, "Tags require details", Some("tags"), &[advice]);
    let validated = provider.host.validate("iotda_instances", &config).await?;
    assert_eq!(validated.into_iter().collect::<Vec<_>>(), [error]);
    let error = provider.refused("iotda_instances", &json!({ "tags": { "stage": null } })).await?;
    assert_eq!(at(&error).as_deref(), Some("tags[\"stage\"]"), "{error:?}");
    let error = provider.refused("iotda_instances", &json!({ "name": "n".repeat(65) })).await?;
    assert_eq!(at(&error).as_deref(), Some("name"));
    for (source, argument) in [
        ("iotda_instances", "name"),
        ("iotda_instances", "instance_type"),
        ("iotda_instances", "status"),
        ("iotda_instances", "charge_mode"),
        ("iotda_instances", "flavor_type"),
        ("iotda_instances", "enterprise_project_id"),
        ("iotda_instance_flavors", "instance_type"),
        ("iotda_instance_tasks", "status"),
        ("iotda_instance_tasks", "type"),
    ] {
        let mut config = json!({ argument: "ACTIVE " });
        if source == "iotda_instance_tasks" {
            config["instance_id"] = json!(ids::INSTANCE_ID);
        }
        let error = provider.refused(source, &config).await?;
        let complaint = format!("`{argument}`: \"ACTIVE \" begins or ends with white space");
        says(&error, "Invalid argument value", Some(argument), &[&complaint]);
    }
    assert_eq!(cloud.request_count(), 0);
    Ok(())
}

#[tokio::test]
async fn filters_that_probably_match_nothing_are_warnings() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let id = ids::INSTANCE_ID;
    for (source, argument, config, part) in [
        ("iotda_instances", "status", json!({ "status": "active" }), "Did you mean \"ACTIVE\"?"),
        ("iotda_instances", "instance_type", json!({ "instance_type": "Standard" }), "\"standard\""),
        ("iotda_instances", "charge_mode", json!({ "charge_mode": "prepaid" }), "\"prePaid\""),
        (
            "iotda_instances",
            "flavor_type",
            json!({ "flavor_type": "iotda.Enterprise.E1" }),
            "\"iotda.enterprise.e1\"",
        ),
        ("iotda_instances", "status", json!({ "status": "ACTVE" }), "`status` is \"ACTVE\""),
        ("iotda_instances", "charge_mode", json!({ "charge_mode": "monthly" }), "prePaid, postPaid"),
        ("iotda_instance_flavors", "instance_type", json!({ "instance_type": "professional" }), "standard"),
        ("iotda_instance_tasks", "status", json!({ "instance_id": id, "status": "FAILD" }), "PENDING"),
        ("iotda_instance_tasks", "type", json!({ "instance_id": id, "type": "create" }), "\"CREATE\""),
    ] {
        let (state, warning) = provider.warned(source, &config).await?;
        assert_eq!(at(&warning).as_deref(), Some(argument), "{config}");
        assert!(warning.detail.contains(part), "{config}: {warning:?}");
        let found = ["ids", "flavors", "tasks"].iter().find_map(|name| state[name].as_array());
        assert_eq!(found.map(Vec::len), Some(0), "{config}");
    }
    Ok(())
}

/// One warning of a kind, with the instances that it is about, and none of instances that nobody wants.
#[tokio::test]
async fn warnings_are_of_what_is_wanted_and_come_once() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default().instances(0)).await?;
    for (id, stage) in [("0a", "production"), ("0b", "production"), ("0c", "test")] {
        let tags =
            json!([{ "key": "stage", "value": stage }, { "value": "no key" }, { "value": "nor here" }]);
        cloud.put_instance(ids::PROJECT_ID, json!({ "instance_id": id, "tags": tags }).to_string())?;
    }
    let config = json!({ "tags": { "stage": "production" } });
    let (state, warning) = provider.warned("iotda_instances", &config).await?;
    assert_eq!(state["ids"], json!(["0a", "0b"]));
    says(&warning, "Tags without a key", None, &["for the instances 0a, 0b;"]);
    Ok(())
}
