//! The search for secrets in all that a run leaves, and those that services give out.

use std::collections::BTreeSet;

use iotda_emulator::{Answer, Emulator, Fault, Rule, ids};
use serde_json::{Value as Json, json};
use tfplug::testing::terraform::Run;

use super::{Variables, configuration, hw_key, nobody, variables};
use crate::support::{Outcome, Stage, secrets_sent};

/// The secrets among variables, those in files that they may name, and what was made of them and sent.
pub(super) fn given(variables: &Variables, cloud: &Emulator) -> BTreeSet<String> {
    const NAMES: [&str; 6] = ["ACCESS_KEY", "SECRET_KEY", "TOKEN", "PASSWORD", "access_key", "secret"];
    let is_secret = |name: &str| NAMES.iter().any(|part| name.contains(part)) && !name.ends_with("FILE");
    let own = variables.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.clone());
    let in_files = [ids::ACCESS_KEY, ids::SECRET_KEY, ids::ID_TOKEN].map(str::to_owned);
    own.chain(in_files).chain(secrets_sent(cloud)).filter(|secret| !secret.is_empty()).collect()
}

/// Fails if any of the secrets is in what the runs wrote, or in the plan and the state. What is no secret is found there.
pub(super) fn search(
    what: &str,
    secrets: &BTreeSet<String>,
    runs: &[&Run],
    kept: Option<(Json, &Stage)>,
) -> Outcome {
    let mut places: Vec<(String, String)> = Vec::new();
    for run in runs {
        places.push((format!("log of {}", run.arguments.join(" ")), run.stderr.clone()));
        places.push((run.arguments.join(" "), run.stdout.clone()));
    }
    let found = |text: &str| places.iter().any(|(_, place)| place.contains(text));
    assert!(
        found("response received") || found("Error:") || found("\"error\""),
        "{what}: nothing was logged"
    );
    if let Some((mut plan, stage)) = kept {
        // Terraform's own record of the values of input variables, which no provider writes.
        let variables = plan.as_object_mut().and_then(|plan| plan.remove("variables"));
        assert!(variables.is_some(), "{what}: the plan has variables");
        let state = std::fs::read_to_string(stage.terraform.path().join("terraform.tfstate"))?;
        let plan = plan.to_string();
        assert!(state.contains("iotda_instances") && plan.contains("iotda_instances"), "{what}");
        places.extend([("plan".to_owned(), plan), ("state".to_owned(), state)]);
    }
    assert!(!secrets.is_empty(), "{what}: there is something to search for");
    for secret in secrets {
        if let Some((place, _)) = places.iter().find(|(_, text)| holds(text, secret)) {
            return Err(format!("{what}: {secret} is in {place}").into());
        }
    }
    Ok(())
}

/// Whether a text holds a secret, as it is or in hexadecimal.
fn holds(text: &str, secret: &str) -> bool {
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    text.contains(secret) || text.to_ascii_lowercase().contains(&hex)
}

/// The search is worth something: what is no secret, and logged, is found where secrets are searched for.
#[tokio::test]
async fn what_is_planted_in_a_log_is_found() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    stage.give(&hw_key());
    stage.terraform.variable("TF_LOG", "TRACE");
    let run = stage.terraform.run(&["plan"]).await?.succeeded()?;
    let planted = BTreeSet::from([ids::PROJECT_ID.to_owned()]);
    let found = search("planted", &planted, &[&run], None).err().map(|error| error.to_string());
    assert_eq!(found.as_deref(), Some("planted: a1000000000000000000000000000001 is in log of plan"));
    assert!(holds("x=504C414E54", "PLANT"));
    Ok(())
}

/// Services give out secrets too: keys, session tokens and tokens. They are planted here, and refused when used.
#[tokio::test]
async fn what_services_give_out_is_nowhere() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    let key = json!({"credential": {
        "access": "PLANTEDTEMPORARY", "secret": "planted-temporary-secret",
        "securitytoken": "planted-security-token", "expires_at": "2099-01-01T00:00:00.000000Z",
    }});
    let sts = json!({"credentials": {
        "access_key_id": "PLANTEDTEMPORARY", "secret_access_key": "planted-temporary-secret",
        "security_token": "planted-security-token", "expiration": "2099-01-01T00:00:00Z",
    }});
    let subject = Answer::new(201).header("x-subject-token", "planted-subject-token").json("{\"token\":{}}");
    let rules = [
        Rule::new(Fault::Answer(Answer::new(200).json(key.to_string()))).path("securitykey"),
        Rule::new(Fault::Answer(Answer::new(201).json(key.to_string()))).path("securitytokens"),
        Rule::new(Fault::Answer(Answer::new(200).json(sts.to_string()))).path("agencies/assume"),
        Rule::new(Fault::Answer(subject.clone())).path("id-token/tokens"),
        Rule::new(Fault::Answer(subject)).path("/v3/auth/tokens"),
    ];
    for rule in rules {
        stage.cloud.fail(rule);
    }
    let key = [("HW_ACCESS_KEY", ids::ACCESS_KEY), ("HW_SECRET_KEY", ids::SECRET_KEY)];
    let agency = ("HW_ASSUME_ROLE_AGENCY_NAME", ids::PARTNER_AGENCY);
    let federation = [("HW_ASSUME_ROLE_IDP_ID", "demo-idp"), ("HW_ASSUME_ROLE_ID_TOKEN", ids::ID_TOKEN)];
    let by_id = ("HW_ASSUME_ROLE_DOMAIN_ID", ids::PARTNER_ID);
    for given_here in [
        variables([]),
        variables([key[0], key[1], agency, ("HW_ASSUME_ROLE_DOMAIN_NAME", ids::PARTNER)]),
        variables([key[0], key[1], agency, by_id]),
        variables([federation[0], federation[1], agency, by_id]),
        variables([("HW_USER_NAME", "u"), ("HW_USER_PASSWORD", "p-w-d"), ("HW_DOMAIN_NAME", "demo")]),
    ] {
        let what = format!("{given_here:?}");
        stage.configure(&configuration("max_retries = 0"))?;
        stage.cloud.clear_requests();
        stage.give(&given_here);
        stage.terraform.variable("TF_LOG", "TRACE");
        let run = stage.terraform.run(&["plan", "-json"]).await?.failed()?;
        let mut secrets = given(&given_here, &stage.cloud);
        let planted = ["PLANTEDTEMPORARY", "planted-temporary-secret", "planted-security-token"];
        secrets.extend(planted.iter().chain(&["planted-subject-token"]).map(|&secret| secret.to_owned()));
        assert!(run.stdout.contains("Credentials not accepted"), "{what}: {}", run.stdout);
        search(&what, &secrets, &[&run], None)?;
        stage.take_back(&given_here);
    }
    Ok(())
}
