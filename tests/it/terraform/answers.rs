//! Answers that are no instance: each is a diagnostic that says what came back and what to do, and costs its own read
//! only.

use iotda_emulator::{Answer, Fault, Rule};
use serde_json::json;

use crate::support::{EXAMPLE, Outcome, Stage};

struct Case {
    name: &'static str,
    fault: Option<Fault>,
    summary: &'static str,
    says: &'static [&'static str],
}

fn case(name: &'static str, fault: Fault, summary: &'static str, says: &'static [&'static str]) -> Case {
    Case { name, fault: Some(fault), summary, says }
}

fn json_answer(status: u16, body: impl Into<String>) -> Fault {
    Fault::Answer(Answer::new(status).header("x-request-id", "request-7").json(body.into()))
}

fn refused(status: u16, code: &str) -> Fault {
    json_answer(status, json!({"error_code": code, "error_msg": "Told by the server."}).to_string())
}

/// What each answer has to become, beside the faults of the table in `plugin::answers`.
fn cases() -> Vec<Case> {
    let unknown = Case {
        name: "unknown instance",
        fault: None,
        summary: "Not found",
        says: &[
            "region cn-north-4",
            "project a1000000000000000000000000000001",
            "HTTP status: 404",
            "IOTDA.000006",
        ],
    };
    let shape = |name, body: &str, says| case(name, json_answer(200, body), "Unexpected response", says);
    vec![
        unknown,
        case(
            "403",
            refused(403, "IOTDA.000021"),
            "Permission denied",
            &["`iotda:instance:query`", "IOTDA.000021"],
        ),
        case(
            "404",
            refused(404, "APIGW.0101"),
            "No such API at this endpoint",
            &["HW_IOTDA_MGMT_ENDPOINT", "APIGW.0101"],
        ),
        case(
            "502",
            Fault::Status(502),
            "Service unavailable",
            &["HTTP status: 502", "(HTML page) 502 Bad Gateway"],
        ),
        case("odd status", refused(418, "X"), "Request rejected", &["HTTP status: 418"]),
        case(
            "redirect",
            Fault::Redirect("https://login.example.org/sso?token=abc".into()),
            "Unexpected redirect",
            &["redirects to login.example.org", "proxy or a login page"],
        ),
        case(
            "html",
            Fault::Answer(Answer::new(200).html("<!doctype html><title>Sign in</title>")),
            "Unexpected response",
            &["HTML page", "proxy or login page"],
        ),
        shape("string", "\"ok\"", &["not the JSON object"]),
        shape("behind the object", "{} {}", &["not valid JSON", "line 1, column 4"]),
        shape("nested too deep", &"{\"a\":".repeat(100_000), &["truncated"]),
        shape(
            "port as text",
            r#"{"access_infos":[{},{"port":"8883"}]}"#,
            &["`access_infos[1].port`", "string \"8883\", expected a whole number"],
        ),
        shape("port as fraction", r#"{"access_infos":[{"port":88.5}]}"#, &["`access_infos[0].port`", "88.5"]),
        shape(
            "port as float",
            r#"{"access_infos":[{"port":8883.0}]}"#,
            &["`access_infos[0].port`", "8883.0"],
        ),
        shape("huge number", r#"{"flavor":{"size":9223372036854775808}}"#, &["`flavor.size`"]),
        shape("number as text", r#"{"flavor":{"size":"1"}}"#, &["`flavor.size`"]),
        shape("object as list", r#"{"flavor":["iotda.standard.s1", 1]}"#, &["`flavor`"]),
        shape("list as object", r#"{"tags":{"key":"a","value":"b"}}"#, &["`tags`"]),
        shape("text as number", r#"{"name":7}"#, &["`name`"]),
        shape(
            "boolean as text",
            r#"{"additional_params":{"forwarding_info":{"enable_snat":"true"}}}"#,
            &["`additional_params.forwarding_info.enable_snat`"],
        ),
    ]
}

#[tokio::test]
async fn every_answer_that_is_no_instance_is_a_diagnostic() -> Outcome {
    let cases = cases();
    let id = |index: usize| format!("{index:08x}");
    let configuration = format!(
        r#"
        provider "iotda" {{ max_retries = 0 }}
        data "iotda_instance" "good" {{ instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134" }}
        data "iotda_instance" "of" {{
          count       = {count}
          instance_id = format("%08x", count.index)
        }}
        "#,
        count = cases.len()
    );
    let Some(stage) = Stage::new(&configuration).await? else { return Ok(()) };
    for (index, case) in cases.iter().enumerate() {
        let Some(fault) = case.fault.clone() else { continue };
        // Faults that work on the genuine answer need one.
        let instance = json!({"instance_id": id(index), "description": "x".repeat(200)}).to_string();
        stage.cloud.put_instance(iotda_emulator::ids::PROJECT_ID, instance)?;
        stage.cloud.fail(Rule::new(fault).path(format!("/iotda-instances/{}", id(index))));
    }
    let diagnostics = stage.diagnose().await?;
    for (index, case) in cases.iter().enumerate() {
        let address = format!("data.iotda_instance.of[{index}]");
        let name = case.name;
        let mine: Vec<_> = diagnostics.iter().filter(|it| it.address == address).collect();
        let [diagnostic] = mine[..] else { panic!("{name}: {mine:#?} of {diagnostics:#?}") };
        diagnostic.check(case.summary, case.says);
        let asked = format!("Could not read instance {} in region cn-north-4", id(index));
        assert!(diagnostic.detail.starts_with(&asked), "{name}: {diagnostic:#?}");
        assert!(diagnostic.line.starts_with("data \"iotda_instance\" \"of\""), "{name}: {diagnostic:#?}");
    }
    assert_eq!(diagnostics.len(), cases.len(), "nothing else is said, of the good one least of all");
    let asked = stage.cloud.requests();
    assert_eq!(asked.len(), 1 + cases.len(), "without retries each is asked once");
    assert!(asked.iter().all(|request| request.method == "GET"));
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_only_wrapped_is_read() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    for fault in [
        Fault::Gzip,
        Fault::Oversized(16 << 20),
        Fault::SlowDrip { bytes: 500, every: std::time::Duration::from_millis(1) },
    ] {
        stage.cloud.heal();
        stage.cloud.fail(Rule::new(fault.clone()));
        let diagnostics = stage.diagnose().await?;
        assert!(diagnostics.is_empty(), "{fault:?}: {diagnostics:#?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_a_server_says_is_repeated_on_one_line_and_without_control_characters() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let words = format!("red: \u{1b}[31m\r\nsecond line\u{0}\u{202e} {}", "long ".repeat(1000));
    let body = json!({"error_code": "IOTDA.1", "error_msg": words, "request_id": "r\n1"}).to_string();
    stage.cloud.fail(Rule::new(json_answer(400, body)));
    let diagnostic = stage.only().await?;
    assert!(
        diagnostic.says(&["Message: red: [31m second line \u{fffd} long long", "Request ID: r 1\n"]),
        "{diagnostic:#?}"
    );
    assert!(diagnostic.detail.len() < 1600, "{}", diagnostic.detail.len());
    assert!(!diagnostic.detail.chars().any(|c| c.is_control() && c != '\n'), "{diagnostic:#?}");
    Ok(())
}
