//! Each directory of `examples`: what can be run with this provider alone is run, and prints what its README shows.

use std::collections::{BTreeMap, BTreeSet};

use iotda_emulator::ids;
use serde_json::json;

use super::document::{Document, root};
use super::{File, is_tofu, stage};
use crate::support::{Outcome, Stage, assert_file, lacks};

/// Recipes, each with the files that need another provider, and the oldest minor version that can run the rest.
const RECIPES: [(&str, &[&str], u64); 16] = [
    ("certificate-expiry", &["certificate.tf"], 5),
    ("device-credentials", &[], 8),
    ("dns-records", &["dns.tf"], 0),
    ("instances-by-tag", &[], 0),
    ("kubernetes", &["kubernetes.tf"], 11),
    ("mqtt-bridge", &[], 8),
    ("official-provider-endpoint", &["huaweicloud.tf"], 5),
    ("optional-instance", &[], 0),
    ("pipeline-outputs", &[], 0),
    ("posture-checks", &[], 5),
    ("quickstart", &[], 0),
    ("security-group", &["rules.tf"], 0),
    ("several-regions", &[], 0),
    ("several-regions-opentofu", &["main.tf"], 9),
    ("testing", &[], 8),
    ("testing-mock-file", &[], 8),
];

/// Files of a directory of `examples` that are run.
fn files(directory: &str) -> Outcome<Vec<File>> {
    let recipe = RECIPES.iter().find(|(name, ..)| *name == directory);
    let left_out = recipe.map(|(_, left_out, _)| *left_out).unwrap_or_default();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join("examples").join(directory))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file without a name")?.to_owned();
        let is_run = [".tf", ".hcl", ".tftpl"].iter().any(|suffix| name.ends_with(suffix));
        if is_run && !left_out.contains(&name.as_str()) {
            let text = std::fs::read_to_string(&path)?;
            files.push((name, if left_out.is_empty() { text } else { without_other_providers(&text) }));
        }
    }
    Ok(files)
}

/// What is left of a `versions.tf` when the entries of other providers are deleted, as the READMEs say to do.
fn without_other_providers(text: &str) -> String {
    let (mut kept, mut deleted) = (String::new(), false);
    for line in text.lines() {
        deleted |= line.starts_with("    ") && line.ends_with(" = {") && line != "    iotda = {";
        if !deleted {
            kept.push_str(line);
            kept.push('\n');
        }
        deleted &= line != "    }";
    }
    kept
}

/// The oldest minor version that can run a directory of `examples`.
fn oldest(directory: &str) -> u64 {
    RECIPES.iter().find(|(name, ..)| *name == directory).map_or(0, |(.., minor)| *minor)
}

async fn recipe(directory: &str) -> Outcome<Option<Stage>> {
    stage(&files(directory)?, oldest(directory)).await
}

async fn shows_what_it_prints(directory: &str, stage: &Stage) -> Outcome {
    let mut readme = Document::read(&format!("examples/{directory}/README.md"))?;
    assert_eq!(readme.replay(&stage.terraform).await?, 1, "{directory}: one block shows what it prints");
    Ok(())
}

async fn applied(directory: &str) -> Outcome<Option<Stage>> {
    let Some(stage) = recipe(directory).await? else { return Ok(None) };
    stage.terraform.apply().await?.succeeded()?;
    shows_what_it_prints(directory, &stage).await?;
    Ok(Some(stage))
}

macro_rules! recipes {
    ($($test:ident: $directory:literal,)*) => {$(
        #[tokio::test]
        async fn $test() -> Outcome {
            applied($directory).await.map(|_| ())
        }
    )*};
}

recipes! {
    certificate_expiry: "certificate-expiry",
    device_credentials: "device-credentials",
    dns_records: "dns-records",
    instances_by_tag: "instances-by-tag",
    kubernetes: "kubernetes",
    mqtt_bridge: "mqtt-bridge",
    optional_instance: "optional-instance",
    posture_checks: "posture-checks",
    quickstart: "quickstart",
    security_group: "security-group",
}

#[tokio::test]
async fn pipeline_outputs() -> Outcome {
    let Some(stage) = applied("pipeline-outputs").await? else { return Ok(()) };
    let golden = root().join("examples/pipeline-outputs/output.json");
    let found = stage.terraform.run(&["output", "-json"]).await?.succeeded()?.stdout;
    assert_file(&golden, &found)
}

#[tokio::test]
async fn official_provider_endpoint() -> Outcome {
    let Some(stage) = applied("official-provider-endpoint").await? else { return Ok(()) };
    // The documentation's instance has a custom domain name, which the plan has to refuse.
    let custom = std::fs::read_to_string(stage.terraform.path().join("main.tf"))?;
    stage.terraform.write("main.tf", &custom.replace("synthetic-0000", "iotda_instance"))?;
    let refused = stage.terraform.run(&["plan"]).await?.failed()?.prose();
    assert!(refused.contains("This instance has a custom domain name"), "{refused}");
    Ok(())
}

/// Through the proxy behind which the emulator plays the hosts of all regions.
#[tokio::test]
async fn several_regions() -> Outcome {
    for directory in ["several-regions", "several-regions-opentofu"] {
        if directory.ends_with("opentofu") && !is_tofu()? {
            continue;
        }
        let main = std::fs::read_to_string(root().join("examples").join(directory).join("main.tf"))?;
        let Some(mut stage) = stage(&[("main.tf".to_owned(), main)], oldest(directory)).await? else {
            return Ok(());
        };
        let Stage { cloud, terraform } = &mut stage;
        for (name, _) in cloud.environment() {
            if !name.ends_with("_KEY") {
                terraform.without(&name);
            }
        }
        let (proxy, ca) = cloud.proxy_url().zip(cloud.proxy_ca_pem()).ok_or("there is no proxy")?;
        terraform.variable("HTTPS_PROXY", proxy).variable("OS_CACERT", ca);
        terraform.apply().await?.succeeded()?;
        if directory == "several-regions" {
            shows_what_it_prints(directory, &stage).await?;
        } else {
            let expected = json!({ "cn-north-4": 10, "cn-south-1": 2 });
            assert_eq!(stage.terraform.outputs().await?["instances"], expected);
        }
    }
    Ok(())
}

#[tokio::test]
async fn testing_with_mocks() -> Outcome {
    for (directory, file) in [("testing", "main.tftest.hcl"), ("testing-mock-file", "iotda.tfmock.hcl")] {
        if directory == "testing-mock-file" && is_tofu()? {
            continue;
        }
        let Some(mut stage) = recipe(directory).await? else { return Ok(()) };
        // Mocks need neither credentials nor a cloud.
        for (name, _) in stage.cloud.environment() {
            stage.terraform.without(&name);
        }
        shows_what_it_prints(directory, &stage).await?;
        stage.terraform.run(&["test"]).await?.succeeded()?;
        // The tests are tests: with another address they fail.
        let mock = std::fs::read_to_string(stage.terraform.path().join(file))?;
        let moved = mock.replacen("= \"mqtts://mqtt.mock.example:8883\"", "= \"elsewhere:1\"", 1);
        assert_ne!(mock, moved);
        stage.terraform.write(file, &moved)?;
        let failed = stage.terraform.run(&["test"]).await?.failed()?.prose();
        assert!(failed.contains("The gateway connects to elsewhere:1."), "{failed}");
        assert_eq!(stage.cloud.request_count(), 0);
    }
    Ok(())
}

/// What `terraform output` prints of the outputs that a snippet defines.
fn outputs_of(snippet: &str, printed: &str) -> String {
    let defined: Vec<_> = snippet
        .lines()
        .filter_map(|line| line.strip_prefix("output \"")?.strip_suffix("\" {"))
        .map(|name| format!("{name} = "))
        .collect();
    let mut wanted = false;
    let lines = printed.lines().filter(|line| {
        if !line.starts_with([' ', '}', ']']) {
            wanted = defined.iter().any(|start| line.starts_with(start));
        }
        wanted
    });
    lines.flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// The snippets of the documentation, all in one configuration. What each prints is on its page; with `BLESS=1` it is
/// written anew.
#[tokio::test]
async fn snippets_of_the_documentation() -> Outcome {
    let mut places = vec!["provider".to_owned()];
    for kind in ["data-sources", "functions"] {
        for entry in std::fs::read_dir(root().join("examples").join(kind))? {
            places.push(format!("{kind}/{}", entry?.file_name().to_string_lossy()));
        }
    }
    let mut snippets = Vec::new();
    for place in &places {
        let mut texts = files(place)?;
        assert_eq!(texts.len(), 1, "{place} has one snippet");
        let file = if place == "provider" { "main.tf".to_owned() } else { place.replace('/', "-") + ".tf" };
        snippets.extend(texts.pop().map(|(_, text)| (file, text)));
    }
    // Functions need Terraform 1.8. The device's secret is a variable of one of them only.
    let Some(stage) = stage(&snippets, 8).await? else { return Ok(()) };
    let task = |kind, status, detail, time| json!({ "task_id": format!("task-{kind}"), "type": kind, "status": status, "status_detail": detail, "create_time": time, "progress": 60 });
    let tasks = vec![
        task("CREATE", "SUCCESS", "", "2024-01-15T09:30:45.000Z"),
        task("MODIFY", "FAILED", "The specification is sold out.", "2024-03-01T22:00:00.000Z"),
    ];
    stage.cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, tasks)?;
    stage.terraform.apply().await?.succeeded()?;
    let outputs = stage.terraform.outputs().await?;
    assert_eq!(outputs["device_mqtt"], "mqtts://example2.xxxx.com:8883");
    assert_eq!(outputs["urls"]["APP_AMQP"], "amqps://example.xxxx.com:5671");
    assert_eq!(outputs["on_sale"], json!(["iotda.standard.s0", "iotda.standard.s1", "iotda.standard.s2"]));
    assert_eq!(
        (&outputs["count"], &outputs["failures"]),
        (&json!(10), &json!(["The specification is sold out."]))
    );
    assert_eq!(outputs["latest_modification"], "FAILED, 60 %");
    assert_eq!(outputs["production_mqtt"].as_array().map(Vec::len), Some(3));
    assert_eq!(outputs["mqtt"]["client_id"], "gateway-1_0_0_2024011509");
    let printed = stage.terraform.run(&["output", "-no-color"]).await?.succeeded()?.stdout;
    for (place, (_, snippet)) in places.iter().zip(&snippets) {
        let path = root().join("examples").join(place).join("output.txt");
        let found = outputs_of(snippet, &printed);
        assert!(!found.is_empty(), "{place} has no output");
        assert_file(&path, &found)?;
    }
    Ok(())
}

#[tokio::test]
async fn all_are_formatted() -> Outcome {
    // Older ones know nothing of test files.
    if lacks(7)? {
        return Ok(());
    }
    let Some(terraform) = tfplug::testing::terraform::Terraform::locate()? else { return Ok(()) };
    // It reads every file, so it fails on one that is no HCL, too.
    let command = std::process::Command::new(terraform.binary())
        .args(["fmt", "-check", "-diff", "-recursive", "-no-color"])
        .arg(root().join("examples"))
        .output()?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&command.stdout), String::from_utf8_lossy(&command.stderr));
    assert!(command.status.success(), "{said}");
    Ok(())
}

#[test]
fn each_is_listed_and_says_what_was_not_run() -> Outcome {
    let index = Document::read("examples/README.md")?.text;
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("examples"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    let recipes: BTreeMap<&str, &[&str]> =
        RECIPES.iter().map(|(name, without, _)| (*name, *without)).collect();
    let layout = ["provider", "data-sources", "functions"];
    let known: BTreeSet<String> = recipes.keys().chain(&layout).map(|&name| name.to_owned()).collect();
    assert_eq!(found, known);
    for (name, left_out) in recipes {
        assert!(index.contains(&format!("[{name}]({name})")), "{name} is not in the index");
        let readme = Document::read(&format!("examples/{name}/README.md"))?.text;
        assert_eq!(readme.contains("not run"), !left_out.is_empty(), "{name}");
        let run_it = ["\n## Run it\n\n```shell\n", " init\n", "\nOutput:", "\nClean up: "];
        let places: Vec<_> = run_it.iter().map(|part| readme.find(part)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{name}: {places:?}");
        for file in left_out {
            assert!(root().join("examples").join(name).join(file).is_file(), "{name}/{file}");
        }
    }
    Ok(())
}
