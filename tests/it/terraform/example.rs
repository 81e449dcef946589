//! The instance of the API's documentation, from `init` to the outputs.

use iotda_emulator::ids::{INSTANCE_ID, PROJECT_ID};
use serde_json::json;

use crate::support::{EXAMPLE, Outcome, Stage, assert_golden, golden};

/// The golden is written by hand from the page's example and the rules for `endpoints`, not by this program.
#[tokio::test]
async fn every_attribute_of_the_documented_instance_is_as_it_should_be() -> Outcome {
    let configuration = format!("{EXAMPLE}\noutput \"this\" {{ value = data.iotda_instance.this }}");
    let Some(stage) = Stage::new(&configuration).await? else { return Ok(()) };
    let terraform = &stage.terraform;
    terraform.validate().await?.succeeded()?;
    terraform.apply().await?.succeeded()?;
    assert_eq!(terraform.outputs().await?["this"], golden("iotda_instance.json")?);
    // The environment names the project, so nothing but the read itself was asked.
    let asked: Vec<_> = stage.cloud.requests().into_iter().map(|it| (it.method, it.path)).collect();
    assert_eq!(asked, [("GET".to_owned(), format!("/v5/iot/{PROJECT_ID}/iotda-instances/{INSTANCE_ID}"))]);
    assert_golden("output.json", &terraform.run(&["output", "-json"]).await?.json()?)?;

    let again = terraform.plan().await?;
    assert_eq!(again.status.code(), Some(0), "a second plan is empty: {}", again.stdout);
    // OpenTofu does not say.
    assert_ne!(terraform.planned().await?["applyable"], true);
    Ok(())
}

#[tokio::test]
async fn the_quick_start_prints_the_addresses() -> Outcome {
    let Some(stage) = Stage::new(include_str!("../../../examples/quickstart/main.tf")).await? else {
        return Ok(());
    };
    stage.terraform.apply().await?.succeeded()?;
    let outputs = stage.terraform.outputs().await?;
    assert_eq!(outputs["application_url"], "https://example1.xxxx.com");
    assert_eq!(outputs["device_mqtt"], "mqtts://example2.xxxx.com:8883");
    assert_eq!(
        outputs["urls"],
        json!({
            "APP_AMQP": "amqps://example.xxxx.com:5671",
            "APP_HTTPS": "https://example1.xxxx.com",
            "DEVICE_COAP": "coaps://example3.xxxx.com:5684",
            "DEVICE_MQTT": "mqtts://example2.xxxx.com:8883",
        })
    );
    Ok(())
}
