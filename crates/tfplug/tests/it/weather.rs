//! The sample provider in the hands of the real Terraform.

use serde_json::json;
use tfplug::testing::HostError;
use tfplug::testing::terraform::{Package, Terraform, Workspace};

use crate::support::example;

/// A working directory with the sample installed and a configuration; none where there is no Terraform.
async fn workspace(configuration: &str) -> Result<Option<Workspace>, HostError> {
    let Some(terraform) = Terraform::locate()? else { return Ok(None) };
    let package = Package {
        binary: example("weather"),
        address: "registry.terraform.io/example/weather",
        version: "0.1.0",
    };
    let workspace = terraform.workspace(&package)?;
    workspace.require_package()?.write("main.tf", configuration)?;
    workspace.init().await?.succeeded()?;
    Ok(Some(workspace))
}

#[tokio::test]
async fn an_apply_gives_outputs_and_leaves_nothing_to_plan() -> Result<(), HostError> {
    let configuration = r#"
        provider "weather" { network = "south" }
        data "weather_station" "this" { id = "12" }
        output "sensors" { value = data.weather_station.this.sensors }
        output "boiling" { value = provider::weather::celsius(212) }
    "#;
    let Some(workspace) = workspace(configuration).await? else { return Ok(()) };
    workspace.validate().await?.succeeded()?;
    workspace.apply().await?.succeeded()?;
    let sensors = json!({"rain": {"address": "12.south.example.com"}});
    assert_eq!(workspace.outputs().await?, json!({"sensors": sensors, "boiling": 100}));
    assert_eq!(workspace.plan().await?.status.code(), Some(0));
    // OpenTofu does not say.
    assert_ne!(workspace.planned().await?["applyable"], true);
    Ok(())
}

#[tokio::test]
async fn errors_reach_the_user_in_our_words() -> Result<(), HostError> {
    let Some(workspace) = workspace("").await? else { return Ok(()) };
    for (configuration, words) in [
        (
            r#"output "cold" { value = provider::weather::celsius(-1000) }"#,
            r#"Invalid value for "fahrenheit" parameter: Nothing is colder than -459.67 degrees Fahrenheit."#,
        ),
        (
            r#"data "weather_station" "this" { id = "twelve" }"#,
            "Invalid argument value with data.weather_station.this, on main.tf line 1, in data \
             \"weather_station\" \"this\": 1: data \"weather_station\" \"this\" { id = \"twelve\" } `id` must match \
             the pattern `^[0-9]{1,6}$`, but is \"twelve\".",
        ),
        (r#"data "weather_station" "this" {}"#, r#"The argument "id" is required"#),
        (
            "provider \"weather\" { network = \"west\" }\ndata \"weather_station\" \"this\" { id = \"1\" }",
            "`network` must be one of `north` or `south`, but is \"west\".",
        ),
    ] {
        workspace.write("main.tf", configuration)?;
        let prose = workspace.run(&["plan"]).await?.failed()?.prose();
        assert!(prose.contains(words), "{configuration}: {prose}");
    }
    Ok(())
}

#[tokio::test]
async fn the_schema_is_the_struct() -> Result<(), HostError> {
    let Some(workspace) = workspace("").await? else { return Ok(()) };
    let schema = workspace.schema().await?;
    let station = &schema["data_source_schemas"]["weather_station"]["block"];
    assert_eq!(station["description"], "Reads a weather station by its ID.");
    assert_eq!(station["attributes"]["id"]["required"], true);
    let sensors = json!(["map", ["object", {"address": "string"}]]);
    assert_eq!(station["attributes"]["sensors"]["type"], sensors);
    assert_eq!(schema["functions"]["celsius"]["parameters"][0]["name"], "fahrenheit");
    Ok(())
}

#[tokio::test]
async fn nothing_of_the_tests_environment_reaches_a_run() -> Result<(), HostError> {
    let Some(mut workspace) = workspace("").await? else { return Ok(()) };
    let names = |workspace: &Workspace| {
        let command = workspace.command(&[]);
        let names = command.as_std().get_envs().map(|(name, _)| name.to_string_lossy().into_owned());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    assert!(!names(&workspace).contains("CARGO_MANIFEST_DIR"));
    workspace.variable("WX_TOKEN", "x");
    assert!(names(&workspace).contains("WX_TOKEN"));
    workspace.without("WX_TOKEN");
    assert!(!names(&workspace).contains("WX_TOKEN"));
    let before = Terraform::runs();
    workspace.run(&["version"]).await?.succeeded()?;
    assert!(Terraform::runs() > before);
    Ok(())
}
