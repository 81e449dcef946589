//! Roads that lead nowhere: each is a diagnostic that says which host, what happened and which argument to look at.

use std::time::Duration;

use iotda_emulator::{Config, Fault, Rule};

use crate::support::{EXAMPLE, Outcome, Stage};

/// A stage whose provider block has these lines.
fn block(lines: &str) -> String {
    format!("provider \"iotda\" {{\n  max_retries = 0\n  {lines}\n}}\n{EXAMPLE}")
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_named() -> Outcome {
    let Some(mut stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    for (endpoint, summary, says) in [
        ("http://127.0.0.1:1", "Connection failed", ["127.0.0.1:1 refused the connection", "`endpoints`"]),
        (
            "https://something.invalid",
            "Host name not resolved",
            ["something.invalid was not resolved", "`region`"],
        ),
        ("https://something.invalid:8443/prefix", "Host name not resolved", ["something.invalid", "DNS"]),
    ] {
        stage.configure(&block(&format!("endpoints = {{ iotda_mgmt = \"{endpoint}\" }}")))?;
        let diagnostic = stage.only().await?;
        diagnostic.check(summary, &says);
        assert!(diagnostic.line.starts_with("data \"iotda_instance\" \"this\""));
    }
    // Before the read: where the project is looked up.
    stage.terraform.without("HW_PROJECT_ID");
    stage.configure(&block("auth_url = \"https://iam.something.invalid/v3\""))?;
    stage.only().await?.check("Host name not resolved", &["project", "iam.something.invalid"]);
    assert_eq!(stage.cloud.request_count(), 0);
    Ok(())
}

#[tokio::test]
async fn a_certificate_is_trusted_only_with_its_authority() -> Outcome {
    let Some(stage) = Stage::with(Config::https(), EXAMPLE).await? else { return Ok(()) };
    let ca = stage.cloud.ca_pem().ok_or("https has an authority")?;
    stage.terraform.write("ca.pem", ca)?;

    stage.configure(&block(""))?;
    stage.only().await?.check("TLS handshake failed", &["authority", "`cacert_file`"]);
    assert_eq!(stage.cloud.request_count(), 0, "nothing is sent to a stranger");

    for lines in ["cacert_file = \"ca.pem\"", "cacert_file = file(\"ca.pem\")"] {
        stage.configure(&block(lines))?;
        stage.plans().await?;
    }

    stage.configure(&block("insecure = true"))?;
    let warning = stage.only().await?;
    assert_eq!(warning.severity, "warning", "{warning:#?}");
    assert!(warning.says(&["not verified", "`cacert_file`"]), "{warning:#?}");
    assert_eq!(warning.line, "insecure = true", "{warning:#?}");
    assert_eq!(stage.cloud.request_count(), 3, "and each of the three read");
    Ok(())
}

#[tokio::test]
async fn https_to_a_port_that_speaks_http_is_told_as_that() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let endpoint = format!("https://{}", stage.cloud.address());
    stage.configure(&block(&format!("endpoints = {{ iotda_mgmt = \"{endpoint}\" }}")))?;
    stage.only().await?.check("TLS handshake failed", &["did not respond with TLS", "`endpoints`"]);
    Ok(())
}

#[tokio::test]
async fn every_limit_on_time_is_told_by_the_argument_that_sets_it() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    stage.cloud.fail(Rule::new(Fault::Latency(Duration::from_mins(1))));
    stage.configure(&block("request_timeout = \"200ms\""))?;
    stage.only().await?.check("Request timed out", &["within 0.2 s", "`request_timeout`"]);

    let limited =
        EXAMPLE.replace("{ ", "{\n  ").replace(" }", "\n  timeouts {\n    read = \"300ms\"\n  }\n}");
    stage.configure(&limited)?;
    stage.only().await?.check("Read timed out", &["The read timed out", "`timeouts.read`"]);
    Ok(())
}
