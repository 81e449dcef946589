//! What is wrong with the block, the environment or the files they name is said before anything is asked: at the argument
//! at fault, or by the name of the variable, and with what to do.

use super::secrets::{given, search};
use super::{configuration, nobody, variables, write_files};
use crate::support::{Outcome, diagnostics};

/// The block, the environment, and the only diagnostic: its summary, the line that it points at, and what it says.
struct Case {
    block: &'static str,
    variables: &'static [(&'static str, &'static str)],
    summary: &'static str,
    line: &'static str,
    says: &'static [&'static str],
}

/// A case whose diagnostic points at the first line of the block's own, or at the block where it has none.
fn case(
    block: &'static str,
    variables: &'static [(&'static str, &'static str)],
    summary: &'static str,
    says: &'static [&'static str],
) -> Case {
    Case { block, variables, summary, line: block.lines().next().unwrap_or(BLOCK), says }
}

impl Case {
    fn at(self, line: &'static str) -> Self {
        Self { line, ..self }
    }
}

const BLOCK: &str = "provider \"iotda\"";

/// Half of a credential.
fn incomplete(
    block: &'static str,
    variables: &'static [(&'static str, &'static str)],
    says: &'static [&'static str],
) -> Case {
    case(block, variables, "Incomplete credentials", says).at(BLOCK)
}

fn halves() -> Vec<Case> {
    vec![
        incomplete(
            "user_name = \"u\"",
            &[("HW_USER_PASSWORD", "p-w-d")],
            &["`user_name` is set, but `password` is not", "HW_USER_PASSWORD"],
        ),
        incomplete(
            "password = var.secret",
            &[("TF_VAR_secret", "p-w-d")],
            &["`password` is set, but `user_name` is not"],
        ),
        incomplete(
            "security_token = var.secret",
            &[("TF_VAR_secret", "planted-token")],
            &["`security_token` is set, but `access_key` is not"],
        ),
        incomplete(
            "",
            &[("OS_ACCESS_KEY", "PLANTED")],
            &["HW_ACCESS_KEY (or OS_ACCESS_KEY), but not HW_SECRET_KEY", "Set both"],
        ),
        incomplete(
            "",
            &[("OS_USERNAME", "u")],
            &["HW_USER_NAME (or OS_USERNAME), but not HW_USER_PASSWORD", "Set both"],
        ),
        incomplete(
            "",
            &[("HW_USER_NAME", "u"), ("HW_PASSWORD", "p-w-d")],
            &["HW_PASSWORD is set but has no effect", "the variable is HW_USER_PASSWORD (or OS_PASSWORD)"],
        ),
        incomplete(
            "access_key = \"HALF\"",
            &[],
            &["`access_key` is set, but `secret_key` is not", "HW_SECRET_KEY"],
        ),
        incomplete(
            "secret_key = var.secret",
            &[("TF_VAR_secret", "planted-half-key")],
            &["`secret_key` is set, but `access_key` is not"],
        ),
        incomplete(
            "",
            &[("HW_SECURITY_TOKEN", "planted-token")],
            &["HW_SECURITY_TOKEN", "but not HW_ACCESS_KEY"],
        ),
        incomplete(
            "",
            &[("HW_PROFILE", "empty")],
            &["the profile \"empty\"", "no `accessKeyId` and `secretAccessKey`", "set the mode to ecsAgency"],
        ),
    ]
}

fn unusable() -> Vec<Case> {
    vec![
        case(
            "user_name = \"u\"\n  user_id = \"i\"\n  password = \"p-w-d\"",
            &[],
            "Conflicting credentials",
            &["`user_name` and `user_id` are both set"],
        )
        .at("user_id = \"i\""),
        case(
            "user_name = \"u\"\n  password = var.secret",
            &[("TF_VAR_secret", "p-w-d")],
            "Missing account",
            &["`domain_name`", "HW_DOMAIN_NAME", "`domain_id`"],
        )
        .at(BLOCK),
        case(
            "user_id = \"u\"\n  password = var.secret",
            &[("TF_VAR_secret", "p-w-d")],
            "Missing account",
            &["Without `project_id`", "`domain_name`"],
        )
        .at(BLOCK),
        case(
            "token = var.secret",
            &[("TF_VAR_secret", "planted token of two lines")],
            "Invalid credentials",
            &["`token` contains whitespace", "Copy it again"],
        ),
        case(
            "",
            &[("HW_ACCESS_KEY", "PLANTED"), ("HW_SECRET_KEY", "\"p-w-d\"")],
            "Invalid credentials",
            &["HW_SECRET_KEY (or OS_SECRET_KEY) is enclosed in quotes", "Remove them"],
        ),
        case("cert = \"ca.pem\"", &[], "Client certificate not usable", &["`key` (or OS_KEY)"]),
        case("", &[("OS_KEY", "k.pem")], "Client certificate not usable", &["OS_KEY", "`cert` (or OS_CERT)"]),
        case(
            "",
            &[
                ("OS_CERT", "-----BEGIN CERTIFICATE-----"),
                ("OS_KEY", "p-w-d-MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
            ],
            "Client certificate not usable",
            &["OS_KEY", "the file cannot be read"],
        ),
        case(
            "access_key = \"PLANTED\"\n  secret_key = var.secret",
            &[("TF_VAR_secret", "planted secret key with blanks")],
            "Invalid credentials",
            &["contains whitespace"],
        )
        .at("secret_key = var.secret"),
        case(
            "cert = \"no/such/file\"\n  key = var.secret",
            &[("TF_VAR_secret", "-----BEGIN PRIVATE KEY----- planted")],
            "Client certificate not usable",
            &["no/such/file"],
        ),
    ]
}

fn agencies() -> Vec<Case> {
    vec![
        case("assume_role {\n    agency_name = \"a\"\n  }", &[], "Incomplete assume_role", &["`domain_id` (or HW_ASSUME_ROLE_DOMAIN_ID)", "`domain_name` (or HW_ASSUME_ROLE_DOMAIN_NAME)"]),
        case("assume_role {\n    domain_name = \"a\"\n  }", &[], "Incomplete assume_role", &["`agency_name` (or HW_ASSUME_ROLE_AGENCY_NAME)"]),
        case("", &[("HW_ASSUME_ROLE_AGENCY_NAME", "a")], "Incomplete assume_role", &["HW_ASSUME_ROLE_AGENCY_NAME sets an agency to assume", "HW_ASSUME_ROLE_DOMAIN_NAME"]),
        case("assume_role {\n    agency_name = \"a\"\n    domain_name = \"d\"\n    external_id = \"x\"\n  }", &[], "Incomplete assume_role", &["`external_id` requires `domain_id`"]).at("external_id = \"x\""),
        case("", &[
            ("HW_ASSUME_ROLE_AGENCY_NAME", "a"),
            ("HW_ASSUME_ROLE_DOMAIN_ID", "d"),
            ("HW_ASSUME_ROLE_DURATION", "1h"),
        ], "Invalid duration", &["HW_ASSUME_ROLE_DURATION must be a number of seconds from 900 to 3600", "The value is \"1h\""]),
        case("assume_role_with_oidc {\n    agency_name = \"a\"\n    domain_id = \"d\"\n    idp_id = \"i\"\n  }", &[], "Incomplete assume_role_with_oidc", &["`id_token` (or HW_ASSUME_ROLE_ID_TOKEN,", "`id_token_file` (or HW_ASSUME_ROLE_ID_TOKEN_FILE)"]),
        case("assume_role_with_oidc {\n    agency_name = \"a\"\n    domain_id = \"d\"\n    idp_id = \"i\"\n    id_token_file = \"id.token\"\n    id_token = var.secret\n  }", &[("TF_VAR_secret", "planted.id.token")], "Conflicting assume_role_with_oidc", &["not both"]).at("id_token = var.secret"),
        case("agency_domain_name = \"d\"", &[], "Unsupported argument", &["`agency_domain_name` is not supported", "`assume_role`", "`domain_name`"]),
        case("", &[("OS_AGENCY_NAME", "a")], "Unsupported argument", &["OS_AGENCY_NAME is not supported", "`assume_role`"]),
        case("", &[("HW_SIGNING_ALGORITHM", "SM2SM3")], "Unsupported signing_algorithm", &["HW_SIGNING_ALGORITHM", "remove it or use \"HmacSHA256\""]),
    ]
}

fn files() -> Vec<Case> {
    vec![
        case(
            "shared_config_file = \"malformed.json\"",
            &[],
            "Profile not usable",
            &["malformed.json is not a KooCLI configuration (line 1, column 13)", "`hcloud configure set`"],
        ),
        case(
            "",
            &[("HW_SHARED_CONFIG_FILE", "missing.json")],
            "Profile not usable",
            &["missing.json cannot be read: ", "HW_SHARED_CONFIG_FILE names it"],
        ),
        case(
            "profile = \"nobody\"",
            &[],
            "Profile not usable",
            &["has no profile \"nobody\". Profiles in it: main, agency,"],
        ),
        case("", &[("HW_PROFILE", "nobody")], "Profile not usable", &["HW_PROFILE names it"]),
        case(
            "profile = \"half\"",
            &[],
            "Incomplete credentials",
            &[
                "In the profile \"half\" in ",
                "/.hcloud/config.json, `accessKeyId` is set, but `secretAccessKey` is not",
            ],
        ),
        case(
            "profile = \"logged out\"",
            &[],
            "Incomplete credentials",
            &["which has no key in `ssoAuth.stsToken`", "Log in again with KooCLI"],
        ),
        case(
            "profile = \"other mode\"",
            &[("HW_ACCESS_KEY", "PLANTED"), ("HW_SECRET_KEY", "p-w-d")],
            "Profile not usable",
            &["The mode \"OAuth2\" of the profile \"other mode\"", "is not supported", "ecsAgency"],
        ),
        case(
            "profile = \"encrypted\"",
            &[],
            "Encrypted credentials",
            &["`accessKeyId` of the profile \"encrypted\"", "hcloud configure set --cli-auth-encrypt=false"],
        ),
        case(
            "cacert_file = \"utf16.pem\"",
            &[],
            "CA bundle not usable",
            &["utf16.pem cannot be read: it is UTF-16: save it as UTF-8"],
        ),
        case(
            "profile = \"agency of nobody\"",
            &[],
            "Incomplete agency",
            &["neither agencyDomainName nor agencyDomainId"],
        ),
        case(
            "profile = \"bad region\"",
            &[("HW_REGION_NAME", "")],
            "Invalid region",
            &["the profile \"bad region\"", "lower-case letters"],
        ),
        case(
            "",
            &[("OS_CACERT", "missing.pem")],
            "CA bundle not usable",
            &["OS_CACERT", "missing.pem cannot be read"],
        ),
        case(
            "cacert_file = \"profiles.json\"",
            &[],
            "CA bundle not usable",
            &["no certificate in PEM format"],
        ),
        case(
            "cacert_file = \"-----BEGIN CERTIFICATE-----\\nx\\n-----END CERTIFICATE-----\"",
            &[],
            "CA bundle not usable",
            &["PEM text is damaged", "certificates in PEM format"],
        ),
    ]
}

/// Nothing of these may take a credential to another host.
fn places() -> Vec<Case> {
    vec![
        case(
            "",
            &[("HW_REGION_NAME", "x.evil.example#")],
            "Invalid region",
            &["HW_REGION_NAME must consist of"],
        ),
        case("", &[("HW_CLOUD", "evil.example/")], "Invalid cloud", &["HW_CLOUD must be a DNS name"]),
        case(
            "cloud = \"evil.example:8443\"",
            &[],
            "Invalid cloud",
            &["`cloud`", "without scheme, port or path"],
        ),
        case("cloud = \"a@evil.example\"", &[], "Invalid cloud", &["`cloud` must be a DNS name"]),
        case(
            "auth_url = \"https://u:p-w-d@iam.example/v3\"",
            &[],
            "Invalid auth_url",
            &["user name or password"],
        ),
        case(
            "",
            &[("HW_AUTH_URL", "http://iam.example/v3")],
            "Invalid auth_url",
            &["HW_AUTH_URL", "must begin with https://"],
        ),
        case(
            "endpoints = { iam = \"http://169.254.169.254\" }",
            &[],
            "Invalid endpoint",
            &["`iam`", "169.254.169.254 is the metadata service"],
        ),
        case(
            "endpoints = { sts = \"https://sts.example/?x=y\" }",
            &[],
            "Invalid endpoint",
            &["`sts`", "must not contain a query (?)"],
        ),
        case(
            "",
            &[
                ("HTTPS_PROXY", "socks4://u:p-w-d@proxy.example"),
                ("HW_STS_ENDPOINT", "https://sts.example.com"),
            ],
            "Invalid proxy",
            &["HTTPS_PROXY", "socks5h:// proxies"],
        ),
        case("", &[("HW_INSECURE", "perhaps")], "Invalid insecure", &["HW_INSECURE must be true or false"]),
        case(
            "region = \"evil.example.com/\"",
            &[],
            "Invalid region",
            &["lower-case letters, digits and hyphens"],
        ),
        case("auth_url = \"http://iam.example.com\"", &[], "Invalid auth_url", &["must begin with https://"]),
        case(
            "endpoints = { iotda_mgmt = \"http://203.0.113.9\" }",
            &[],
            "Invalid endpoint",
            &["`iotda_mgmt`", "plain http:// is allowed for loopback addresses only"],
        ),
        case(
            "",
            &[("HW_IOTDA_MGMT_ENDPOINT", "http://203.0.113.9")],
            "Invalid endpoint",
            &["HW_IOTDA_MGMT_ENDPOINT", "loopback"],
        ),
    ]
}

fn others() -> Vec<Case> {
    vec![
        case("", &[("HW_REGION_NAME", "")], "Missing region", &["`region`", "HW_REGION_NAME", "cn-north-4"]),
        case("project_id = \"../other\"", &[], "Invalid project ID", &["letters, digits"]),
        case("request_timeout = \"30\"", &[], "Invalid argument value", &["duration above zero", "`30s`"]),
    ]
}

#[tokio::test]
async fn each_fault_is_one_diagnostic_at_its_place_and_nothing_is_asked() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    write_files(&stage).await?;
    stage.cloud.clear_requests();
    let cases = [halves(), unusable(), agencies(), files(), places(), others()].into_iter().flatten();
    for Case { block, variables: pairs, summary, line, says } in cases {
        let what = format!("{block} {pairs:?}");
        let given_here = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        stage.configure(&configuration(block))?;
        stage.give(&given_here);
        stage.terraform.variable("TF_LOG", "TRACE");
        let run = stage.terraform.run(&["plan", "-json"]).await?.failed()?;
        let found = diagnostics(&run)?;
        let [diagnostic] = &found[..] else { panic!("{what}: {found:#?}") };
        diagnostic.check(summary, says);
        assert!(diagnostic.line.starts_with(line), "{what}: {diagnostic:#?}");
        let mut secrets = given(&given_here, &stage.cloud);
        secrets.extend(variables([("", "p-w-d")]).into_iter().map(|(_, value)| value));
        // Terraform quotes the line, with whatever the user has written into it.
        let told = !block.contains("p-w-d");
        if told {
            search(&what, &secrets, &[&run], None)?;
        }
        assert!(told || !diagnostic.detail.contains("p-w-d"), "{what}: {diagnostic:#?}");
        stage.take_back(&given_here);
    }
    assert_eq!(stage.cloud.request_count(), 0, "nothing was asked");
    Ok(())
}
