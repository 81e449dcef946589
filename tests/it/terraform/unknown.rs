//! Arguments of the provider that only apply makes: none ever turns into a default or a variable's value.

use crate::support::{EXAMPLE, Outcome, Stage};

/// A provider block in which `later` stands for a value that is not known when planning, and one read.
fn block(lines: &str, value: &str) -> String {
    format!(
        "resource \"terraform_data\" \"later\" {{ input = {value} }}\n\
         locals {{ later = terraform_data.later.output }}\n\
         provider \"iotda\" {{\n{lines}\n}}\n{EXAMPLE}"
    )
}

/// The environment has a value for many of these, and the others have a default.
#[tokio::test]
async fn every_argument_that_matters_is_named_and_nothing_is_asked() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let texts = "
        region access_key secret_key security_token token user_name user_id password domain_id
        domain_name project_id project_name tenant_id tenant_name auth_url cloud cacert_file cert
        key shared_config_file profile request_timeout agency_name agency_domain_name
        signing_algorithm
    ";
    let cases =
        texts.split_whitespace().map(|name| (format!("{name} = local.later"), "\"30s\"", name.to_owned()));
    let cases = cases.chain([
        ("insecure = local.later".to_owned(), "true", "insecure".to_owned()),
        ("max_retries = local.later".to_owned(), "3", "max_retries".to_owned()),
        ("endpoints = local.later".to_owned(), "{ iam = \"https://x\" }", "endpoints".to_owned()),
        (
            "endpoints = { iotda_mgmt = local.later }".to_owned(),
            "\"https://x\"",
            "endpoints[\"iotda_mgmt\"]".to_owned(),
        ),
        (
            "assume_role {\n agency_name = local.later\n domain_name = \"x\"\n}".to_owned(),
            "\"x\"",
            "assume_role[0].agency_name".to_owned(),
        ),
    ]);
    for (lines, value, name) in cases {
        stage.configure(&block(&lines, value))?;
        let found = stage.diagnose().await?;
        let [diagnostic] = &found[..] else { panic!("{name}: {found:#?}") };
        assert_eq!(diagnostic.severity, "error");
        assert!(diagnostic.says(&[&format!("`{name}`")]), "{name}: {diagnostic:#?}");
        assert!(diagnostic.line.starts_with("data \"iotda_instance\" \"this\""), "{name}: {diagnostic:#?}");
    }
    assert_eq!(stage.cloud.request_count(), 0, "nothing was asked");
    Ok(())
}

#[tokio::test]
async fn arguments_without_effect_may_be_unknown() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let lines = r#"
        endpoints             = { iotda = local.later, obs = local.later }
        enterprise_project_id = local.later
        delegated_project     = local.later
        default_tags          = { team = local.later }
        ignore_tags           = [local.later]
        regional              = local.later == "x"
        enable_force_new      = local.later == "x"
        skip_check_upgrade    = local.later == "x"
        skip_check_website_type = local.later == "x"
    "#;
    stage.configure(&block(lines, "\"x\""))?;
    let found = stage.diagnose().await?;
    let errors: Vec<_> = found.iter().filter(|it| it.severity == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(stage.cloud.request_count(), 1, "it is read while planning");
    Ok(())
}

/// What is unknown while planning is known to apply, and the read that depends on it is made there.
#[tokio::test]
async fn a_read_that_is_postponed_with_its_provider_is_made_by_apply() -> Outcome {
    let Some(stage) = Stage::new(EXAMPLE).await? else { return Ok(()) };
    let mut configuration = block("project_id = local.later", "\"a1000000000000000000000000000001\"");
    configuration.push_str("\noutput \"name\" { value = data.iotda_instance.this.name }");
    let postponed = configuration
        .replace(" instance_id", "\n depends_on = [terraform_data.later]\n instance_id")
        .replace("134\" }", "134\"\n}");
    stage.configure(&postponed)?;
    stage.terraform.apply().await?.succeeded()?;
    assert_eq!(stage.terraform.outputs().await?["name"], "iotda_instance");
    Ok(())
}
