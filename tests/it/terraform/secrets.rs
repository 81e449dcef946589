//! No secret reaches a log, a message, a plan or the state. The search that says so is first shown to find one.

use std::collections::BTreeSet;

use iotda_emulator::ids;
use serde_json::json;

use crate::support::{EXAMPLE, Outcome, Stage, secrets_sent};

/// Where a secret could be, by name.
type Places = Vec<(String, String)>;

/// Runs plan and apply with every log on, and gathers all that they write.
async fn everything(stage: &mut Stage) -> Outcome<Places> {
    stage.terraform.variable("TF_LOG", "TRACE");
    let mut places = Places::new();
    for arguments in [
        &["plan", "-out=plan.bin"][..],
        &["plan", "-json"],
        &["apply", "-auto-approve"],
        &["output", "-json"],
        &["show", "-json"],
        &["show", "-json", "plan.bin"],
    ] {
        let run = stage.terraform.run(arguments).await?;
        let name = arguments.join(" ");
        places.push((format!("log of {name}"), run.stderr));
        places.push((name, run.stdout));
    }
    if let Ok(state) = std::fs::read_to_string(stage.terraform.path().join("terraform.tfstate")) {
        places.push(("state".to_owned(), state));
    }
    stage.terraform.without("TF_LOG");
    Ok(places)
}

/// The places that hold a secret: as it is, or in hexadecimal.
fn holding(places: &Places, secret: &str) -> BTreeSet<String> {
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let holds = |text: &str| text.contains(secret) || text.to_ascii_lowercase().contains(&hex);
    places.iter().filter(|(_, text)| holds(text)).map(|(name, _)| name.clone()).collect()
}

#[tokio::test]
async fn the_search_finds_what_is_planted() -> Outcome {
    let id = "feed0000-0000-4000-8000-00000000beef";
    let configuration = format!(
        "data \"iotda_instance\" \"this\" {{ instance_id = \"{id}\" }}\n\
         output \"description\" {{ value = data.iotda_instance.this.description }}"
    );
    let Some(mut stage) = Stage::new(&configuration).await? else { return Ok(()) };
    let instance = json!({"instance_id": id, "status": "ACTIVE", "description": "planted-in-the-answer"});
    stage.cloud.put_instance(ids::PROJECT_ID, instance.to_string())?;
    let places = everything(&mut stage).await?;

    // The answer goes to the state and to whoever shows it; the id, which the provider logs, to the log as well.
    let answer = holding(&places, "planted-in-the-answer");
    for place in ["state", "output -json", "show -json", "show -json plan.bin", "apply -auto-approve"] {
        assert!(answer.contains(place), "{place} of {answer:?}");
    }
    let logged = holding(&places, id);
    assert!(
        logged.contains("log of plan -json") && logged.contains("log of apply -auto-approve"),
        "{logged:?}"
    );
    let provider =
        places.iter().any(|(name, text)| name == "log of plan -json" && text.contains("ReadDataSource"));
    assert!(provider, "the provider's own log is among what is searched");
    assert_eq!(holding(&vec![("hex".to_owned(), "x=504C414E54".to_owned())], "PLANT").len(), 1);
    Ok(())
}

#[tokio::test]
async fn no_secret_of_the_environment_is_anywhere() -> Outcome {
    let Some(mut stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let key = [("HW_ACCESS_KEY", "PLANTEDACCESSKEY"), ("HW_SECRET_KEY", "planted-secret-key")];
    let login =
        [("HW_USER_NAME", ids::USER), ("HW_DOMAIN_NAME", ids::ACCOUNT), ("HW_USER_PASSWORD", ids::PASSWORD)];
    let with_token = [key[0], key[1], ("HW_SECURITY_TOKEN", "planted-security-token")];
    stage.cloud.put_access_key(ids::ACCOUNT_ID, key[0].1, key[1].1)?;
    stage.terraform.without("HW_PROJECT_ID").without("HW_ACCESS_KEY").without("HW_SECRET_KEY");

    for (what, variables, works) in [
        ("access key", &key[..], true),
        ("password", &login[..], true),
        ("token", &[("HW_AUTH_TOKEN", "planted-auth-token")][..], false),
        ("security token", &with_token[..], false),
        ("wrong key", &[key[0], ("HW_SECRET_KEY", "planted-wrong-key")][..], false),
    ] {
        stage.cloud.clear_requests();
        for (name, value) in variables {
            stage.terraform.variable(name, *value);
        }
        let places = everything(&mut stage).await?;
        let read =
            places.iter().any(|(name, text)| name == "plan -json" && !text.contains("\"@level\":\"error\""));
        assert_eq!(read, works, "{what}");
        let names = ["HW_SECRET_KEY", "HW_USER_PASSWORD", "HW_AUTH_TOKEN", "HW_SECURITY_TOKEN"];
        let given =
            variables.iter().filter(|(name, _)| names.contains(name)).map(|(_, value)| (*value).to_owned());
        let secrets: Vec<_> = given.chain(secrets_sent(&stage.cloud)).collect();
        assert!(secrets.len() > 1, "{what}: something was sent with it");
        for secret in secrets {
            assert_eq!(holding(&places, &secret), BTreeSet::new(), "{what}: {secret}");
        }
        for (name, _) in variables {
            stage.terraform.without(name);
        }
    }
    Ok(())
}

/// The value comes from a variable, as secrets do, so that no line of the configuration that is quoted holds it.
#[tokio::test]
async fn no_secret_of_the_block_is_logged_or_told() -> Outcome {
    let Some(mut stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    for (others, argument, value) in [
        ("access_key = \"PLANTED\"", "secret_key", "planted-secret-key"),
        ("access_key = \"PLANTED\"", "secret_key", "planted secret key with blanks"),
        ("", "secret_key", "planted-half-key"),
        ("", "token", "planted-token"),
        ("user_name = \"nobody\"", "password", "planted-password"),
        ("user_id = \"nobody\"", "password", "planted-password"),
        ("cert = \"no/such/file\"", "key", "-----BEGIN PRIVATE KEY----- planted"),
        ("access_key = \"PLANTED\"\n secret_key = \"x\"", "security_token", "planted-security-token"),
    ] {
        stage.configure(&format!(
            "variable \"secret\" {{\n default = \"{value}\"\n}}\n\
             provider \"iotda\" {{\n max_retries = 0\n {others}\n {argument} = var.secret\n}}\n{EXAMPLE}"
        ))?;
        let mut places = everything(&mut stage).await?;
        let failed =
            |(name, text): &(String, String)| name == "plan -json" && text.contains("\"@level\":\"error\"");
        assert!(places.iter().any(failed), "{argument} = {value}");
        // Terraform's own plans hold the values of variables; what the provider says is in the log and the messages.
        places.retain(|(name, _)| {
            name.starts_with("log of ") || name.starts_with("plan") || name.starts_with("apply")
        });
        assert_eq!(holding(&places, value), BTreeSet::new(), "{argument} = {value}");
    }
    Ok(())
}
