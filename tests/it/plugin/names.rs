//! One instance by its name, and what a user may get wrong about it.

use iotda_emulator::{Answer, Config, Emulator, Fault, Rule, ids, synthetic_instance_id};
use serde_json::json;

use super::{Provider, at, details_of, gone, says};
use crate::support::Outcome;

#[tokio::test]
async fn an_exact_name_is_found_among_names_that_contain_it() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    for (id, name) in [("0a", "line"), ("0b", "line-1"), ("0c", "LINE"), ("0d", "车间 1号")] {
        let instance = json!({ "instance_id": id, "name": name, "status": "ACTIVE", "access_infos": [{}] });
        cloud.put_instance(ids::PROJECT_ID, instance.to_string())?;
    }
    for (name, id) in [("line", "0a"), ("line-1", "0b"), ("LINE", "0c"), ("车间 1号", "0d")] {
        cloud.clear_requests();
        let state = provider.state("iotda_instance", &json!({ "name": name })).await?;
        assert_eq!(
            (&state["id"], &state["instance_id"], &state["name"]),
            (&json!(id), &json!(id), &json!(name))
        );
        assert_eq!(state["region"], "cn-north-4");
        let asked: Vec<_> = cloud.requests().into_iter().map(|request| request.path).collect();
        assert_eq!((asked.len(), &asked[1]), (2, &details_of(id)), "the list, then the one");
    }
    let by_id = provider.state("iotda_instance", &json!({ "instance_id": "0b" })).await?;
    assert_eq!(by_id["name"], "line-1");
    Ok(())
}

/// Hosts compose characters before the provider sees them, so that a name typed in two is asked for in one.
#[tokio::test]
async fn a_name_of_composed_characters_is_one_of_decomposed_ones() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let page = json!({ "instances": [{ "instance_id": "0a", "name": "cafe\u{301}" }], "count": 1 });
    let list = Rule::new(Fault::Answer(Answer::new(200).json(page.to_string())));
    cloud.fail(list.path("/iotda-instances").times(1));
    cloud.put_instance(ids::PROJECT_ID, json!({ "instance_id": "0a", "status": "ACTIVE" }).to_string())?;
    let state = Provider::configured_by(&cloud)
        .await?
        .state("iotda_instance", &json!({ "name": "caf\u{e9}" }))
        .await?;
    assert_eq!((&state["id"], &state["name"]), (&json!("0a"), &json!("caf\u{e9}")));
    Ok(())
}

#[tokio::test]
async fn a_name_that_nothing_has_is_told_with_what_comes_near() -> Outcome {
    let (_cloud, provider) = Provider::with_cloud(Config::default().instances(30)).await?;
    let error = provider.refused("iotda_instance", &json!({ "name": "Synthetic-000" })).await?;
    says(&error, "No instance has this name", Some("name"), &[]);
    let first = synthetic_instance_id(ids::PROJECT_ID, 0);
    let expected = format!(
        "No instance in region cn-north-4, project {}, has exactly the name \"Synthetic-000\". Similar names:\n\n  \
         \"synthetic-0000\" ({first})\n",
        ids::PROJECT_ID
    );
    assert!(error.detail.starts_with(&expected), "{}", error.detail);
    assert_eq!(error.detail.lines().count(), 2 + 10);

    // Of very many the first are told.
    let error = provider.refused("iotda_instance", &json!({ "name": "synthetic" })).await?;
    assert!(error.detail.ends_with("\n  and 10 more"), "{}", error.detail);

    let error = provider.refused("iotda_instance", &json!({ "name": "pump" })).await?;
    assert_eq!(
        error.detail,
        format!(
            "No instance in region cn-north-4, project {}, has exactly the name \"pump\". No similar name was found. \
             Check the name, the region and the project.",
            ids::PROJECT_ID
        )
    );
    assert_eq!(at(&error).as_deref(), Some("name"));
    Ok(())
}

#[tokio::test]
async fn a_name_that_several_have_is_told_with_their_ids() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    for id in ["0b", "0a"] {
        let instance = json!({ "instance_id": id, "name": "twin" });
        cloud.put_instance(ids::PROJECT_ID, instance.to_string())?;
    }
    let error = provider.refused("iotda_instance", &json!({ "name": "twin" })).await?;
    says(&error, "Several instances have this name", Some("name"), &[]);
    assert_eq!(
        error.detail,
        "2 instances in region cn-north-4 have the name \"twin\". Use `instance_id` instead, with one of these IDs:\n\n  0a\n  0b"
    );
    Ok(())
}

#[tokio::test]
async fn only_what_is_wrong_with_the_name_points_at_the_name() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    // Gone between the list and the read.
    cloud.fail(gone());
    let error = provider.refused("iotda_instance", &json!({ "name": "iotda_instance" })).await?;
    says(&error, "Not found", None, &[ids::INSTANCE_ID]);
    cloud.heal();

    cloud.put_access_key(ids::ACCOUNT_ID, ids::ACCESS_KEY, "changed")?;
    let error = provider.refused("iotda_instance", &json!({ "name": "iotda_instance" })).await?;
    says(&error, "Credentials not accepted", None, &[]);
    Ok(())
}

#[tokio::test]
async fn bad_arguments_are_refused_before_any_request() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let long = "n".repeat(65);
    for (config, argument, words) in [
        (json!({}), None, "Set exactly one of `instance_id` and `name`"),
        (
            json!({ "instance_id": "0a", "name": "a" }),
            Some("name"),
            "Set only one of `instance_id` and `name`",
        ),
        (json!({ "name": "" }), Some("name"), "1 to 64"),
        (json!({ "name": long }), Some("name"), "1 to 64"),
        (json!({ "instance_id": "" }), Some("instance_id"), "0-9, a-f and -"),
        (json!({ "instance_id": "0A" }), Some("instance_id"), "0-9, a-f and -"),
        (json!({ "instance_id": "../0a" }), Some("instance_id"), "0-9, a-f and -"),
        (json!({ "name": "a", "region": "CN North" }), Some("region"), "lower-case letters"),
        (json!({ "name": "a", "timeouts": { "read": "5" } }), Some("timeouts.read"), "`30s`"),
    ] {
        let error = provider.refused("iotda_instance", &config).await?;
        assert_eq!(at(&error).as_deref(), argument, "{config}: {error:?}");
        assert!(error.detail.contains(words), "{config}: {}", error.detail);
    }
    assert_eq!(cloud.request_count(), 0);
    // The length of a name is counted in characters, not in bytes.
    let error = provider.refused("iotda_instance", &json!({ "name": "车".repeat(64) })).await?;
    assert_eq!(error.summary, "No instance has this name");
    Ok(())
}
