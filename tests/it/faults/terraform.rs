//! A few rows of the table through the real Terraform: what the user reads, and how often the cloud is asked.

use iotda_emulator::{Answer, Config, Fault, Rule};

use crate::support::{EXAMPLE, Outcome, Stage};

#[tokio::test]
async fn faults_as_the_user_sees_them() -> Outcome {
    let provider = "provider \"iotda\" {\n  max_retries = 2\n}\n";
    let Some(stage) = Stage::with(Config::default(), &format!("{provider}{EXAMPLE}")).await? else {
        return Ok(());
    };
    let escapes = r#"{"error_code":"X.1","error_msg":"a\u001b[2Jb\u202ec"}"#;
    for (name, rule, summary, says, requests) in [
        ("a burst", Rule::new(Fault::Status(503)).times(2), None, "", 3),
        ("a reset", Rule::new(Fault::ResetInBody).times(1), None, "", 2),
        ("an outage", Rule::new(Fault::Status(503)), Some("Service unavailable"), "attempt 3, the last", 3),
        ("malformed", Rule::new(Fault::MalformedJson), Some("Unexpected response"), "ends too early", 1),
        ("a gzip bomb", Rule::new(Fault::GzipBomb(1 << 25)), Some("Response too large"), "16 MiB", 1),
        ("no end", Rule::new(Fault::EndlessBody), Some("Response too large"), "16 MiB", 1),
        (
            "a redirect",
            Rule::new(Fault::Redirect("https://login.example.org/".to_owned())),
            Some("Unexpected redirect"),
            "login.example.org",
            1,
        ),
        (
            "escapes",
            Rule::new(Fault::Answer(Answer::new(400).json(escapes))),
            Some("Request rejected"),
            "Message: a [2Jb c",
            1,
        ),
    ] {
        stage.cloud.heal();
        stage.cloud.clear_requests();
        stage.cloud.fail(rule);
        let found = stage.diagnose().await?;
        let summaries: Vec<_> = found.iter().map(|diagnostic| diagnostic.summary.as_str()).collect();
        assert_eq!(summaries, Vec::from_iter(summary), "{name}: {found:#?}");
        assert!(found.iter().all(|diagnostic| diagnostic.says(&[says])), "{name}: {found:#?}");
        assert_eq!(stage.cloud.request_count(), requests, "{name}");
    }
    Ok(())
}
