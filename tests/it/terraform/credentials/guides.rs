//! The guides about ways in: every configuration in them is valid, and all but those for networks that are not here are
//! planned against a cloud that has what they speak of. So is every list of variables.

use iotda_emulator::{Account, Config, Estate, Project, ids};
use serde_json::{Value as Json, json};

use super::super::recipes::document::{Document, Fence};
use super::{LIST, Variables, nobody_in, temporary_key, token};
use crate::support::{Outcome, Stage, diagnostics};

fn blocks(guide: &str) -> Outcome<Vec<Fence>> {
    Ok(Document::read(&format!("docs/guides/{guide}"))?.fences())
}

/// The accounts that the guides speak of.
fn estate() -> Estate {
    let mine = Account::new("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "my-account")
        .access_key(ids::ACCESS_KEY, ids::SECRET_KEY)
        .user(ids::USER_ID, ids::USER, ids::PASSWORD)
        .agency("ci-reader", &["my-account"])
        .identity_provider("my-ci", ids::ID_TOKEN)
        .project(Project::new(ids::PROJECT_ID, "cn-north-4").synthetic(1))
        .project(Project::new(ids::PROJECTS[1].1, "cn-south-1").synthetic(1))
        .project(Project::new("a1000000000000000000000000000077", "cn-north-4_line-7").synthetic(1));
    let plant = Account::new("f9e8d7c6b5a493827160f5e4d3c2b1a0", "plant-account")
        .agency("iotda-reader", &["my-account"])
        .project(Project::new("a2", "cn-north-4").synthetic(1));
    let line = Account::new("1f2e3d4c5b6a79880796a5b4c3d2e1f0", "line-account")
        .agency("line-reader", &["plant-account"])
        .project(Project::new("a3", "cn-north-4").synthetic(1));
    Estate::empty().account(mine).account(plant).account(line)
}

/// What stands for the secrets, which guides do not show.
async fn secrets(stage: &Stage) -> Outcome<Variables> {
    let [access, secret, security] = temporary_key(&stage.cloud).await?;
    let token = token(&stage.cloud, ids::PROJECT_ID).await?;
    let key = |name: &str, more: Json| {
        let mut profile = more;
        if let Some(profile) = profile.as_object_mut() {
            profile.insert("name".into(), name.into());
        }
        profile
    };
    let own = json!({"mode": "AKSK", "accessKeyId": ids::ACCESS_KEY, "secretAccessKey": ids::SECRET_KEY});
    let file = json!({"current": "plant", "profiles": [key("plant", own)]});
    stage.terraform.write("../home/.hcloud/config.json", &file.to_string())?;
    stage.terraform.write("id.token", ids::ID_TOKEN)?;
    let text = |value: &str| value.to_owned();
    Ok(vec![
        ("access_key", text(ids::ACCESS_KEY)),
        ("secret_key", text(ids::SECRET_KEY)),
        ("temporary_access_key", access),
        ("temporary_secret_key", secret),
        ("security_token", security),
        ("token", token),
        ("password", text(ids::PASSWORD)),
        ("id_token", text(ids::ID_TOKEN)),
    ])
}

/// A block as a configuration of its own: its variables declared, and a read added where it has none.
fn whole(text: &str, secrets: &Variables) -> String {
    let mut whole = text.to_owned();
    for (name, _) in secrets {
        if text.contains(&format!("var.{name}\n")) {
            let declared = ["\nvariable \"", name, "\" {\n  type      = string\n  sensitive = true\n}\n"];
            whole.push_str(&declared.concat());
        }
    }
    if !text.contains("data \"") {
        whole.push_str(LIST);
    }
    whole
}

/// The variables that a block of shell exports; `"$SECRET_KEY"` is the secret of that name.
fn exports(text: &str, secrets: &Variables) -> Outcome<Vec<(String, String)>> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let assignment = line.strip_prefix("export ").ok_or_else(|| format!("{line} exports nothing"))?;
        let (name, value) = assignment.split_once('=').ok_or_else(|| format!("{line} sets nothing"))?;
        let value = match value.strip_prefix("\"$").and_then(|value| value.strip_suffix('"')) {
            None => value.to_owned(),
            Some(secret) => {
                let known = secrets.iter().find(|(name, _)| name.eq_ignore_ascii_case(secret));
                known.ok_or_else(|| format!("{secret} is not known"))?.1.clone()
            }
        };
        found.push((name.to_owned(), value));
    }
    Ok(found)
}

async fn runs(guide: &str, least: usize) -> Outcome {
    let metadata = iotda_emulator::Metadata { account: "my-account".into(), ..Default::default() };
    let cloud = Config::default().estate(estate()).metadata(metadata);
    let Some(mut stage) = nobody_in(cloud).await? else { return Ok(()) };
    let secrets = secrets(&stage).await?;
    for (name, value) in &secrets {
        stage.terraform.variable(&format!("TF_VAR_{name}"), value);
    }
    let mut run = 0;
    for Fence { language, comment, body: text } in blocks(guide)? {
        let mut environment = Vec::new();
        match &*language {
            "terraform" => stage.configure(&whole(&text, &secrets))?,
            "sh" => {
                environment = exports(&text, &secrets)?;
                stage.configure(&whole("provider \"iotda\" {}\n", &secrets))?;
            }
            _ => continue,
        }
        let checked = stage.terraform.run(&["validate", "-json"]).await?.succeeded()?.json()?;
        assert_eq!(checked.get("diagnostics"), Some(&json!([])), "{guide}: {text}\n{checked:#}");
        if comment.as_deref() == Some("not run") {
            continue;
        }
        for (name, value) in &environment {
            stage.terraform.variable(name, value);
        }
        stage.cloud.clear_requests();
        let found = diagnostics(&stage.terraform.run(&["plan", "-json"]).await?)?;
        assert!(found.is_empty(), "{guide}: {text}\n{found:#?}");
        assert!(!stage.cloud.instance_requests().is_empty(), "{guide}: {text}\nreads nothing");
        for (name, _) in &environment {
            stage.terraform.without(name);
        }
        for (name, value) in stage.cloud.environment() {
            if environment.iter().any(|(taken, _)| *taken == name) && name == "HW_REGION_NAME" {
                stage.terraform.variable(&name, value);
            }
        }
        run += 1;
    }
    assert!(run >= least, "{guide}: {run} blocks were run");
    Ok(())
}

#[tokio::test]
async fn authentication() -> Outcome {
    runs("authentication.md", 20).await
}

#[tokio::test]
async fn migrating() -> Outcome {
    runs("migrating.md", 3).await
}

/// An action that is not documented could not be granted.
#[test]
fn policies_are_json_and_name_the_documented_actions() -> Outcome {
    let policies: Vec<Json> = blocks("authentication.md")?
        .into_iter()
        .filter(|block| block.language == "json" && block.body.contains("Statement"))
        .map(|block| serde_json::from_str(&block.body))
        .collect::<Result<_, _>>()?;
    let versions: Vec<_> = policies.iter().map(|policy| &policy["Version"]).collect();
    assert_eq!(versions, ["1.1", "5.0"]);
    for policy in &policies {
        let actions = ["query", "queryList", "queryTask", "queryTaskList"];
        let actions = actions.map(|action| format!("iotda:instance:{action}"));
        let statement = json!([{ "Effect": "Allow", "Action": actions }]);
        assert_eq!(policy["Statement"], statement, "{policy:#}");
    }
    Ok(())
}
