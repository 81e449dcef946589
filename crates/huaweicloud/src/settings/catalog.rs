//! The arguments and their alternatives: one table for lookup, messages and documentation. Names are those of the
//! official provider and of `KooCLI`, by their documentation of 2026-08.

use std::fmt;

/// An argument, and what is read if it is omitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Block that contains it; `None` for an argument of the provider itself.
    pub block: Option<&'static str>,
    /// Name in the configuration.
    pub name: &'static str,
    /// Environment variables, in order of precedence.
    pub variables: &'static [&'static str],
    /// Key in a profile.
    pub in_profile: Option<&'static str>,
}

macro_rules! catalog {
    ($($constant:ident $(in $block:literal)? : $name:literal [$($variable:literal),*] $($key:literal)?;)*) => {
        $(pub(super) const $constant: Argument = Argument {
            block: first(&[$($block)?]),
            name: $name,
            variables: &[$($variable),*],
            in_profile: first(&[$($key)?]),
        };)*

        /// Every argument that has an effect and has an alternative source.
        pub const ARGUMENTS: &[Argument] = &[$($constant),*];
    };
}

catalog! {
    REGION: "region" ["HW_REGION_NAME", "OS_REGION_NAME"] "region";
    ACCESS_KEY: "access_key" ["HW_ACCESS_KEY", "OS_ACCESS_KEY"] "accessKeyId";
    SECRET_KEY: "secret_key" ["HW_SECRET_KEY", "OS_SECRET_KEY"] "secretAccessKey";
    SECURITY_TOKEN: "security_token" ["HW_SECURITY_TOKEN"] "securityToken";
    TOKEN: "token" ["HW_AUTH_TOKEN", "OS_AUTH_TOKEN"] "xAuthToken";
    USER_NAME: "user_name" ["HW_USER_NAME", "OS_USERNAME"];
    USER_ID: "user_id" ["HW_USER_ID", "OS_USER_ID"];
    PASSWORD: "password" ["HW_USER_PASSWORD", "OS_PASSWORD"];
    DOMAIN_ID: "domain_id" ["HW_DOMAIN_ID", "OS_DOMAIN_ID", "OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID"] "domainId";
    DOMAIN_NAME: "domain_name"
        ["HW_DOMAIN_NAME", "OS_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_PROJECT_DOMAIN_NAME"];
    PROJECT_ID: "project_id" ["HW_PROJECT_ID", "OS_PROJECT_ID"] "projectId";
    PROJECT_NAME: "project_name" ["HW_PROJECT_NAME", "OS_PROJECT_NAME"];
    TENANT_ID: "tenant_id" ["OS_TENANT_ID"];
    TENANT_NAME: "tenant_name" ["OS_TENANT_NAME"];
    AUTH_URL: "auth_url" ["HW_AUTH_URL", "OS_AUTH_URL"];
    CLOUD: "cloud" ["HW_CLOUD"];
    INSECURE: "insecure" ["HW_INSECURE", "OS_INSECURE"];
    CACERT_FILE: "cacert_file" ["OS_CACERT"];
    CERT: "cert" ["OS_CERT"];
    KEY: "key" ["OS_KEY"];
    SHARED_CONFIG_FILE: "shared_config_file" ["HW_SHARED_CONFIG_FILE"];
    PROFILE: "profile" ["HW_PROFILE"];
    MAX_RETRIES: "max_retries" ["HW_MAX_RETRIES"];
    REQUEST_TIMEOUT: "request_timeout" ["HW_REQUEST_TIMEOUT"];
    AGENCY_NAME: "agency_name" ["OS_AGENCY_NAME"];
    AGENCY_DOMAIN_NAME: "agency_domain_name" ["OS_AGENCY_DOMAIN_NAME"];
    SIGNING_ALGORITHM: "signing_algorithm" ["HW_SIGNING_ALGORITHM"];
    ROLE_AGENCY_NAME in "assume_role": "agency_name" ["HW_ASSUME_ROLE_AGENCY_NAME"] "agencyName";
    ROLE_DOMAIN_ID in "assume_role": "domain_id" ["HW_ASSUME_ROLE_DOMAIN_ID"] "agencyDomainId";
    ROLE_DOMAIN_NAME in "assume_role": "domain_name" ["HW_ASSUME_ROLE_DOMAIN_NAME"] "agencyDomainName";
    ROLE_DURATION in "assume_role": "duration" ["HW_ASSUME_ROLE_DURATION"];
    OIDC_AGENCY_NAME in "assume_role_with_oidc": "agency_name" ["HW_ASSUME_ROLE_AGENCY_NAME"];
    OIDC_DOMAIN_ID in "assume_role_with_oidc": "domain_id" ["HW_ASSUME_ROLE_DOMAIN_ID"];
    OIDC_DURATION in "assume_role_with_oidc": "duration" ["HW_ASSUME_ROLE_DURATION"];
    IDP_ID in "assume_role_with_oidc": "idp_id" ["HW_ASSUME_ROLE_IDP_ID"];
    ID_TOKEN in "assume_role_with_oidc": "id_token" ["HW_ASSUME_ROLE_ID_TOKEN", "TFC_WORKLOAD_IDENTITY_TOKEN"];
    ID_TOKEN_FILE in "assume_role_with_oidc": "id_token_file" ["HW_ASSUME_ROLE_ID_TOKEN_FILE"];
}

pub(super) const HTTPS_PROXY: &[&str] = &["HTTPS_PROXY", "https_proxy"];
pub(super) const NO_PROXY: &[&str] = &["NO_PROXY", "no_proxy"];
/// Parts of `User-Agent` before and after the product.
pub(crate) const USER_AGENT: [&str; 2] = ["HW_TF_CUSTOM_UA", "TF_APPEND_USER_AGENT"];

/// HCP Terraform's prefix for the tag of a workload identity token; without a tag the variable is one of those of
/// `id_token`.
pub const TAGGED_ID_TOKEN: &str = "TFC_WORKLOAD_IDENTITY_TOKEN_";

/// Variables of other tools that users mistake for those of an argument (the cloud's SDKs and `OpenStack`).
pub(super) const NEAR_MISSES: &[(&str, Argument)] = &[
    ("HW_REGION", REGION),
    ("HUAWEICLOUD_SDK_AK", ACCESS_KEY),
    ("HUAWEICLOUD_SDK_SK", SECRET_KEY),
    ("HUAWEICLOUD_SDK_SECURITY_TOKEN", SECURITY_TOKEN),
    ("OS_SECURITY_TOKEN", SECURITY_TOKEN),
    ("HW_USERNAME", USER_NAME),
    ("HW_PASSWORD", PASSWORD),
];

/// Variables that have an effect but no equivalent argument, grouped by effect.
pub const VARIABLES_ALONE: &[&[&str]] = &[HTTPS_PROXY, NO_PROXY, &USER_AGENT];

/// Returns the variable of a key of `endpoints`.
pub fn endpoint_variable(key: &str) -> String {
    format!("HW_{}_ENDPOINT", key.to_uppercase())
}

impl Argument {
    /// Formats its variables for messages.
    pub(super) fn of_environment(&self) -> String {
        match self.variables {
            [first, others @ ..] if !others.is_empty() => format!("{first} (or {})", others.join(", ")),
            names => names.concat(),
        }
    }
}

/// Formats it for messages, with its variables in parentheses.
impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (or {})", self.name, self.variables.join(", "))
    }
}

const fn first(texts: &'static [&'static str]) -> Option<&'static str> {
    if let [first, ..] = texts { Some(first) } else { None }
}
