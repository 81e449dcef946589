//! The argument `region`. Behind the emulator's proxy each region has a host and a project of its own.

use iotda_emulator::{Config, Emulator, ids};
use serde_json::json;

use super::{Provider, at, says};
use crate::support::Outcome;

/// Keys and region only; every host is the cloud's own, and played by the emulator.
async fn through_the_proxy(cloud: &Emulator) -> Outcome<Provider> {
    let mut variables: Vec<_> =
        cloud.environment().into_iter().filter(|(name, _)| name.ends_with("_KEY")).collect();
    let (proxy, ca) = cloud.proxy_url().zip(cloud.proxy_ca_pem()).ok_or("there is no proxy")?;
    for (name, value) in [("HW_REGION_NAME", "cn-north-4"), ("HTTPS_PROXY", &proxy), ("OS_CACERT", ca)] {
        variables.push((name.to_owned(), value.to_owned()));
    }
    Provider::in_environment(variables).await
}

#[tokio::test]
async fn each_region_has_its_own_host_and_project_which_is_looked_up_once() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let provider = through_the_proxy(&cloud).await?;
    for (region, project) in [ids::PROJECTS[0], ids::PROJECTS[1]] {
        cloud.clear_requests();
        let config = json!({ "region": region, "name": "synthetic-0000" });
        let state = provider.state("iotda_instance", &config).await?;
        assert_eq!((&state["region"], &state["region_id"]), (&json!(region), &json!(region)));
        for source in ["iotda_instances", "iotda_instance_flavors"] {
            assert_eq!(provider.state(source, &json!({ "region": region })).await?["region"], region);
        }
        let tasks = json!({ "region": region, "instance_id": state["id"] });
        assert_eq!(provider.state("iotda_instance_tasks", &tasks).await?["region"], region);

        let requests = cloud.requests();
        assert_eq!(requests[0].path, "/v3/projects");
        let host = format!("iotda-mgmt.{region}.myhuaweicloud.com");
        for request in &requests[1..] {
            assert_eq!(request.header("host"), Some(host.as_str()));
            assert!(request.path.starts_with(&format!("/v5/iot/{project}/")), "{}", request.path);
        }
    }
    // Without the argument it is the provider's.
    let state = provider.state("iotda_instance_flavors", &json!({})).await?;
    assert_eq!(state["region"], "cn-north-4");
    Ok(())
}

#[tokio::test]
async fn a_region_that_the_account_has_no_project_in_points_at_the_argument() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let provider = through_the_proxy(&cloud).await?;
    let config = json!({ "region": "cn-nowhere-1", "instance_id": ids::INSTANCE_ID });
    for source in ["iotda_instance", "iotda_instance_tasks"] {
        let error = provider.refused(source, &config).await?;
        says(&error, "No project in this region", Some("region"), &["cn-nowhere-1"]);
    }
    for source in ["iotda_instances", "iotda_instance_flavors"] {
        let error = provider.refused(source, &json!({ "region": "cn-nowhere-1" })).await?;
        assert_eq!(at(&error).as_deref(), Some("region"), "{source}");
    }
    let error = provider.refused("iotda_instance", &json!({ "region": "cn-nowhere-1", "name": "a" })).await?;
    assert_eq!(at(&error).as_deref(), Some("region"));
    Ok(())
}

/// An endpoint or a project of another region reads that region's instances, whatever the configuration says.
#[tokio::test]
async fn an_instance_that_reports_another_region_is_a_warning() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    let mut variables = cloud.environment();
    variables.retain(|(name, _)| name != "HW_REGION_NAME");
    variables.push(("HW_REGION_NAME".to_owned(), "us-east-1".to_owned()));
    let provider = Provider::in_environment(variables).await?;
    for (source, config, ids) in [
        ("iotda_instance", json!({ "instance_id": ids::INSTANCE_ID }), "instance 8561675c"),
        ("iotda_instances", json!({}), "the instances "),
    ] {
        let (_, warning) = provider.warned(source, &config).await?;
        let parts = [ids, "reports the region cn-north-4", "sent to region us-east-1", "HW_PROJECT_ID"];
        says(&warning, "Instance in another region", None, &parts);
    }
    Ok(())
}

#[tokio::test]
async fn an_endpoint_of_ones_own_is_for_one_region() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    let error = provider.refused("iotda_instances", &json!({ "region": "cn-south-1" })).await?;
    let parts = ["HW_IOTDA_MGMT_ENDPOINT", "cn-north-4", "cn-south-1", "another provider configuration"];
    says(&error, "Request not possible", Some("region"), &parts);
    assert_eq!(cloud.request_count(), 0);
    // The provider's own region may be written too.
    let state = provider.state("iotda_instances", &json!({ "region": "cn-north-4" })).await?;
    assert_eq!(state["ids"].as_array().map(Vec::len), Some(10));
    Ok(())
}
