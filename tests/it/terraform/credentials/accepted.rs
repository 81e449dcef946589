//! One row for every way in. Each lists the instances of the account that it leads to, asks for nothing but what it
//! needs, and leaves none of its secrets anywhere.

use iotda_emulator::{MetadataMode, ids};

use super::secrets::{given, search};
use super::{
    KEY, Variables, configuration, hw_key, nobody, temporary_key, tf_key, token, variables, write_files,
};
use crate::support::Outcome;

const PROJECTS: &str = "GET /v3/projects";
const TOKENS: &str = "POST /v3/auth/tokens";
const ACCOUNT: &str = "GET /v3/auth/domains";
const V3: &str = "POST /v3.0/OS-CREDENTIAL/securitytokens";
const V5: &str = "POST /v5/agencies/assume";
const OIDC: &str = "POST /v3.0/OS-AUTH/id-token/tokens";
const SESSION: &str = "PUT /meta-data/latest/api/token";
const METADATA: &str = "GET /openstack/latest/securitykey";

const SOUTH: &str = "a1000000000000000000000000000002";

const PARTNER: &str = "assume_role {\n    agency_name = \"iotda-reader\"\n    domain_name = \"partner\"\n  }";
const PARTNER_BY_ID: &str = "assume_role {\n    agency_name = \"iotda-reader\"\n    domain_id = \"acc00000000000000000000000000002\"\n    duration = 900\n  }";
const SUBSIDIARY_BY_ID: &str = "assume_role {\n    agency_name = \"plant-reader\"\n    domain_id = \"acc00000000000000000000000000003\"\n  }";
const FEDERATION: &str = "agency_name = \"demo-reader\"\n    domain_id = \"acc00000000000000000000000000001\"\n    idp_id = \"demo-idp\"";

/// The block, the environment, and what has to come of them.
struct Way {
    block: String,
    variables: Variables,
    metadata: MetadataMode,
    /// What is asked before the list.
    asked: &'static [&'static str],
    project: &'static str,
    /// What the log calls the credentials.
    source: &'static str,
}

fn way(
    block: impl Into<String>,
    variables: Variables,
    asked: &'static [&'static str],
    source: &'static str,
) -> Way {
    let block = block.into();
    Way { block, variables, metadata: MetadataMode::default(), asked, project: ids::PROJECT_ID, source }
}

impl Way {
    fn to(self, project: &'static str) -> Self {
        Self { project, ..self }
    }

    fn with(self, metadata: MetadataMode) -> Self {
        Self { metadata, ..self }
    }
}

const OF_BLOCK: &str = "the access key of the configuration";
const OF_ENVIRONMENT: &str = "the access key from the environment (HW_ACCESS_KEY or OS_ACCESS_KEY)";
const OF_SERVER: &str = "the temporary access key of this server's agency (metadata service)";

fn keys_and_logins() -> Vec<Way> {
    let password = || variables([("TF_VAR_secret", ids::PASSWORD)]);
    vec![
        way(KEY, tf_key(), &[PROJECTS], OF_BLOCK),
        way("", hw_key(), &[PROJECTS], OF_ENVIRONMENT),
        way(
            "",
            variables([
                ("HW_REGION_NAME", ""),
                ("OS_REGION_NAME", "cn-south-1"),
                ("OS_ACCESS_KEY", ids::ACCESS_KEY),
                ("OS_SECRET_KEY", ids::SECRET_KEY),
            ]),
            &[PROJECTS],
            OF_ENVIRONMENT,
        )
        .to(SOUTH),
        way("tenant_name = \"cn-south-1\"", hw_key(), &[PROJECTS], OF_ENVIRONMENT).to(SOUTH),
        way(format!("tenant_id = \"{SOUTH}\""), hw_key(), &[], OF_ENVIRONMENT).to(SOUTH),
        way(
            "user_name = \"demo-user\"\n  password = var.secret\n  domain_name = \"demo\"",
            password(),
            &[TOKENS],
            "the password of the configuration",
        ),
        way(
            "user_id = \"05e00000000000000000000000000001\"\n  password = var.secret\n  project_id = \"a1000000000000000000000000000001\"",
            password(),
            &[TOKENS],
            "the password of the configuration",
        ),
        way(
            "",
            variables([
                ("OS_USERNAME", ids::USER),
                ("OS_PASSWORD", ids::PASSWORD),
                ("OS_USER_DOMAIN_NAME", ids::ACCOUNT),
            ]),
            &[TOKENS],
            "the password from the environment",
        ),
        way(
            "",
            variables([
                ("HW_USER_NAME", ids::USER),
                ("HW_USER_PASSWORD", ids::PASSWORD),
                ("HW_DOMAIN_ID", ids::ACCOUNT_ID),
            ]),
            &[TOKENS],
            "the password from the environment",
        ),
    ]
}

fn profiles() -> Vec<Way> {
    let no_region = ("HW_REGION_NAME", "");
    let of_profile = "the access key of the profile";
    let named = |name: &str| format!("shared_config_file = \"profiles.json\"\n  profile = \"{name}\"");
    vec![
        way(named("main"), variables([no_region]), &[PROJECTS], of_profile).to(SOUTH),
        // The file's current profile; and a region elsewhere comes before the profile's.
        way("shared_config_file = \"profiles.json\"", vec![], &[PROJECTS], of_profile),
        // The file at its usual place.
        way("profile = \"main\"", variables([no_region]), &[PROJECTS], of_profile).to(SOUTH),
        way("", variables([no_region, ("HW_PROFILE", "main")]), &[PROJECTS], of_profile).to(SOUTH),
        way("", variables([no_region, ("HW_SHARED_CONFIG_FILE", "profiles.json")]), &[PROJECTS], of_profile)
            .to(SOUTH),
        way(named("sso"), vec![], &[PROJECTS], of_profile),
        way(
            named("agency"),
            vec![],
            &[ACCOUNT, V3, PROJECTS],
            "the agency iotda-reader assumed with the access key",
        )
        .to(ids::PARTNER_PROJECT_ID),
        way("", variables([("HW_PROFILE", "agency by id")]), &[V5, PROJECTS], "the agency iotda-reader")
            .to(ids::PARTNER_PROJECT_ID),
        way(
            named("assumed"),
            vec![],
            &[V5, PROJECTS],
            "the agency iotda-reader assumed with the access key of the",
        )
        .to(ids::PARTNER_PROJECT_ID),
        way(named("token"), hw_key(), &[PROJECTS], "the token of the profile"),
        way(named("server"), hw_key(), &[SESSION, METADATA, PROJECTS], OF_SERVER).with(MetadataMode::Either),
        // Whoever writes a key into the block does not get the agency of a profile that the environment names.
        way(KEY, [tf_key(), variables([("HW_PROFILE", "agency")])].concat(), &[PROJECTS], OF_BLOCK),
        // And a profile overrides no key that is written beside it.
        way(format!("profile = \"half\"\n  {KEY}"), tf_key(), &[PROJECTS], OF_BLOCK),
    ]
}

fn servers() -> Vec<Way> {
    vec![
        way("", vec![], &[SESSION, METADATA, PROJECTS], OF_SERVER).with(MetadataMode::V2Required),
        way("", vec![], &[SESSION, METADATA, PROJECTS], OF_SERVER).with(MetadataMode::V1Only),
        way("", vec![], &[SESSION, METADATA, PROJECTS], OF_SERVER).with(MetadataMode::Either),
        way(
            PARTNER,
            vec![],
            &[SESSION, METADATA, ACCOUNT, V3, PROJECTS],
            "the agency iotda-reader assumed with the",
        )
        .to(ids::PARTNER_PROJECT_ID),
    ]
}

fn agencies() -> Vec<Way> {
    let assumed = "the agency iotda-reader assumed with the access key of the configuration";
    let from_env = "the agency iotda-reader assumed with the access key from the environment";
    let agency = ("HW_ASSUME_ROLE_AGENCY_NAME", ids::PARTNER_AGENCY);
    let by_name = variables([agency, ("HW_ASSUME_ROLE_DOMAIN_NAME", ids::PARTNER)]);
    let by_id = variables([
        agency,
        ("HW_ASSUME_ROLE_DOMAIN_ID", ids::PARTNER_ID),
        ("HW_ASSUME_ROLE_DURATION", "3600"),
    ]);
    vec![
        way(format!("{KEY}\n  {PARTNER}"), tf_key(), &[ACCOUNT, V3, PROJECTS], assumed)
            .to(ids::PARTNER_PROJECT_ID),
        // The account that is given is not looked up.
        way(
            format!("{KEY}\n  domain_id = \"{}\"\n  {PARTNER}", ids::ACCOUNT_ID),
            tf_key(),
            &[V3, PROJECTS],
            assumed,
        )
        .to(ids::PARTNER_PROJECT_ID),
        way(format!("{KEY}\n  {PARTNER_BY_ID}"), tf_key(), &[V5, PROJECTS], assumed)
            .to(ids::PARTNER_PROJECT_ID),
        way(
            format!("{KEY}\n  {PARTNER}\n  {SUBSIDIARY_BY_ID}"),
            tf_key(),
            &[ACCOUNT, V3, V5, PROJECTS],
            "the agency plant-reader assumed with the agency iotda-reader assumed with the access key",
        )
        .to(ids::SUBSIDIARY_PROJECT_ID),
        way(PARTNER, hw_key(), &[ACCOUNT, V3, PROJECTS], from_env).to(ids::PARTNER_PROJECT_ID),
        way("", [hw_key(), by_name].concat(), &[ACCOUNT, V3, PROJECTS], from_env).to(ids::PARTNER_PROJECT_ID),
        way("", [hw_key(), by_id].concat(), &[V5, PROJECTS], from_env).to(ids::PARTNER_PROJECT_ID),
        with_password(PARTNER, &[TOKENS, V3, PROJECTS]),
        with_password(PARTNER_BY_ID, &[TOKENS, V3, V5, PROJECTS]),
    ]
}

fn with_password(agency: &str, asked: &'static [&'static str]) -> Way {
    let user = "user_name = \"demo-user\"\n  password = var.secret\n  domain_name = \"demo\"";
    let source = "the agency iotda-reader assumed with the password of the configuration";
    let password = variables([("TF_VAR_secret", ids::PASSWORD)]);
    way(format!("{user}\n  {agency}"), password, asked, source).to(ids::PARTNER_PROJECT_ID)
}

fn federations() -> Vec<Way> {
    let source =
        "the agency demo-reader assumed with the OpenID Connect token of the identity provider demo-idp";
    let asked = &[OIDC, V3, V5, PROJECTS];
    let block = |line: &str| format!("assume_role_with_oidc {{\n    {FEDERATION}\n    {line}\n  }}");
    let environment = variables([
        ("HW_ASSUME_ROLE_IDP_ID", ids::IDENTITY_PROVIDER),
        ("HW_ASSUME_ROLE_AGENCY_NAME", ids::AGENCY),
        ("HW_ASSUME_ROLE_DOMAIN_ID", ids::ACCOUNT_ID),
    ]);
    let text = variables([("HW_ASSUME_ROLE_ID_TOKEN", ids::ID_TOKEN)]);
    let file = variables([("HW_ASSUME_ROLE_ID_TOKEN_FILE", "id.token")]);
    let hcp = variables([("TFC_WORKLOAD_IDENTITY_TOKEN_IOTDA", ids::ID_TOKEN)]);
    vec![
        way(block("id_token = var.secret"), variables([("TF_VAR_secret", ids::ID_TOKEN)]), asked, source),
        way(block("id_token_file = \"id.token\""), vec![], asked, source),
        way("", [environment.clone(), text].concat(), asked, source),
        way("", [environment.clone(), file].concat(), asked, source),
        way("", [environment, hcp].concat(), asked, source),
    ]
}

/// Ways with a credential that somebody has to issue first.
fn issued(key: &[String; 3], token: &str) -> Vec<Way> {
    let [access, secret, security] = key;
    let own = "the token of the configuration";
    let assumed = "the agency iotda-reader assumed with the token of the configuration";
    let given = variables([("TF_VAR_secret", token)]);
    vec![
        way(
            format!("{KEY}\n  security_token = var.secret"),
            variables([
                ("TF_VAR_access_key", access),
                ("TF_VAR_secret_key", secret),
                ("TF_VAR_secret", security),
            ]),
            &[PROJECTS],
            OF_BLOCK,
        ),
        way(
            "",
            variables([
                ("HW_ACCESS_KEY", access),
                ("HW_SECRET_KEY", secret),
                ("HW_SECURITY_TOKEN", security),
            ]),
            &[PROJECTS],
            OF_ENVIRONMENT,
        ),
        way("token = var.secret", given.clone(), &[PROJECTS], own),
        way(
            format!("token = var.secret\n  {PARTNER}"),
            given.clone(),
            &[ACCOUNT, TOKENS, V3, PROJECTS],
            assumed,
        )
        .to(ids::PARTNER_PROJECT_ID),
        way(format!("token = var.secret\n  {PARTNER_BY_ID}"), given.clone(), &[V3, V5, PROJECTS], assumed)
            .to(ids::PARTNER_PROJECT_ID),
        // A token comes before a key of the same layer.
        way(format!("token = var.secret\n  {KEY}"), [tf_key(), given].concat(), &[PROJECTS], own),
        way("", variables([("OS_AUTH_TOKEN", token)]), &[PROJECTS], "the token from the environment"),
    ]
}

#[tokio::test]
async fn each_leads_to_its_account_and_leaves_no_secret_behind() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    write_files(&stage).await?;
    let key = temporary_key(&stage.cloud).await?;
    let token = token(&stage.cloud, ids::PROJECT_ID).await?;
    let ways = [keys_and_logins(), profiles(), servers(), agencies(), federations(), issued(&key, &token)];
    for way in ways.into_iter().flatten() {
        let Way { block, variables, metadata, asked, project, source } = way;
        let what = format!("{block}\n{:?}", variables.iter().map(|(name, _)| name).collect::<Vec<_>>());
        stage.configure(&configuration(&block))?;
        stage.cloud.set_metadata_mode(metadata);
        stage.cloud.clear_requests();
        stage.give(&variables);
        stage.terraform.variable("TF_LOG", "TRACE");
        let plan = stage.terraform.run(&["plan", "-out=plan.bin"]).await?.succeeded()?;
        let mut expected: Vec<String> = asked.iter().map(|&line| line.to_owned()).collect();
        expected.push(format!("GET /v5/iot/{project}/iotda-instances"));
        assert_eq!(stage.asked(), expected, "{what}");
        let apply = stage.terraform.run(&["apply", "plan.bin"]).await?.succeeded()?;
        stage.terraform.without("TF_LOG");
        let shown = stage.terraform.planned().await?;

        let named = |line: &&str| line.contains("credentials in use") && line.contains(source);
        assert_eq!(plan.stderr.lines().filter(named).count(), 1, "{what}: {source}");
        let secrets = given(&variables, &stage.cloud);
        search(&what, &secrets, &[&plan, &apply], Some((shown, &stage)))?;
        stage.take_back(&variables);
    }
    Ok(())
}
