//! The provider block. Names and meanings are those of the official Huawei Cloud provider, so that its block can be
//! copied.

use std::collections::BTreeMap;

use huaweicloud::endpoints::{IAM, METADATA, STS};
use huaweicloud::{self, Arguments};
use tfplug::{AttributePath, Known, Object, Secret, Step};

use super::arguments::validators::go_duration;
use crate::iotda;

/// Reads Huawei Cloud IoTDA instances: their access addresses, tags and network parameters.
///
/// The arguments are those of the official Huawei Cloud provider, so you can copy its block unchanged. Each value is taken from
/// the first of: the argument, its `HW_*` environment variable, its `OS_*` variable, the profile. `region` is required, in one of
/// them.
///
/// Credentials are the exception: all of them come from the same source. The sources are, in this order: the provider block, a
/// profile that the block names, the environment, a profile that the environment names, the metadata service of the server.
#[derive(Clone, Object)]
pub struct IotdaProvider {
    /// Region to read from, such as `cn-north-4`. Can also be set with `HW_REGION_NAME` or `OS_REGION_NAME`.
    #[tf(optional)]
    region: Option<String>,
    /// Access key ID. Can also be set with `HW_ACCESS_KEY` or `OS_ACCESS_KEY`.
    #[tf(optional)]
    access_key: Option<Secret>,
    /// Secret access key. Can also be set with `HW_SECRET_KEY` or `OS_SECRET_KEY`.
    #[tf(optional)]
    secret_key: Option<Secret>,
    /// Security token of a temporary access key. Can also be set with `HW_SECURITY_TOKEN`.
    #[tf(optional)]
    security_token: Option<Secret>,
    /// Existing project-scoped IAM token. Sent unchanged and never renewed. Can also be set with `HW_AUTH_TOKEN` or
    /// `OS_AUTH_TOKEN`.
    #[tf(optional)]
    token: Option<Secret>,
    /// IAM user name. Requires `password`, and `domain_id` or `domain_name`. Can also be set with `HW_USER_NAME` or
    /// `OS_USERNAME`.
    #[tf(optional)]
    user_name: Option<String>,
    /// IAM user ID. Requires `password`. Can also be set with `HW_USER_ID` or `OS_USER_ID`.
    #[tf(optional)]
    user_id: Option<String>,
    /// Password of the IAM user. Can also be set with `HW_USER_PASSWORD` or `OS_PASSWORD`.
    #[tf(optional)]
    password: Option<Secret>,
    /// Account ID. Can also be set with `HW_DOMAIN_ID`, `OS_DOMAIN_ID`, `OS_USER_DOMAIN_ID` or `OS_PROJECT_DOMAIN_ID`.
    #[tf(optional)]
    domain_id: Option<String>,
    /// Account name. Can also be set with `HW_DOMAIN_NAME`, `OS_DOMAIN_NAME`, `OS_USER_DOMAIN_NAME` or
    /// `OS_PROJECT_DOMAIN_NAME`.
    #[tf(optional)]
    domain_name: Option<String>,
    /// ID of the project in `region`. If omitted, it is looked up by name. Can also be set with `HW_PROJECT_ID` or
    /// `OS_PROJECT_ID`.
    #[tf(optional)]
    project_id: Option<String>,
    /// Name of the project in `region`. Defaults to the region's default project. Can also be set with `HW_PROJECT_NAME` or
    /// `OS_PROJECT_NAME`.
    #[tf(optional)]
    project_name: Option<String>,
    /// Alias of `project_id`. Can also be set with `OS_TENANT_ID`.
    #[tf(optional)]
    tenant_id: Option<String>,
    /// Alias of `project_name`. Can also be set with `OS_TENANT_NAME`.
    #[tf(optional)]
    tenant_name: Option<String>,
    /// IAM URL for tokens and projects. Defaults to `https://iam.{region}.{cloud}/v3`. Can also be set with `HW_AUTH_URL` or
    /// `OS_AUTH_URL`.
    #[tf(optional)]
    auth_url: Option<String>,
    /// Domain of the cloud. Defaults to `myhuaweicloud.com`, or to `myhuaweicloud.eu` for regions that begin with
    /// `eu-west-1`. Can also be set with `HW_CLOUD`.
    #[tf(optional)]
    cloud: Option<String>,
    /// Custom endpoints by service: `iotda_mgmt`, `iam`, `sts`, `metadata`. Each can also be set with an environment variable
    /// such as `HW_IOTDA_MGMT_ENDPOINT`. Keys of other services are accepted and have no effect.
    #[tf(optional)]
    endpoints: Option<BTreeMap<String, Known<String>>>,
    /// Disables the verification of server certificates. Anyone on the network path can then read and modify all traffic,
    /// including credentials. Can also be set with `HW_INSECURE` or `OS_INSECURE`.
    #[tf(optional)]
    insecure: Option<bool>,
    /// CA certificates to trust instead of the system's, as a path or PEM text. May also contain a server's own
    /// certificate. Can also be set with `OS_CACERT`.
    #[tf(optional)]
    cacert_file: Option<String>,
    /// TLS client certificate, as a path or PEM text. Requires `key`. Can also be set with `OS_CERT`.
    #[tf(optional)]
    cert: Option<String>,
    /// Private key of `cert`, as a path or PEM text. Can also be set with `OS_KEY`.
    #[tf(optional)]
    key: Option<Secret>,
    /// Accepted for compatibility; no effect, because only regional endpoints are used.
    #[tf(optional)]
    regional: Known<bool>,
    /// KooCLI configuration file that contains the profiles. Defaults to `~/.hcloud/config.json` if `profile` is set. Can
    /// also be set with `HW_SHARED_CONFIG_FILE`.
    #[tf(optional)]
    shared_config_file: Option<String>,
    /// Profile in the configuration file. Defaults to the file's current profile if `shared_config_file` is set. Can also be
    /// set with `HW_PROFILE`.
    #[tf(optional)]
    profile: Option<String>,
    /// Maximum number of retries of a failed request. Defaults to `5`. Throttled requests are retried until the read times out. Can also be set with `HW_MAX_RETRIES`.
    #[tf(optional, range(0..))]
    max_retries: Option<i64>,
    /// Timeout of a single request attempt, such as `1m30s`. Defaults to `30s`. Can also be set with `HW_REQUEST_TIMEOUT`.
    #[tf(optional, validate = go_duration)]
    request_timeout: Option<String>,
    /// Agencies to assume, in order, starting from the configured credentials.
    #[tf(block)]
    assume_role: Vec<AssumeRole>,
    /// Agency to assume with a token of an OpenID Connect identity provider.
    #[tf(block, max_items = 1)]
    assume_role_with_oidc: Vec<AssumeRoleWithOidc>,
    /// Legacy agency, which is not supported: use `assume_role`. Setting `OS_AGENCY_NAME` is also an error.
    #[tf(optional)]
    agency_name: Option<String>,
    /// Account of a legacy agency, which is not supported: use `assume_role`. Setting `OS_AGENCY_DOMAIN_NAME` is also an error.
    #[tf(optional)]
    agency_domain_name: Option<String>,
    /// Signing algorithm. Only `HmacSHA256` (the default) is supported. Can also be set with `HW_SIGNING_ALGORITHM`.
    #[tf(optional)]
    signing_algorithm: Option<String>,
    /// Accepted for compatibility; no effect (applies to legacy agencies only).
    #[tf(optional)]
    delegated_project: Known<String>,
    /// Accepted for compatibility; no effect (applies to resources only). Data sources have an argument of the same name.
    #[tf(optional)]
    enterprise_project_id: Known<String>,
    /// Accepted for compatibility; no effect (applies to resources only).
    #[tf(optional)]
    enable_force_new: Known<bool>,
    /// Accepted for compatibility; no effect (applies to resources only).
    #[tf(optional)]
    default_tags: Known<BTreeMap<String, String>>,
    /// Accepted for compatibility; no effect (applies to resources only).
    #[tf(optional)]
    ignore_tags: Known<Vec<String>>,
    /// Accepted for compatibility; no effect (this provider makes no such check).
    #[tf(optional)]
    skip_check_website_type: Known<bool>,
    /// Accepted for compatibility; no effect (this provider makes no such check).
    #[tf(optional)]
    skip_check_upgrade: Known<bool>,
}

/// An agency to assume.
#[derive(Clone, Object)]
struct AssumeRole {
    /// Name of the agency. Can also be set with `HW_ASSUME_ROLE_AGENCY_NAME`.
    #[tf(optional)]
    agency_name: Option<String>,
    /// ID of the delegating account. Selects STS v5. Can also be set with `HW_ASSUME_ROLE_DOMAIN_ID`.
    #[tf(optional)]
    domain_id: Option<String>,
    /// Name of the delegating account. Used alone, without `domain_id`, it selects IAM v3. Can also be set with
    /// `HW_ASSUME_ROLE_DOMAIN_NAME`.
    #[tf(optional)]
    domain_name: Option<String>,
    /// Lifetime of the temporary credentials, in seconds: 900 to 43200 with `domain_id`, 900 to 86400 with `domain_name`, and
    /// 900 to 3600 with `domain_id` if the agency is assumed with temporary credentials, such as those of another agency.
    /// `0` is the same as omitted. Can also be set with `HW_ASSUME_ROLE_DURATION`.
    #[tf(optional)]
    duration: Option<i64>,
    /// External ID that a trust agency requires. Requires `domain_id`.
    #[tf(optional)]
    external_id: Option<String>,
}

/// An agency to assume with the token of an identity provider.
#[derive(Clone, Object)]
struct AssumeRoleWithOidc {
    /// Name of the agency. Can also be set with `HW_ASSUME_ROLE_AGENCY_NAME`.
    #[tf(optional)]
    agency_name: Option<String>,
    /// ID of the delegating account. Can also be set with `HW_ASSUME_ROLE_DOMAIN_ID`.
    #[tf(optional)]
    domain_id: Option<String>,
    /// ID of the identity provider. Can also be set with `HW_ASSUME_ROLE_IDP_ID`.
    #[tf(optional)]
    idp_id: Option<String>,
    /// Lifetime of the temporary credentials, in seconds: 900 to 3600. `0` is the same as omitted. Can also be set with
    /// `HW_ASSUME_ROLE_DURATION`.
    #[tf(optional)]
    duration: Option<i64>,
    /// Token of the identity provider. Can also be set with `HW_ASSUME_ROLE_ID_TOKEN`, or with
    /// `TFC_WORKLOAD_IDENTITY_TOKEN`, which HCP Terraform sets.
    #[tf(optional)]
    id_token: Option<Secret>,
    /// File that contains the token. Read again whenever the credentials are renewed. Can also be set with
    /// `HW_ASSUME_ROLE_ID_TOKEN_FILE`.
    #[tf(optional)]
    id_token_file: Option<String>,
}

impl IotdaProvider {
    /// Returns the relevant endpoints that are not known yet.
    pub(super) fn unknown_endpoints(&self) -> Vec<AttributePath> {
        let ours = [iotda::SERVICE, IAM, STS, METADATA].map(|service| service.key);
        let endpoints = self.endpoints.iter().flatten();
        let unknown = endpoints.filter(|(key, url)| ours.contains(&key.as_str()) && url.is_unknown());
        unknown.map(|(key, _)| AttributePath::attribute("endpoints").then(Step::Key(key.clone()))).collect()
    }
}

impl From<IotdaProvider> for Arguments {
    fn from(block: IotdaProvider) -> Self {
        let endpoints = block.endpoints.into_iter().flatten();
        Self {
            region: block.region,
            access_key: block.access_key,
            secret_key: block.secret_key,
            security_token: block.security_token,
            token: block.token,
            user_name: block.user_name,
            user_id: block.user_id,
            password: block.password,
            domain_id: block.domain_id,
            domain_name: block.domain_name,
            project_id: block.project_id,
            project_name: block.project_name,
            tenant_id: block.tenant_id,
            tenant_name: block.tenant_name,
            auth_url: block.auth_url,
            cloud: block.cloud,
            endpoints: endpoints.filter_map(|(key, endpoint)| Some((key, endpoint.known()?))).collect(),
            insecure: block.insecure,
            cacert_file: block.cacert_file,
            cert: block.cert,
            key: block.key,
            shared_config_file: block.shared_config_file,
            profile: block.profile,
            max_retries: block.max_retries,
            request_timeout: block.request_timeout,
            assume_role: block.assume_role.into_iter().map(Into::into).collect(),
            assume_role_with_oidc: block.assume_role_with_oidc.into_iter().next().map(Into::into),
            agency_name: block.agency_name,
            agency_domain_name: block.agency_domain_name,
            signing_algorithm: block.signing_algorithm,
        }
    }
}

impl From<AssumeRole> for huaweicloud::AssumeRole {
    fn from(block: AssumeRole) -> Self {
        let AssumeRole { agency_name, domain_id, domain_name, duration, external_id } = block;
        Self { agency_name, domain_id, domain_name, duration, external_id }
    }
}

impl From<AssumeRoleWithOidc> for huaweicloud::AssumeRoleWithOidc {
    fn from(block: AssumeRoleWithOidc) -> Self {
        let AssumeRoleWithOidc { agency_name, domain_id, idp_id, duration, id_token, id_token_file } = block;
        Self { agency_name, domain_id, idp_id, duration, id_token, id_token_file }
    }
}

#[cfg(test)]
mod tests;
