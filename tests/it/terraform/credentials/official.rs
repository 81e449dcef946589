//! Blocks as the official provider's documentation shows them, written anew: copied, with nothing but the provider's name
//! changed, they validate, plan and read.

use iotda_emulator::ids;

use super::{LIST, Variables, nobody, variables};
use crate::support::{Outcome, diagnostics};

/// What the block is about, the configuration, and the environment it counts on.
fn examples() -> Vec<(&'static str, &'static str, Variables)> {
    let environment = variables([
        ("HW_REGION_NAME", "cn-north-4"),
        ("HW_ACCESS_KEY", "my-access-key"),
        ("HW_SECRET_KEY", "my-secret-key"),
    ]);
    let metadata = vec![];
    vec![
        ("static credentials", STATIC, vec![]),
        ("environment", "provider \"iotda\" {}", environment.clone()),
        ("shared configuration file", SHARED, vec![]),
        ("metadata", "provider \"iotda\" {\n  region = \"cn-north-4\"\n}", metadata),
        ("agency", ASSUME_ROLE, vec![]),
        ("agency by account ID", ASSUME_ROLE_V5, vec![]),
        ("chain of agencies", CHAIN, vec![]),
        ("identity provider", OIDC, vec![]),
        ("password", PASSWORD, vec![]),
        ("custom endpoints", ENDPOINTS, environment.clone()),
        ("everything for resources", RESOURCES, environment.clone()),
        ("aliases of the provider", ALIASES, environment),
    ]
}

const STATIC: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  access_key = "my-access-key"
  secret_key = "my-secret-key"
}
"#;

const SHARED: &str = r#"
provider "iotda" {
  region             = "cn-north-4"
  shared_config_file = "~/.hcloud/config.json"
  profile            = "customprofile"
}
"#;

const ASSUME_ROLE: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  access_key = "my-access-key"
  secret_key = "my-secret-key"

  assume_role {
    agency_name = "iotda-reader"
    domain_name = "partner"
  }
}
"#;

const ASSUME_ROLE_V5: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  access_key = "my-access-key"
  secret_key = "my-secret-key"

  assume_role {
    agency_name = "iotda-reader"
    domain_id   = "acc00000000000000000000000000002"
    duration    = 3600
  }
}
"#;

const CHAIN: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  access_key = "my-access-key"
  secret_key = "my-secret-key"

  assume_role {
    agency_name = "iotda-reader"
    domain_name = "partner"
  }

  assume_role {
    agency_name = "plant-reader"
    domain_name = "subsidiary"
  }
}
"#;

const OIDC: &str = r#"
provider "iotda" {
  region = "cn-north-4"

  assume_role_with_oidc {
    agency_name   = "demo-reader"
    domain_id     = "acc00000000000000000000000000001"
    idp_id        = "demo-idp"
    id_token_file = "id.token"
    duration      = 3600
  }
}
"#;

const PASSWORD: &str = r#"
provider "iotda" {
  region      = "cn-north-4"
  user_name   = "demo-user"
  password    = "emulator-password"
  domain_name = "demo"
  tenant_name = "cn-north-4"
  insecure    = false
}
"#;

const ENDPOINTS: &str = r#"
provider "iotda" {
  region = "cn-north-4"

  endpoints = {
    ecs       = "https://ecs-customizing-endpoint.com"
    iotda     = "https://9bc34xxxxx.st1.iotda-app.cn-north-4.myhuaweicloud.com"
    vpc       = "https://vpc.example.com/"
    identity  = "iam.example.com"
    sfs-turbo = ""
  }
}
"#;

const RESOURCES: &str = r#"
provider "iotda" {
  region                  = "cn-north-4"
  enterprise_project_id   = "0"
  max_retries             = 3
  regional                = true
  delegated_project       = "cn-north-4"
  enable_force_new        = true
  signing_algorithm       = "HmacSHA256"
  skip_check_website_type = true
  skip_check_upgrade      = true

  default_tags = {
    owner = "plant-operations"
  }

  ignore_tags = ["CreatedBy"]
}
"#;

const ALIASES: &str = r#"
provider "iotda" {
  region = "cn-north-4"
}

provider "iotda" {
  alias      = "partner"
  region     = "cn-north-4"
  access_key = "PARTNERACCESSKEY"
  secret_key = "partner-secret-key"
}

data "iotda_instances" "partner" {
  provider        = iotda.partner
  include_details = false
}
"#;

#[tokio::test]
async fn blocks_of_the_official_provider_work_unchanged() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    stage.cloud.put_access_key(ids::ACCOUNT_ID, "my-access-key", "my-secret-key")?;
    let profile = "{\"name\":\"customprofile\",\"mode\":\"AKSK\",\"accessKeyId\":\"my-access-key\",\"secretAccessKey\":\"my-secret-key\",\"securityToken\":\"\",\"region\":\"cn-south-1\",\"projectId\":\"\",\"agencyName\":\"\"}";
    let file = format!("{{\"current\":\"default\",\"profiles\":[{profile}]}}");
    stage.terraform.write("../home/.hcloud/config.json", &file)?;
    stage.terraform.write("id.token", ids::ID_TOKEN)?;
    for (what, block, variables) in examples() {
        stage.configure(&format!("{block}\n{LIST}"))?;
        let checked = stage.terraform.run(&["validate", "-json"]).await?.succeeded()?.json()?;
        assert_eq!(checked["diagnostics"], serde_json::json!([]), "{what}: {checked:#}");
        stage.cloud.clear_requests();
        stage.give(&variables);
        let found = diagnostics(&stage.terraform.run(&["plan", "-json"]).await?)?;
        assert!(found.is_empty(), "{what}: {found:#?}");
        let lists = stage.asked().iter().filter(|it| it.ends_with("/iotda-instances")).count();
        let expected = if what == "aliases of the provider" { 2 } else { 1 };
        assert_eq!(lists, expected, "{what}: {:#?}", stage.asked());
        let aside =
            stage.asked().iter().filter(|it| it.contains("auth/domains") || it.contains("/users")).count();
        // IAM requires the account of those who assume an agency by the name of its account.
        let needed = block.matches("    domain_name = ").count();
        assert_eq!(aside, needed, "{what}: nothing is asked that a read does not need");
        stage.take_back(&variables);
    }
    Ok(())
}
