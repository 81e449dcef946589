//! What is wrong with a provider block, or with the environment in its place, is said before anything is asked.

use std::collections::BTreeSet;

use crate::support::{Diagnostic, EXAMPLE, Outcome, Stage};

const DATA: &str = "data \"iotda_instance\" \"this\" {";
const PROVIDER: &str = "provider \"iotda\" {";

/// All faults of a configuration are said at once. `credentials::refused_here` has each of them alone.
#[tokio::test]
async fn several_faults_are_a_diagnostic_each() -> Outcome {
    let Some(mut stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let variables = [("HW_REQUEST_TIMEOUT", "soon"), ("HW_MAX_RETRIES", "many")];
    for (block, variables, expected) in [
        (
            "request_timeout = \"-1s\"\n  max_retries = -1",
            &[][..],
            &[
                ("Invalid argument value", "request_timeout = \"-1s\"", "duration above zero"),
                ("Invalid argument value", "max_retries = -1", "0"),
            ][..],
        ),
        (
            "agency_name = \"a\"\n  signing_algorithm = \"SM3\"",
            &[],
            &[
                ("Unsupported argument", "agency_name = \"a\"", "`assume_role`"),
                ("Unsupported signing_algorithm", "signing_algorithm = \"SM3\"", "HmacSHA256"),
            ],
        ),
        (
            "region = \"Bad\"\n  access_key = \"HALF\"\n  auth_url = \"ftp://x\"",
            &[],
            &[
                ("Invalid region", "region = \"Bad\"", "lower-case"),
                ("Incomplete credentials", PROVIDER, "`secret_key` is not"),
                ("Invalid auth_url", "auth_url = \"ftp://x\"", "https://"),
            ],
        ),
        (
            "",
            &variables,
            &[
                ("Invalid request_timeout", PROVIDER, "HW_REQUEST_TIMEOUT must be a duration"),
                ("Invalid max_retries", PROVIDER, "whole number"),
            ],
        ),
    ] {
        stage.configure(&format!("{PROVIDER}\n  {block}\n}}\n{EXAMPLE}"))?;
        for (name, value) in variables {
            stage.terraform.variable(name, *value);
        }
        let found = stage.diagnose().await?;
        for (summary, line, says) in expected {
            let hit =
                |it: &Diagnostic| it.summary == *summary && it.line.starts_with(line) && it.says(&[says]);
            assert!(found.iter().any(hit), "{summary} at {line}: {found:#?}");
        }
        assert_eq!(found.len(), expected.len(), "{block}: {found:#?}");
    }
    assert_eq!(stage.cloud.request_count(), 0, "nothing was asked");
    Ok(())
}

#[tokio::test]
async fn a_key_of_endpoints_that_means_ours_is_named_and_others_are_let_through() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    for key in ["iotda-mgmt", "iotda_management", "iotdm", "iotda-mgt", "iotda_mgt", "iotdaMgmt"] {
        let endpoints = format!("endpoints = {{ {key} = \"https://x.example.com\" }}");
        stage.configure(&format!("{PROVIDER}\n  {endpoints}\n}}\n{EXAMPLE}"))?;
        let found = stage.diagnose().await?;
        let [diagnostic] = &found[..] else { panic!("{key}: {found:#?}") };
        assert_eq!(diagnostic.summary, "Unknown endpoint");
        assert!(diagnostic.says(&[&format!("`{key}`"), "`iotda_mgmt`"]), "{diagnostic:#?}");
        assert_eq!(diagnostic.line, endpoints);
    }
    assert_eq!(stage.cloud.request_count(), 0);

    let endpoints = "endpoints = {\n    iotda = \"https://x.example.com\"\n    obs2 = \"nonsense\"\n  }";
    stage.configure(&format!("{PROVIDER}\n  {endpoints}\n}}\n{EXAMPLE}"))?;
    let warning = stage.only().await?;
    assert_eq!((&*warning.severity, &*warning.summary), ("warning", "Endpoint without effect"));
    assert!(warning.says(&["`obs2`", "iotda_mgmt, iam, sts, metadata"]), "{warning:#?}");
    Ok(())
}

/// The arguments of a data source are checked by `validate` already, where nothing is configured.
#[tokio::test]
async fn bad_arguments_of_a_read_are_refused_before_anything_is_asked() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let pattern = "1 to 36 of the characters 0-9, a-f and -";
    for (arguments, summary, says) in [
        ("instance_id = \"8561675C-D8A3-4956-9884-9CF9CBDD3134\"", "Invalid argument value", pattern),
        ("instance_id = \"../../../v3/projects\"", "Invalid argument value", pattern),
        (
            "instance_id = \"0a\"\n  region = \"evil.com/\"",
            "Invalid argument value",
            "lower-case letters, digits and hyphens",
        ),
        (
            "instance_id = \"0a\"\n  timeouts {\n    read = \"5\"\n  }",
            "Invalid argument value",
            "duration above zero",
        ),
        ("instance_id = [\"0a\"]", "Incorrect attribute value type", "string required"),
        (
            "instance_id = \"0a\"\n  status = \"ACTIVE\"",
            "Read-only attribute",
            "`status` comes from the provider",
        ),
    ] {
        stage.configure(&format!("{DATA}\n  {arguments}\n}}\n"))?;
        for command in ["validate", "plan"] {
            let run = stage.terraform.run(&[command, "-json"]).await?;
            assert!(!run.status.success(), "{command} {arguments}");
            let found = match command {
                "validate" => {
                    run.json()?["diagnostics"].as_array().into_iter().flatten().map(Diagnostic::of).collect()
                }
                _ => crate::support::diagnostics(&run)?,
            };
            let lines: BTreeSet<_> = arguments.lines().map(str::trim).collect();
            let [diagnostic] = &found[..] else { panic!("{command} {arguments}: {found:#?}") };
            diagnostic.check(summary, &[says]);
            assert!(lines.contains(&*diagnostic.line), "{command} {arguments}: {diagnostic:#?}");
        }
    }
    assert_eq!(stage.cloud.request_count(), 0, "nothing was asked");
    Ok(())
}
