//! `wait_until_active`. Unit tests with a paused clock hold the times between two polls.

use iotda_emulator::{Answer, Config, Emulator, Fault, Rule, StatusStep, ids};
use serde_json::json;
use tfplug::testing::Read;

use super::{Provider, says};
use crate::support::Outcome;

#[tokio::test]
async fn a_wait_ends_when_the_host_says_stop() -> Outcome {
    let cloud = Emulator::start(Config::default())?;
    cloud.script_status(ids::PROJECT_ID, ids::INSTANCE_ID, [StatusStep::new("CREATING", 1)])?;
    let Provider { mut plugin, host } = Provider::configured_by(&cloud).await?;
    let config = json!({ "instance_id": ids::INSTANCE_ID, "wait_until_active": true });
    let (read, stopped) = tokio::join!(host.read("iotda_instance", &config), async {
        plugin.logged("waiting for the instance to become active").await?;
        // The next poll is ten seconds away.
        let asked = cloud.request_count();
        host.stop().await?;
        Ok::<_, tfplug::testing::HostError>(asked)
    });
    let Read { diagnostics, .. } = read?;
    let summaries: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect();
    assert_eq!(summaries, ["Read cancelled"]);
    assert_eq!(cloud.request_count(), stopped?, "it did not poll again");
    Ok(())
}

#[tokio::test]
async fn without_waiting_an_instance_without_addresses_is_a_warning() -> Outcome {
    let (cloud, provider) = Provider::with_cloud(Config::default()).await?;
    cloud.script_status(ids::PROJECT_ID, ids::INSTANCE_ID, [StatusStep::new("CREATING", 1)])?;
    let config = json!({ "instance_id": ids::INSTANCE_ID });
    let (state, warning) = provider.warned("iotda_instance", &config).await?;
    assert_eq!((&state["status"], &state["endpoints"]), (&json!("CREATING"), &json!({})));
    says(&warning, "The instance has no addresses", None, &["`wait_until_active = true`"]);
    Ok(())
}

/// Patience does not turn a response that is not the instance into one.
#[tokio::test]
async fn a_wait_ends_at_once_with_a_response_that_is_not_the_instance() -> Outcome {
    for body in
        ["{}", r#"{"errorCode":"X.1","errorMsg":"no"}"#, r#"{"instance_id":"0b","status":"CREATING"}"#]
    {
        let answer = Answer::new(200).json(body);
        let (cloud, provider) =
            Provider::with_cloud(Config::default().fault(Rule::new(Fault::Answer(answer)))).await?;
        let config = json!({ "instance_id": ids::INSTANCE_ID, "wait_until_active": true });
        let error = provider.refused("iotda_instance", &config).await?;
        assert_eq!(error.summary, "Unexpected response", "{body}");
        assert_eq!(cloud.request_count(), 1, "{body}");
    }
    Ok(())
}
