//! `provider::iotda::mqtt_credentials`, through Terraform.

use super::recipes;
use crate::support::Outcome;

#[tokio::test]
async fn errors_point_at_the_argument_and_secrets_stay_secret() -> Outcome {
    let faulty = r#"
output "hour" { value = provider::iotda::mqtt_credentials("d", "s", "2024-01-15", true) }
output "device" { value = provider::iotda::mqtt_credentials("", "s", "2024011509", true) }
output "secret" { value = provider::iotda::mqtt_credentials("d", "", "2024011509", true) }
output "null" { value = provider::iotda::mqtt_credentials("d", null, "2024011509", true) }
"#;
    let main = ("main.tf".to_owned(), faulty.to_owned());
    let Some(stage) = recipes::stage(&[main], 8).await? else { return Ok(()) };
    let said = stage.terraform.run(&["plan"]).await?.failed()?.prose();
    for words in [
        "Invalid value for \"timestamp\" parameter: The `timestamp` must be an hour in UTC as YYYYMMDDHH",
        "Invalid value for \"device_id\" parameter: The `device_id` must not be empty.",
        "Invalid value for \"secret\" parameter: The `secret` must not be empty.",
        "Invalid value for \"secret\" parameter: argument must not be null.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // The one that is made of a sensitive value may not be shown; the first may. OpenTofu 1.8 does not say so beside
    // other errors.
    stage.configure(
        r#"
variable "device_secret" {
  type      = string
  sensitive = true
}
output "plain" { value = provider::iotda::mqtt_credentials("d", "secret", "2024011509", true) }
output "shown" { value = provider::iotda::mqtt_credentials("d", var.device_secret, "2024011509", false) }
"#,
    )?;
    let said = stage.terraform.run(&["plan"]).await?.failed()?.prose();
    assert!(said.contains("Output refers to sensitive values"), "{said}");
    assert!(said.contains("output \"shown\"") && !said.contains("output \"plain\""), "{said}");
    Ok(())
}
