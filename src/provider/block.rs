//! The provider block. Names and meaning are the official Huawei Cloud provider's, so that its block can be copied.

use std::collections::BTreeMap;

use huaweicloud::endpoints::{IAM, METADATA, STS};
use huaweicloud::{self, Arguments};
use tfplug::{AttributePath, Known, Object, Secret, Step};

use super::arguments::validators::go_duration;
use crate::iotda;

/// Reads Huawei Cloud IoTDA instances: their access addresses, tags and network parameters.
///
/// The arguments are those of the official Huawei Cloud provider, so that its block can be copied unchanged. For
/// each of them an explicit argument comes first, then the `HW_*` environment variable, then `OS_*`, then the profile of
/// a shared configuration file. A region is always needed.
///
/// Credentials come whole from one place, the first that has any: the block with the profile that it names, the
/// environment, the profile that the environment names, the metadata service of the server.
#[derive(Object)]
pub struct IotdaProvider {
    /// Region whose instances are read, such as `cn-north-4`. Also `HW_REGION_NAME`, `OS_REGION_NAME`.
    #[tf(optional)]
    region: Option<String>,
    /// Access key ID. Also `HW_ACCESS_KEY`, `OS_ACCESS_KEY`.
    #[tf(optional)]
    access_key: Option<Secret>,
    /// Secret access key. Also `HW_SECRET_KEY`, `OS_SECRET_KEY`.
    #[tf(optional)]
    secret_key: Option<Secret>,
    /// Security token of a temporary access key. Also `HW_SECURITY_TOKEN`.
    #[tf(optional)]
    security_token: Option<Secret>,
    /// IAM token of your own, scoped to the project; sent as given. Also `HW_AUTH_TOKEN`, `OS_AUTH_TOKEN`.
    #[tf(optional)]
    token: Option<Secret>,
    /// IAM user name, with `password` and `domain_id` or `domain_name`. Also `HW_USER_NAME`, `OS_USERNAME`.
    #[tf(optional)]
    user_name: Option<String>,
    /// IAM user ID, with `password`. Also `HW_USER_ID`, `OS_USER_ID`.
    #[tf(optional)]
    user_id: Option<String>,
    /// Password of the IAM user. Also `HW_USER_PASSWORD`, `OS_PASSWORD`.
    #[tf(optional)]
    password: Option<Secret>,
    /// Account ID. Also `HW_DOMAIN_ID`, `OS_DOMAIN_ID`, `OS_USER_DOMAIN_ID`, `OS_PROJECT_DOMAIN_ID`.
    #[tf(optional)]
    domain_id: Option<String>,
    /// Account name. Also `HW_DOMAIN_NAME`, `OS_DOMAIN_NAME`, `OS_USER_DOMAIN_NAME`, `OS_PROJECT_DOMAIN_NAME`.
    #[tf(optional)]
    domain_name: Option<String>,
    /// Project ID in `region`. Looked up by name when not given. Also `HW_PROJECT_ID`, `OS_PROJECT_ID`.
    #[tf(optional)]
    project_id: Option<String>,
    /// Project name in `region`. The region's own project when not given. Also `HW_PROJECT_NAME`, `OS_PROJECT_NAME`.
    #[tf(optional)]
    project_name: Option<String>,
    /// Alias of `project_id`. Also `OS_TENANT_ID`.
    #[tf(optional)]
    tenant_id: Option<String>,
    /// Alias of `project_name`. Also `OS_TENANT_NAME`.
    #[tf(optional)]
    tenant_name: Option<String>,
    /// IAM URL for tokens and projects. `https://iam.{region}.{cloud}/v3` when not given. Also `HW_AUTH_URL`,
    /// `OS_AUTH_URL`.
    #[tf(optional)]
    auth_url: Option<String>,
    /// Domain of the cloud: `myhuaweicloud.com`, or `myhuaweicloud.eu` for regions that begin with `eu-west-1`, when not
    /// given. Also `HW_CLOUD`.
    #[tf(optional)]
    cloud: Option<String>,
    /// Endpoints in place of the usual ones, by service: `iotda_mgmt`, `iam`, `sts`, `metadata`. Each also by environment,
    /// such as `HW_IOTDA_MGMT_ENDPOINT`. Keys of other services are accepted and have no effect.
    #[tf(optional)]
    endpoints: Option<BTreeMap<String, Known<String>>>,
    /// Accept any TLS certificate. Whoever is on the way can then read and change everything. Also `HW_INSECURE`,
    /// `OS_INSECURE`.
    #[tf(optional)]
    insecure: Option<bool>,
    /// CA certificates in place of the system's: a path, or the PEM text. A server's own certificate in it is accepted too.
    /// Also `OS_CACERT`.
    #[tf(optional)]
    cacert_file: Option<String>,
    /// TLS client certificate: a path, or the PEM text. With `key`. Also `OS_CERT`.
    #[tf(optional)]
    cert: Option<String>,
    /// Private key of `cert`: a path, or the PEM text. Also `OS_KEY`.
    #[tf(optional)]
    key: Option<Secret>,
    /// Use the region's endpoints of global services. Has no effect here: all endpoints used are the region's.
    #[tf(optional)]
    regional: Known<bool>,
    /// Configuration file of KooCLI, which holds profiles: `~/.hcloud/config.json` when only `profile` is given. Also
    /// `HW_SHARED_CONFIG_FILE`.
    #[tf(optional)]
    shared_config_file: Option<String>,
    /// Profile of the configuration file. The file's current one when only the file is given. Also `HW_PROFILE`.
    #[tf(optional)]
    profile: Option<String>,
    /// How often a failed request is sent again at most. 5 when not given. Also `HW_MAX_RETRIES`.
    #[tf(optional, range(0..))]
    max_retries: Option<i64>,
    /// How long one attempt of a request may take, as a duration such as `30s` (the default) or `1m30s`. Also
    /// `HW_REQUEST_TIMEOUT`.
    #[tf(optional, validate = go_duration)]
    request_timeout: Option<String>,
    /// Agency to assume with the credentials given; several are assumed one after the other.
    #[tf(block)]
    assume_role: Vec<AssumeRole>,
    /// Agency to assume with a token of an OpenID Connect identity provider.
    #[tf(block, max_items = 1)]
    assume_role_with_oidc: Vec<AssumeRoleWithOidc>,
    /// Agency of the older kind: not supported. Use `assume_role`.
    #[tf(optional)]
    agency_name: Option<String>,
    /// Account of the older kind of agency: not supported. Use `assume_role`.
    #[tf(optional)]
    agency_domain_name: Option<String>,
    /// Algorithm of signatures: `HmacSHA256`, the default, is the only one. Also `HW_SIGNING_ALGORITHM`.
    #[tf(optional)]
    signing_algorithm: Option<String>,
    /// Has no effect here: it concerns agencies of the older kind.
    #[tf(optional)]
    delegated_project: Known<String>,
    /// Has no effect here: it concerns resources. Data sources have an argument of the same name.
    #[tf(optional)]
    enterprise_project_id: Known<String>,
    /// Has no effect here: it concerns resources.
    #[tf(optional)]
    enable_force_new: Known<bool>,
    /// Has no effect here: it concerns resources.
    #[tf(optional)]
    default_tags: Known<BTreeMap<String, String>>,
    /// Has no effect here: it concerns resources.
    #[tf(optional)]
    ignore_tags: Known<Vec<String>>,
    /// Has no effect here: nothing is asked that a read does not need.
    #[tf(optional)]
    skip_check_website_type: Known<bool>,
    /// Has no effect here: nothing is asked that a read does not need.
    #[tf(optional)]
    skip_check_upgrade: Known<bool>,
}

/// An agency to assume.
#[derive(Object)]
struct AssumeRole {
    /// Name of the agency. Also `HW_ASSUME_ROLE_AGENCY_NAME`.
    #[tf(optional)]
    agency_name: Option<String>,
    /// Account that delegates, by ID, which selects the v5 API. Also `HW_ASSUME_ROLE_DOMAIN_ID`.
    #[tf(optional)]
    domain_id: Option<String>,
    /// Account that delegates, by name; alone it selects the v3 API. Also `HW_ASSUME_ROLE_DOMAIN_NAME`.
    #[tf(optional)]
    domain_name: Option<String>,
    /// How long the temporary credentials live, in seconds. Also `HW_ASSUME_ROLE_DURATION`.
    #[tf(optional, range(1..))]
    duration: Option<i64>,
}

/// An agency to assume with a token of an identity provider.
#[derive(Object)]
struct AssumeRoleWithOidc {
    /// Name of the agency. Also `HW_ASSUME_ROLE_AGENCY_NAME`.
    #[tf(optional)]
    agency_name: Option<String>,
    /// Account that delegates, by ID. Also `HW_ASSUME_ROLE_DOMAIN_ID`.
    #[tf(optional)]
    domain_id: Option<String>,
    /// Identity provider, by its ID. Also `HW_ASSUME_ROLE_IDP_ID`.
    #[tf(optional)]
    idp_id: Option<String>,
    /// How long the temporary credentials live, in seconds. Also `HW_ASSUME_ROLE_DURATION`.
    #[tf(optional, range(1..))]
    duration: Option<i64>,
    /// The identity provider's token. Also `HW_ASSUME_ROLE_ID_TOKEN`.
    #[tf(optional)]
    id_token: Option<Secret>,
    /// File that holds the token; read again when credentials are renewed. Also `HW_ASSUME_ROLE_ID_TOKEN_FILE`.
    #[tf(optional)]
    id_token_file: Option<String>,
}

impl IotdaProvider {
    /// Endpoints that matter and are not known yet.
    pub(super) fn unknown_endpoints(&self) -> Vec<AttributePath> {
        let ours = [iotda::SERVICE, IAM, STS, METADATA].map(|service| service.key);
        let unknown = self.endpoints.iter().flatten().filter(|(_, endpoint)| endpoint.is_unknown());
        unknown
            .filter(|(key, _)| ours.contains(&key.as_str()))
            .map(|(key, _)| AttributePath::attribute("endpoints").then(Step::Key(key.clone())))
            .collect()
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
            regional: block.regional.known(),
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
        let AssumeRole { agency_name, domain_id, domain_name, duration } = block;
        Self { agency_name, domain_id, domain_name, duration }
    }
}

impl From<AssumeRoleWithOidc> for huaweicloud::AssumeRoleWithOidc {
    fn from(block: AssumeRoleWithOidc) -> Self {
        let AssumeRoleWithOidc { agency_name, domain_id, idp_id, duration, id_token, id_token_file } = block;
        Self { agency_name, domain_id, idp_id, duration, id_token, id_token_file }
    }
}
