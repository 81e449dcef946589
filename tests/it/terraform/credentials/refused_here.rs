//! What is wrong with the block, the environment or the files they name is said before anything is asked: at the argument
//! at fault, or by the name of the variable, and with what to do.

use super::secrets::{given, search};
use super::{configuration, nobody, variables, write_files};
use crate::support::{Outcome, diagnostics};

/// The block, the environment, and the only diagnostic: its summary, the line that it points at, and what it says.
struct Case(
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static [&'static str],
);

const BLOCK: &str = "provider \"iotda\"";

const HALVES: &[Case] = &[
    Case(
        "user_name = \"u\"",
        &[("HW_USER_PASSWORD", "p-w-d")],
        "Incomplete credentials",
        BLOCK,
        &["`user_name` is set, but `password` is not", "HW_USER_PASSWORD"],
    ),
    Case(
        "password = var.secret",
        &[("TF_VAR_secret", "p-w-d")],
        "Incomplete credentials",
        BLOCK,
        &["`password` is set, but `user_name` is not"],
    ),
    Case(
        "security_token = var.secret",
        &[("TF_VAR_secret", "planted-token")],
        "Incomplete credentials",
        BLOCK,
        &["`security_token` is set, but `access_key` is not"],
    ),
    Case(
        "",
        &[("OS_ACCESS_KEY", "PLANTED")],
        "Incomplete credentials",
        BLOCK,
        &["HW_ACCESS_KEY (or OS_ACCESS_KEY), but not HW_SECRET_KEY", "Set both"],
    ),
    Case(
        "",
        &[("OS_USERNAME", "u")],
        "Incomplete credentials",
        BLOCK,
        &["HW_USER_NAME (or OS_USERNAME), but not HW_USER_PASSWORD", "Set both"],
    ),
    Case(
        "user_name = \"u\"\n  user_id = \"i\"\n  password = \"p-w-d\"",
        &[],
        "Conflicting credentials",
        "user_id = \"i\"",
        &["`user_name` and `user_id` are both set"],
    ),
    Case(
        "user_name = \"u\"\n  password = \"p-w-d\"",
        &[],
        "Missing account",
        BLOCK,
        &["`domain_name`", "HW_DOMAIN_NAME", "`domain_id`"],
    ),
    Case(
        "user_id = \"u\"\n  password = \"p-w-d\"",
        &[],
        "Missing account",
        BLOCK,
        &["Without `project_id`", "`domain_name`"],
    ),
    Case(
        "token = var.secret",
        &[("TF_VAR_secret", "planted token of two lines")],
        "Invalid credentials",
        "token = var.secret",
        &["`token` contains whitespace", "Copy it again"],
    ),
    Case(
        "",
        &[("HW_ACCESS_KEY", "PLANTED"), ("HW_SECRET_KEY", "\"p-w-d\"")],
        "Invalid credentials",
        BLOCK,
        &["HW_SECRET_KEY (or OS_SECRET_KEY) is enclosed in quotes", "Remove them"],
    ),
    Case(
        "",
        &[("HW_USER_NAME", "u"), ("HW_PASSWORD", "p-w-d")],
        "Incomplete credentials",
        BLOCK,
        &["HW_PASSWORD is set but has no effect", "the variable is HW_USER_PASSWORD (or OS_PASSWORD)"],
    ),
    Case(
        "cert = \"ca.pem\"",
        &[],
        "Client certificate not usable",
        "cert = \"ca.pem\"",
        &["`key` (or OS_KEY)"],
    ),
    Case(
        "",
        &[("OS_KEY", "k.pem")],
        "Client certificate not usable",
        BLOCK,
        &["OS_KEY", "`cert` (or OS_CERT)"],
    ),
    Case(
        "",
        &[("OS_CERT", "-----BEGIN CERTIFICATE-----"), ("OS_KEY", "p-w-d-MIIEvQIBADANBgkqhkiG9w0BAQEFAASC")],
        "Client certificate not usable",
        BLOCK,
        &["OS_KEY", "the file cannot be read"],
    ),
];

const AGENCIES: &[Case] = &[
    Case(
        "assume_role {\n    agency_name = \"a\"\n  }",
        &[],
        "Incomplete assume_role",
        "assume_role {",
        &["`domain_id` (or HW_ASSUME_ROLE_DOMAIN_ID)", "`domain_name` (or HW_ASSUME_ROLE_DOMAIN_NAME)"],
    ),
    Case(
        "assume_role {\n    domain_name = \"a\"\n  }",
        &[],
        "Incomplete assume_role",
        "assume_role {",
        &["`agency_name` (or HW_ASSUME_ROLE_AGENCY_NAME)"],
    ),
    Case(
        "",
        &[("HW_ASSUME_ROLE_AGENCY_NAME", "a")],
        "Incomplete assume_role",
        BLOCK,
        &["HW_ASSUME_ROLE_AGENCY_NAME sets an agency to assume", "HW_ASSUME_ROLE_DOMAIN_NAME"],
    ),
    Case(
        "assume_role {\n    agency_name = \"a\"\n    domain_name = \"d\"\n    external_id = \"x\"\n  }",
        &[],
        "Incomplete assume_role",
        "external_id = \"x\"",
        &["`external_id` requires `domain_id`"],
    ),
    Case(
        "",
        &[
            ("HW_ASSUME_ROLE_AGENCY_NAME", "a"),
            ("HW_ASSUME_ROLE_DOMAIN_ID", "d"),
            ("HW_ASSUME_ROLE_DURATION", "1h"),
        ],
        "Invalid duration",
        BLOCK,
        &["HW_ASSUME_ROLE_DURATION must be a number of seconds from 900 to 3600", "The value is \"1h\""],
    ),
    Case(
        "assume_role_with_oidc {\n    agency_name = \"a\"\n    domain_id = \"d\"\n    idp_id = \"i\"\n  }",
        &[],
        "Incomplete assume_role_with_oidc",
        "assume_role_with_oidc {",
        &["`id_token` (or HW_ASSUME_ROLE_ID_TOKEN,", "`id_token_file` (or HW_ASSUME_ROLE_ID_TOKEN_FILE)"],
    ),
    Case(
        "assume_role_with_oidc {\n    agency_name = \"a\"\n    domain_id = \"d\"\n    idp_id = \"i\"\n    id_token_file = \"id.token\"\n    id_token = var.secret\n  }",
        &[("TF_VAR_secret", "planted.id.token")],
        "Conflicting assume_role_with_oidc",
        "id_token = var.secret",
        &["not both"],
    ),
    Case(
        "agency_domain_name = \"d\"",
        &[],
        "Unsupported argument",
        "agency_domain_name = \"d\"",
        &["`agency_domain_name` is not supported", "`assume_role`", "`domain_name`"],
    ),
    Case(
        "",
        &[("OS_AGENCY_NAME", "a")],
        "Unsupported argument",
        BLOCK,
        &["OS_AGENCY_NAME is not supported", "`assume_role`"],
    ),
    Case(
        "",
        &[("HW_SIGNING_ALGORITHM", "SM2SM3")],
        "Unsupported signing_algorithm",
        BLOCK,
        &["HW_SIGNING_ALGORITHM", "remove it or use \"HmacSHA256\""],
    ),
];

const FILES: &[Case] = &[
    Case(
        "shared_config_file = \"malformed.json\"",
        &[],
        "Profile not usable",
        "shared_config_file = \"malformed.json\"",
        &["malformed.json is not a KooCLI configuration (line 1, column 13)", "`hcloud configure set`"],
    ),
    Case(
        "",
        &[("HW_SHARED_CONFIG_FILE", "missing.json")],
        "Profile not usable",
        BLOCK,
        &["missing.json cannot be read: ", "HW_SHARED_CONFIG_FILE names it"],
    ),
    Case(
        "profile = \"nobody\"",
        &[],
        "Profile not usable",
        "profile = \"nobody\"",
        &["has no profile \"nobody\". Profiles in it: main, agency,"],
    ),
    Case("", &[("HW_PROFILE", "nobody")], "Profile not usable", BLOCK, &["HW_PROFILE names it"]),
    Case(
        "profile = \"half\"",
        &[],
        "Incomplete credentials",
        "profile = \"half\"",
        &[
            "In the profile \"half\" in ",
            "/.hcloud/config.json, `accessKeyId` is set, but `secretAccessKey` is not",
        ],
    ),
    Case(
        "profile = \"logged out\"",
        &[],
        "Incomplete credentials",
        "profile = \"logged out\"",
        &["which has no key in `ssoAuth.stsToken`", "Log in again with KooCLI"],
    ),
    Case(
        "profile = \"other mode\"",
        &[("HW_ACCESS_KEY", "PLANTED"), ("HW_SECRET_KEY", "p-w-d")],
        "Profile not usable",
        "profile = \"other mode\"",
        &["The mode \"OAuth2\" of the profile \"other mode\"", "is not supported", "ecsAgency"],
    ),
    Case(
        "profile = \"encrypted\"",
        &[],
        "Encrypted credentials",
        "profile = \"encrypted\"",
        &["`accessKeyId` of the profile \"encrypted\"", "hcloud configure set --cli-auth-encrypt=false"],
    ),
    Case(
        "",
        &[("HW_PROFILE", "empty")],
        "Incomplete credentials",
        BLOCK,
        &["the profile \"empty\"", "no `accessKeyId` and `secretAccessKey`", "set the mode to ecsAgency"],
    ),
    Case(
        "cacert_file = \"utf16.pem\"",
        &[],
        "CA bundle not usable",
        "cacert_file = \"utf16.pem\"",
        &["utf16.pem cannot be read: it is UTF-16: save it as UTF-8"],
    ),
    Case(
        "profile = \"agency of nobody\"",
        &[],
        "Incomplete agency",
        "profile = \"agency of nobody\"",
        &["neither agencyDomainName nor agencyDomainId"],
    ),
    Case(
        "profile = \"bad region\"",
        &[("HW_REGION_NAME", "")],
        "Invalid region",
        "profile = \"bad region\"",
        &["the profile \"bad region\"", "lower-case letters"],
    ),
    Case(
        "",
        &[("OS_CACERT", "missing.pem")],
        "CA bundle not usable",
        BLOCK,
        &["OS_CACERT", "missing.pem cannot be read"],
    ),
    Case(
        "cacert_file = \"profiles.json\"",
        &[],
        "CA bundle not usable",
        "cacert_file = \"profiles.json\"",
        &["no certificate in PEM format"],
    ),
    Case(
        "cacert_file = \"-----BEGIN CERTIFICATE-----\\nx\\n-----END CERTIFICATE-----\"",
        &[],
        "CA bundle not usable",
        "cacert_file",
        &["PEM text is damaged", "certificates in PEM format"],
    ),
];

/// Nothing of these may take a credential to another host.
const PLACES: &[Case] = &[
    Case(
        "",
        &[("HW_REGION_NAME", "x.evil.example#")],
        "Invalid region",
        BLOCK,
        &["HW_REGION_NAME must consist of"],
    ),
    Case("", &[("HW_CLOUD", "evil.example/")], "Invalid cloud", BLOCK, &["HW_CLOUD must be a DNS name"]),
    Case(
        "cloud = \"evil.example:8443\"",
        &[],
        "Invalid cloud",
        "cloud = ",
        &["`cloud`", "without scheme, port or path"],
    ),
    Case("cloud = \"a@evil.example\"", &[], "Invalid cloud", "cloud = ", &["`cloud` must be a DNS name"]),
    Case(
        "auth_url = \"https://u:p-w-d@iam.example/v3\"",
        &[],
        "Invalid auth_url",
        "auth_url",
        &["user name or password"],
    ),
    Case(
        "",
        &[("HW_AUTH_URL", "http://iam.example/v3")],
        "Invalid auth_url",
        BLOCK,
        &["HW_AUTH_URL", "must begin with https://"],
    ),
    Case(
        "endpoints = { iam = \"http://169.254.169.254\" }",
        &[],
        "Invalid endpoint",
        "endpoints = {",
        &["`iam`", "169.254.169.254 is the metadata service"],
    ),
    Case(
        "endpoints = { sts = \"https://sts.example/?x=y\" }",
        &[],
        "Invalid endpoint",
        "endpoints = {",
        &["`sts`", "must not contain a query (?)"],
    ),
    Case(
        "",
        &[("HTTPS_PROXY", "socks4://u:p-w-d@proxy.example"), ("HW_STS_ENDPOINT", "https://sts.example.com")],
        "Invalid proxy",
        BLOCK,
        &["HTTPS_PROXY", "socks5h:// proxies"],
    ),
    Case(
        "",
        &[("HW_INSECURE", "perhaps")],
        "Invalid insecure",
        BLOCK,
        &["HW_INSECURE must be true or false"],
    ),
];

#[tokio::test]
async fn each_fault_is_one_diagnostic_at_its_place_and_nothing_is_asked() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    write_files(&stage).await?;
    stage.cloud.clear_requests();
    for Case(block, pairs, summary, line, says) in [HALVES, AGENCIES, FILES, PLACES].into_iter().flatten() {
        let what = format!("{block} {pairs:?}");
        let given_here = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        stage.configure(&configuration(block))?;
        stage.give(&given_here);
        stage.terraform.variable("TF_LOG", "TRACE");
        let run = stage.terraform.run(&["plan", "-json"]).await?.failed()?;
        let found = diagnostics(&run)?;
        let [diagnostic] = &found[..] else { panic!("{what}: {found:#?}") };
        assert_eq!(diagnostic.summary, *summary, "{what}: {diagnostic:#?}");
        assert!(diagnostic.line.starts_with(line), "{what}: {diagnostic:#?}");
        assert!(diagnostic.says(says), "{what}: {diagnostic:#?}");
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
