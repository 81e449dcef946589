//! The `KooCLI` configuration file: its form, and one profile out of it.

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;

use crate::settings::given::{Given, ProfileName, ValueSource, given};
use crate::settings::sign_in::Domain;

/// One profile.
pub(in crate::settings) struct Profile {
    pub(in crate::settings) name: Arc<ProfileName>,
    content: Content,
}

/// The parts of an access key; each may be missing.
#[derive(Clone, Copy)]
pub(in crate::settings) struct KeyParts<'a> {
    pub(in crate::settings) access_key: Option<&'a SecretString>,
    pub(in crate::settings) secret_key: Option<&'a SecretString>,
    pub(in crate::settings) security_token: Option<&'a SecretString>,
}

#[derive(Deserialize)]
pub(super) struct File {
    current: Option<String>,
    profiles: Option<Vec<Content>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    name: Option<String>,
    mode: Option<String>,
    // Spelled out: what serde flattens it keeps a copy of, which nobody wipes.
    access_key_id: Option<SecretString>,
    secret_access_key: Option<SecretString>,
    security_token: Option<SecretString>,
    region: Option<String>,
    project_id: Option<String>,
    domain_id: Option<String>,
    agency_domain_id: Option<String>,
    agency_domain_name: Option<String>,
    agency_name: Option<String>,
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
    /// Reads the file's text; `path` is for messages.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it, without values.
    pub(super) fn parse(text: &[u8], path: &str) -> Result<Self, String> {
        serde_json::from_slice(text).map_err(|error| {
            format!(
                "The file {path} is not a KooCLI configuration (line {}, column {}). It must be the JSON that `hcloud configure set` writes.",
                error.line(),
                error.column()
            )
        })
    }

    /// The profile of this name, or else the file's current one.
    ///
    /// # Errors
    ///
    /// A sentence that names the profiles there are.
    pub(super) fn pick(
        self,
        name: Option<&str>,
        path: &str,
        named_by: ValueSource,
    ) -> Result<Profile, String> {
        let name = name.or(given(self.current.as_deref())).unwrap_or("default").to_owned();
        let mut profiles = self.profiles.unwrap_or_default();
        let position = profiles.iter().position(|profile| profile.name.as_ref() == Some(&name));
        let Some(position) = position else {
            let known: Vec<&str> = profiles.iter().filter_map(|profile| profile.name.as_deref()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!("The file {path} has no profile {name:?}. Profiles in it: {known}."));
        };
        let content = profiles.swap_remove(position);
        Ok(Profile { name: Arc::new(ProfileName { name, file: path.to_owned(), named_by }), content })
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

    pub(in crate::settings) fn agency(&self) -> Option<Given> {
        self.given(self.content.agency_name.as_deref())
    }

    /// The account of the agency. Its name comes first here: the official provider does not look at the ID.
    pub(in crate::settings) fn agency_domain(&self) -> Option<Domain> {
        let Content { agency_domain_id, agency_domain_name, .. } = &self.content;
        Domain::of(None, agency_domain_name.as_deref()).or(Domain::of(agency_domain_id.as_deref(), None))
    }

    /// The access key: that of the single sign-on in mode `SSO`, the profile's own in every other.
    pub(in crate::settings) fn key(&self) -> Option<KeyParts<'_>> {
        let Content { access_key_id, secret_access_key, security_token, .. } = &self.content;
        let sso = self.content.mode.as_deref() == Some("SSO");
        let [access_key, secret_key, security_token] = if sso {
            let key = self.content.sso_auth.as_ref()?.sts_token.as_ref()?;
            [&key.access_key_id, &key.secret_access_key, &key.security_token]
        } else {
            [access_key_id, secret_access_key, security_token]
        }
        .map(Option::as_ref);
        Some(KeyParts { access_key, secret_key, security_token })
    }

    fn given(&self, value: Option<&str>) -> Option<Given> {
        let source = ValueSource::Profile(Arc::clone(&self.name));
        given(value).map(|value| Given { value: value.to_owned(), source })
    }
}
