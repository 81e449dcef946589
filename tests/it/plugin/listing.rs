//! Lists: pages, details, and estates that change while they are read.

use std::time::Duration;

use iotda_emulator::{Answer, Config, Fault, Rule, ids};
use serde_json::{Value as Json, json};

use super::{Provider, details_of, gone, says};
use crate::support::{Outcome, sorted_ids, synthetic};

fn ids_of(instances: &Json) -> Json {
    instances.as_array().into_iter().flatten().map(|instance| instance["id"].clone()).collect()
}

/// A page of the list, in place of the emulator's.
fn page(body: &Json) -> Rule {
    Rule::new(Fault::Answer(Answer::new(200).json(body.to_string()))).query("limit=")
}

#[tokio::test]
async fn every_page_is_read_and_none_too_many() -> Outcome {
    // A full page does not say that it is the last.
    for (count, requests) in [(0, 1), (1, 1), (499, 1), (500, 2), (501, 2), (1_000, 3)] {
        let (cloud, provider) = Provider::with_cloud(synthetic(count)).await?;
        let state = provider.state("iotda_instances", &json!({ "include_details": false })).await?;
        assert_eq!(state["ids"], sorted_ids(count), "{count}");
        assert_eq!(ids_of(&state["instances"]), state["ids"], "{count}");
        assert_eq!(cloud.request_count(), requests, "{count}");
        assert!(cloud.requests().iter().all(|request| request.query.contains("limit=500")));
    }
    Ok(())
}

#[tokio::test]
async fn without_details_the_rest_is_null() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let state =
        provider.state("iotda_instances", &json!({ "include_details": false, "name": "iotda" })).await?;
    let Json::Object(found) = &state["instances"][0] else { return Err("no instance".into()) };
    let nulls: Vec<&str> =
        found.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        nulls,
        [
            "access_infos",
            "additional_params",
            "description",
            "endpoints",
            "operate_window",
            "order_id",
            "region_id",
            "tags"
        ]
    );
    assert_eq!((&found["region"], &found["status"]), (&json!("cn-north-4"), &json!("ACTIVE")));
    // With details, each is what the data source of one gives.
    let detailed = provider.state("iotda_instances", &json!({ "name": "iotda" })).await?;
    let single = provider.state("iotda_instance", &json!({ "name": "iotda_instance" })).await?;
    for (name, value) in detailed["instances"][0].as_object().ok_or("no instance")? {
        assert_eq!(*value, single[name], "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn details_are_read_sixteen_at_a_time_by_all_listings_together() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(synthetic(250)).await?;
    // Time enough for the others of the queue to be under way as well.
    cloud.fail(Rule::new(Fault::Latency(Duration::from_millis(20))).path("iotda-instances/"));
    let state = provider.state("iotda_instances", &json!({})).await?;
    assert_eq!(state["ids"], sorted_ids(250));
    assert_eq!(cloud.request_count(), 251);
    assert!((9..=16).contains(&cloud.max_in_flight()), "{} at a time", cloud.max_in_flight());

    cloud.clear_requests();
    let config = [json!({ "status": "FROZEN" }), json!({ "status": "MODIFYING" })];
    let (one, other) = tokio::join!(
        provider.state("iotda_instances", &config[0]),
        provider.state("iotda_instances", &config[1])
    );
    assert_eq!(
        (one?["ids"].as_array().map(Vec::len), other?["ids"].as_array().map(Vec::len)),
        (Some(25), Some(25))
    );
    assert_eq!(cloud.request_count(), 52);
    assert!((9..=16).contains(&cloud.max_in_flight()), "{} at a time", cloud.max_in_flight());
    Ok(())
}

#[tokio::test]
async fn nothing_at_all_is_no_error() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let state = provider.state("iotda_instances", &json!({ "name": "pump" })).await?;
    assert_eq!((&state["ids"], &state["instances"]), (&json!([]), &json!([])));
    Ok(())
}

#[tokio::test]
async fn an_instance_that_has_gone_since_it_was_listed_is_left_out() -> Outcome {
    let (cloud, mut provider) = Provider::with_cloud(Config::default()).await?;
    cloud.fail(gone());
    let state = provider.state("iotda_instances", &json!({})).await?;
    let ids = state["ids"].as_array().ok_or("no ids")?;
    assert!(ids.len() == 9 && !ids.contains(&json!(ids::INSTANCE_ID)), "{ids:?}");
    provider.plugin.logged("the instance was deleted after it was listed").await?;
    Ok(())
}

/// A list that is too short would destroy what is made for each of its elements.
#[tokio::test]
async fn a_stranger_on_the_way_cannot_say_that_an_instance_has_gone() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    for (stranger, summary) in [
        (Answer::new(404).json(r#"{"code":404,"message":"no route"}"#), "No such API at this endpoint"),
        (Answer::new(404), "Not found"),
    ] {
        cloud.fail(Rule::new(Fault::Answer(stranger)).path(details_of(ids::INSTANCE_ID)).times(1));
        let error = provider.refused("iotda_instances", &json!({})).await?;
        assert_eq!(error.summary, summary, "{error:?}");
    }
    Ok(())
}

/// Every field of the details is documented as optional.
#[tokio::test]
async fn what_the_details_lack_is_taken_from_the_list() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let details = Answer::new(200).json(json!({ "instance_id": ids::INSTANCE_ID }).to_string());
    cloud.fail(Rule::new(Fault::Answer(details)).path(details_of(ids::INSTANCE_ID)));
    let config = json!({ "status": "ACTIVE", "charge_mode": "prePaid", "name": "iotda_instance" });
    let state = provider.state("iotda_instances", &config).await?;
    assert_eq!(state["ids"], json!([ids::INSTANCE_ID]));
    let instance = &state["instances"][0];
    assert_eq!((&instance["status"], &instance["name"]), (&json!("ACTIVE"), &json!("iotda_instance")));
    Ok(())
}

#[tokio::test]
async fn any_other_failure_names_the_instance() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let refused =
        Answer::new(403).json(r#"{"error_code":"IOTDA.000021","error_msg":"Operation not allowed."}"#);
    cloud.fail(Rule::new(Fault::Answer(refused)).path(details_of(ids::INSTANCE_ID)));
    let error = provider.refused("iotda_instances", &json!({})).await?;
    says(&error, "Permission denied", None, &[&format!("Could not read instance {}", ids::INSTANCE_ID)]);
    Ok(())
}

#[tokio::test]
async fn an_estate_that_shrinks_while_it_is_read_gives_what_is_left() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    // Promised five, of which three go: a page shorter than its limit that is not the last, one of nothing but nulls, and
    // the end.
    let [first, second] = ["0a", "0b"].map(|id| json!({ "instance_id": id }));
    cloud.fail(page(&json!({ "count": 5, "marker": "0a", "instances": [first] })).times(1));
    cloud.fail(page(&json!({ "count": 4, "marker": "0b", "instances": [null, second] })).times(1));
    cloud.fail(page(&json!({ "count": 2, "marker": null, "instances": [] })).times(1));
    let state = provider.state("iotda_instances", &json!({ "include_details": false })).await?;
    assert_eq!(state["ids"], json!(["0a", "0b"]));
    assert_eq!(cloud.request_count(), 3);

    // One that moved from the second page to the first comes twice, and is one.
    let again = json!([{ "instance_id": "0a" }, { "instance_id": "0c" }]);
    cloud.fail(page(&json!({ "count": 2, "marker": "0a", "instances": [{ "instance_id": "0a" }] })).times(1));
    cloud.fail(page(&json!({ "count": 2, "marker": "0c", "instances": again })).times(1));
    let state = provider.state("iotda_instances", &json!({ "include_details": false })).await?;
    assert_eq!(state["ids"], json!(["0a", "0c"]));
    Ok(())
}

#[tokio::test]
async fn an_entry_without_an_id_is_told() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    cloud.fail(page(&json!({ "count": 1, "marker": "m", "instances": [{ "name": "nameless" }] })));
    let error = provider.refused("iotda_instances", &json!({})).await?;
    assert!(error.detail.contains("without an `instance_id`"), "{}", error.detail);
    let error = provider.refused("iotda_instance", &json!({ "name": "nameless" })).await?;
    assert!(error.detail.contains("without an `instance_id`"), "{}", error.detail);
    Ok(())
}
