//! The arguments that a caller can set, before defaults, environment variables and profiles are applied.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::SecretString;

/// The arguments of a provider block that have an effect, under the official provider's names. `None` and the empty
/// string both mean "omitted".
#[derive(Clone, Default)]
pub struct Arguments {
    /// Region whose instances are read.
    pub region: Option<String>,
    /// Access key ID.
    pub access_key: Option<SecretString>,
    /// Secret access key.
    pub secret_key: Option<SecretString>,
    /// Security token of a temporary access key.
    pub security_token: Option<SecretString>,
    /// An existing token, sent unchanged.
    pub token: Option<SecretString>,
    /// IAM user name; needs the account as `domain_id` or `domain_name`.
    pub user_name: Option<String>,
    /// IAM user ID.
    pub user_id: Option<String>,
    /// Password of the user.
    pub password: Option<SecretString>,
    /// Account ID.
    pub domain_id: Option<String>,
    /// Account name.
    pub domain_name: Option<String>,
    /// Project ID in `region`; looked up by name if omitted.
    pub project_id: Option<String>,
    /// Project name in `region`; defaults to that of the region.
    pub project_name: Option<String>,
    /// Alias of `project_id`.
    pub tenant_id: Option<String>,
    /// Alias of `project_name`.
    pub tenant_name: Option<String>,
    /// IAM URL for projects and tokens, with or without `/v3`.
    pub auth_url: Option<String>,
    /// DNS suffix of the cloud.
    pub cloud: Option<String>,
    /// Endpoints by service key.
    pub endpoints: BTreeMap<String, String>,
    /// Disables the verification of TLS certificates.
    pub insecure: Option<bool>,
    /// CA bundle to trust instead of the system's: a path or the PEM text.
    pub cacert_file: Option<String>,
    /// TLS client certificate: a path or the PEM text.
    pub cert: Option<String>,
    /// Private key of `cert`: a path or the PEM text.
    pub key: Option<SecretString>,
    /// `KooCLI` configuration file.
    pub shared_config_file: Option<String>,
    /// Profile in the configuration file.
    pub profile: Option<String>,
    /// Maximum number of retries of a failed request.
    pub max_retries: Option<i64>,
    /// Timeout of one attempt, as a Go duration.
    pub request_timeout: Option<String>,
    /// Agencies to assume, in order.
    pub assume_role: Vec<AssumeRole>,
    /// Agency to assume with an `OpenID` Connect token.
    pub assume_role_with_oidc: Option<AssumeRoleWithOidc>,
    /// The official provider's legacy form of `assume_role`; rejected with a hint to use that.
    pub agency_name: Option<String>,
    /// Account of `agency_name`; rejected likewise.
    pub agency_domain_name: Option<String>,
    /// Signing algorithm; only `HmacSHA256` is supported.
    pub signing_algorithm: Option<String>,
}

/// One agency to assume.
#[derive(Clone, Default)]
pub struct AssumeRole {
    /// Name of the agency.
    pub agency_name: Option<String>,
    /// ID of the delegating account; selects the v5 API.
    pub domain_id: Option<String>,
    /// Name of the delegating account; selects the v3 API.
    pub domain_name: Option<String>,
    /// Lifetime of the temporary access key, in seconds: 900 to 43,200 by account ID, to 86,400 by account name, and to
    /// 3,600 if it is assumed by account ID with temporary credentials.
    pub duration: Option<i64>,
    /// External ID that a trust agency requires; by account ID only.
    pub external_id: Option<String>,
}

/// An agency to assume with an `OpenID` Connect token.
#[derive(Clone, Default)]
pub struct AssumeRoleWithOidc {
    /// Name of the agency.
    pub agency_name: Option<String>,
    /// ID of the delegating account.
    pub domain_id: Option<String>,
    /// Identity provider registered with IAM.
    pub idp_id: Option<String>,
    /// Lifetime of the temporary access key, in seconds: 900 to 3,600.
    pub duration: Option<i64>,
    /// The token.
    pub id_token: Option<SecretString>,
    /// File that contains the token; read again whenever the access key is renewed.
    pub id_token_file: Option<String>,
}

/// One step of the path to an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An argument or a field, by name.
    Name(&'static str),
    /// An element of a list of blocks, from zero.
    Index(usize),
    /// An element of a map, by key.
    Key(String),
}

/// A configuration error, and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    /// The argument at fault; `None` if the cause is in the environment or a file.
    pub argument: Option<Vec<Step>>,
    /// Short description, without values.
    pub summary: &'static str,
    /// Description with names, and what to do.
    pub detail: String,
    is_conflict: bool,
}

/// A setting that works but deserves attention; same shape as an error.
pub type ArgumentWarning = ArgumentError;

impl ArgumentError {
    /// Returns whether explicit arguments conflict, whatever the environment and the files contain.
    pub fn is_conflict(&self) -> bool {
        self.is_conflict
    }

    /// Marks the error as one of arguments that conflict.
    pub(super) fn of_conflict(self) -> Self {
        Self { is_conflict: true, ..self }
    }

    /// Creates an error at one argument.
    pub(crate) fn at(argument: &'static str, summary: &'static str, detail: impl Into<String>) -> Self {
        Self::within(vec![Step::Name(argument)], summary, detail)
    }

    /// Creates an error at a nested argument.
    pub(crate) fn within(path: Vec<Step>, summary: &'static str, detail: impl Into<String>) -> Self {
        Self { argument: Some(path), ..Self::outside(summary, detail) }
    }

    /// Creates an error about the environment or a file.
    pub(crate) fn outside(summary: &'static str, detail: impl Into<String>) -> Self {
        Self { argument: None, summary, detail: detail.into(), is_conflict: false }
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.argument.iter().flatten().enumerate() {
            match step {
                Step::Name(name) if position == 0 => write!(f, "{name}")?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        if self.argument.is_some() {
            f.write_str(": ")?;
        }
        write!(f, "{}. {}", self.summary, self.detail)
    }
}

impl std::error::Error for ArgumentError {}
