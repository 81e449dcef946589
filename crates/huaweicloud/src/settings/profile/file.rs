//! The `KooCLI` configuration file: its format, and selection of one profile.

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;

use crate::settings::given::{Given, ProfileName, ValueSource, given};
use crate::settings::sign_in::Domain;

/// One profile.
pub(in crate::settings) struct Profile {
    pub(in crate::settings) name: Arc<ProfileName>,
    /// Whether the file states that its keys are encrypted. Keys that were added by hand may not be.
    pub(in crate::settings) says_encrypted: bool,
    pub(in crate::settings) mode: Mode,
    content: Content,
    /// In mode `AssumeRole`, the profile with which the agency is assumed.
    source: Option<Box<Self>>,
}

/// The authentication mode of a profile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::settings) enum Mode {
    Key,
    SingleSignOn,
    Token,
    /// The agency of the cloud server.
    Server,
    AssumeRole,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    current: Option<String>,
    auth_encrypt: Option<Flag>,
    profiles: Option<Vec<Content>>,
    #[serde(skip)]
    taken: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    name: Option<String>,
    mode: Option<String>,
    // Written out, because serde keeps a copy of flattened fields, which is not wiped.
    access_key_id: Option<SecretString>,
    secret_access_key: Option<SecretString>,
    security_token: Option<SecretString>,
    region: Option<String>,
    project_id: Option<String>,
    domain_id: Option<String>,
    agency_domain_id: Option<String>,
    agency_domain_name: Option<String>,
    agency_name: Option<String>,
    source_profile: Option<String>,
    x_auth_token: Option<SecretString>,
    auth_encrypt: Option<Flag>,
    sso_auth: Option<SsoAuth>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SsoAuth {
    sts_token: Option<StsToken>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StsToken {
    access_key_id: Option<SecretString>,
    secret_access_key: Option<SecretString>,
    security_token: Option<SecretString>,
}

impl File {
    /// Parses the file's text; `path` is for messages.
    ///
    /// # Errors
    ///
    /// A sentence that describes what is wrong with it, without values.
    pub(super) fn parse(text: &[u8], path: &str) -> Result<Self, String> {
        serde_json::from_slice(text).map_err(|error| {
            format!(
                "The file {path} is not a KooCLI configuration (line {}, column {}). It must be the JSON that `hcloud configure set` writes.",
                error.line(),
                error.column()
            )
        })
    }

    /// Returns the profile of this name, or else the file's current one.
    ///
    /// # Errors
    ///
    /// A sentence that describes what is wrong with it, and names the existing profiles.
    pub(super) fn pick(
        mut self,
        name: Option<&str>,
        path: &str,
        named_by: &ValueSource,
    ) -> Result<Profile, String> {
        let name = name.or(given(self.current.as_deref())).unwrap_or("default").to_owned();
        self.take(name, path, named_by)
    }

    fn take(&mut self, name: String, path: &str, named_by: &ValueSource) -> Result<Profile, String> {
        let profiles = self.profiles.get_or_insert_default();
        let position = profiles.iter().position(|profile| profile.name.as_ref() == Some(&name));
        let Some(position) = position else {
            if self.taken.contains(&name) {
                return Err(format!(
                    "In the file {path}, the profile {name:?} is based on itself (sourceProfile)."
                ));
            }
            let known: Vec<&str> = profiles.iter().filter_map(|profile| profile.name.as_deref()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!("The file {path} has no profile {name:?}. Profiles in it: {known}."));
        };
        let content = profiles.swap_remove(position);
        self.taken.push(name.clone());
        let name = ProfileName { name, file: path.to_owned(), named_by: named_by.clone() };
        let mode = Mode::of(content.mode.as_deref()).ok_or_else(|| {
            let mode = content.mode.as_deref().unwrap_or_default();
            format!("The mode {mode:?} of {name} is not supported. Supported modes are AKSK, SSO, token, ecsAgency and AssumeRole.")
        })?;
        let source = match (mode, given(content.source_profile.as_deref())) {
            (Mode::AssumeRole, Some(source)) => {
                Some(Box::new(self.take(source.to_owned(), path, named_by)?))
            }
            (Mode::AssumeRole, None) => {
                return Err(format!(
                    "The mode of {name} is AssumeRole, which also requires `sourceProfile`."
                ));
            }
            _ => None,
        };
        let says_encrypted =
            [&self.auth_encrypt, &content.auth_encrypt].into_iter().flatten().any(Flag::is_set);
        Ok(Profile { name: Arc::new(name), says_encrypted, content, mode, source })
    }
}

impl Flag {
    fn is_set(&self) -> bool {
        match self {
            Self::Bool(flag) => *flag,
            Self::Text(text) => text.eq_ignore_ascii_case("true"),
        }
    }
}

impl Mode {
    /// Returns the mode for a name in `KooCLI`'s format; older versions call the last one `agency`.
    fn of(name: Option<&str>) -> Option<Self> {
        let name = given(name).unwrap_or("AKSK");
        [
            ("AKSK", Self::Key),
            ("SSO", Self::SingleSignOn),
            ("token", Self::Token),
            ("ecsAgency", Self::Server),
            ("AssumeRole", Self::AssumeRole),
            ("agency", Self::AssumeRole),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, mode)| mode)
    }
}

impl Profile {
    /// Whether the block names it, rather than the environment.
    pub(in crate::settings) fn in_block(&self) -> bool {
        self.name.named_by.is_argument()
    }

    pub(in crate::settings) fn region(&self) -> Option<Given> {
        self.given(self.content.region.as_deref())
    }

    pub(in crate::settings) fn project_id(&self) -> Option<Given> {
        self.given(self.content.project_id.as_deref())
    }

    pub(in crate::settings) fn domain_id(&self) -> Option<Given> {
        self.given(self.content.domain_id.as_deref())
    }

    /// Returns name and account of the agency, if it has one. The account's name takes precedence: the official
    /// provider ignores the ID.
    pub(in crate::settings) fn agency(&self) -> Option<(Given, Option<Domain>)> {
        let Content { agency_domain_id, agency_domain_name, .. } = &self.content;
        let by_name = Domain::of(None, agency_domain_name.as_deref());
        let domain = by_name.or_else(|| Domain::of(agency_domain_id.as_deref(), None));
        Some((self.given(self.content.agency_name.as_deref())?, domain))
    }

    /// Returns the profile that has the credentials: itself, or the one that it is based on.
    pub(in crate::settings) fn base(&self) -> &Self {
        self.source.as_ref().map_or(self, |source| source.base())
    }

    /// Returns the profiles whose agencies are assumed, in this order.
    pub(in crate::settings) fn chain(&self) -> Vec<&Self> {
        let mut chain = self.source.as_ref().map(|source| source.chain()).unwrap_or_default();
        chain.push(self);
        chain
    }

    /// Returns the credentials that its mode uses: token, access key, secret key and security token.
    pub(in crate::settings) fn secrets(&self) -> [Option<SecretString>; 4] {
        let Content { access_key_id, secret_access_key, security_token, x_auth_token, sso_auth, .. } =
            &self.content;
        let sts_token = sso_auth.as_ref().and_then(|sso| sso.sts_token.as_ref());
        let secrets = match (self.mode, sts_token) {
            (Mode::Key, _) => [&None, access_key_id, secret_access_key, security_token],
            (Mode::SingleSignOn, Some(StsToken { access_key_id, secret_access_key, security_token })) => {
                [&None, access_key_id, secret_access_key, security_token]
            }
            (Mode::Token, _) => [x_auth_token, &None, &None, &None],
            _ => [&None; 4],
        };
        secrets.map(Option::clone)
    }

    fn given(&self, value: Option<&str>) -> Option<Given> {
        let source = ValueSource::Profile(Arc::clone(&self.name));
        given(value).map(|value| Given { value: value.to_owned(), source })
    }
}
