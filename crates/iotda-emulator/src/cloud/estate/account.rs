//! An account and what belongs to it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// An account: a domain, in IAM's API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The account's id (`domain_id`).
    pub id: String,
    /// The account's name (`domain_name`).
    pub name: String,
    /// Permanent access keys.
    #[serde(default)]
    pub access_keys: Vec<AccessKey>,
    /// Users who sign in with a password.
    #[serde(default)]
    pub users: Vec<User>,
    /// Agencies: the roles of this account that others may assume.
    #[serde(default)]
    pub agencies: Vec<Agency>,
    /// Identity providers whose id tokens sign in to this account.
    #[serde(default)]
    pub identity_providers: Vec<IdentityProvider>,
    /// Projects, each of one region.
    #[serde(default)]
    pub projects: Vec<Project>,
}

/// A permanent access key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// The key's id, sent with every request.
    pub access_key: String,
    /// The secret that signs.
    pub secret_key: String,
}

/// A user with a password.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's id.
    pub id: String,
    /// The user's name, unique within the account.
    pub name: String,
    /// The password.
    pub password: String,
}

/// A role of one account that others may assume.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// The agency's name.
    pub name: String,
    /// The names of the accounts that may assume it.
    pub trusts: Vec<String>,
}

/// An identity provider for signing in with `OpenID` Connect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// The provider's id, sent as `X-Idp-Id`.
    pub id: String,
    /// The valid id tokens; they are compared as text.
    pub id_tokens: Vec<String>,
}

/// A project: the resources of an account in one region.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The project's id.
    pub id: String,
    /// The project's name: the region's, or `<region>_<suffix>` for a sub-project.
    pub name: String,
    /// The region; by default the part of the name before an underscore.
    pub region: Option<String>,
    /// Instances, oldest first, each exactly as `ShowInstance` returns it.
    #[serde(default)]
    pub instances: Vec<Box<RawValue>>,
    /// Number of additional synthetic instances, all newer.
    #[serde(default)]
    pub synthetic: usize,
    /// Tasks by instance id, oldest first, each as `ShowInstanceTask` returns it.
    #[serde(default)]
    pub tasks: BTreeMap<String, Vec<Value>>,
    /// Successive statuses of an instance as it is read, by instance id.
    #[serde(default)]
    pub status_scripts: BTreeMap<String, Vec<StatusStep>>,
}

/// A status that an instance has for a number of reads.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusStep {
    /// The status.
    pub status: String,
    /// Number of reads of the instance with this status; the last step of a script remains regardless.
    #[serde(default = "one")]
    pub polls: u32,
    /// Whether `access_infos` is returned. If `None`, it is omitted during `CREATING` and `TRADING`.
    pub addresses: Option<bool>,
}

fn one() -> u32 {
    1
}

impl StatusStep {
    /// Creates a status for a number of reads.
    pub fn new(status: impl Into<String>, polls: u32) -> Self {
        Self { status: status.into(), polls, addresses: None }
    }

    /// Sets whether `access_infos` is returned during this step.
    #[must_use]
    pub fn addresses(mut self, answered: bool) -> Self {
        self.addresses = Some(answered);
        self
    }

    pub(crate) fn has_addresses(&self) -> bool {
        self.addresses.unwrap_or(!matches!(self.status.as_str(), "CREATING" | "TRADING"))
    }
}

impl Account {
    /// Creates an empty account.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }

    /// Adds a permanent access key.
    #[must_use]
    pub fn access_key(mut self, access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        self.access_keys.push(AccessKey { access_key: access_key.into(), secret_key: secret_key.into() });
        self
    }

    /// Adds a user.
    #[must_use]
    pub fn user(mut self, id: &str, name: &str, password: &str) -> Self {
        self.users.push(User { id: id.into(), name: name.into(), password: password.into() });
        self
    }

    /// Adds an agency that the named accounts may assume.
    #[must_use]
    pub fn agency(mut self, name: impl Into<String>, trusts: &[&str]) -> Self {
        let trusts = trusts.iter().map(|&name| name.to_owned()).collect();
        self.agencies.push(Agency { name: name.into(), trusts });
        self
    }

    /// Adds an identity provider and one id token that it accepts.
    #[must_use]
    pub fn identity_provider(mut self, id: impl Into<String>, id_token: impl Into<String>) -> Self {
        self.identity_providers.push(IdentityProvider { id: id.into(), id_tokens: vec![id_token.into()] });
        self
    }

    /// Adds a project.
    #[must_use]
    pub fn project(mut self, project: Project) -> Self {
        self.projects.push(project);
        self
    }
}

impl Project {
    /// Creates a project without instances.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }

    /// Sets the number of synthetic instances.
    #[must_use]
    pub fn synthetic(mut self, count: usize) -> Self {
        self.synthetic = count;
        self
    }

    /// Adds an instance, exactly as `ShowInstance` returns it.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn instance(mut self, json: impl Into<String>) -> serde_json::Result<Self> {
        self.instances.push(RawValue::from_string(json.into())?);
        Ok(self)
    }

    /// Returns the region.
    pub fn region(&self) -> &str {
        let of_name = || self.name.split('_').next().unwrap_or(&self.name);
        self.region.as_deref().unwrap_or_else(of_name)
    }
}
