//! Profiles of the `KooCLI` configuration file. Only a profile that the block or the environment names is read.

use std::fmt;

use secrecy::SecretString;
use serde::Deserialize;

use super::arguments::ArgumentError;
use super::lookup::{Lookup, Origin, Reported, given};
use super::sign_in::{Base, Found, usable_secret};
use crate::error::{CredentialSource, Place};

const DEFAULT_FILE: &str = "~/.hcloud/config.json";
const SUMMARY: &str = "Profile not usable";

/// One profile, and who named it.
pub(super) struct Profile {
    content: Content,
    name: String,
    file: String,
    /// Named in the block rather than by the environment.
    pub(super) in_block: bool,
    /// What names it, to be blamed for what is in it.
    pub(super) named_by: Origin,
}

/// An access key in a profile; each part may be missing.
pub(super) struct ProfileKey<'a> {
    pub(super) access_key: Option<&'a SecretString>,
    pub(super) secret_key: Option<&'a SecretString>,
    pub(super) security_token: Option<&'a SecretString>,
}

#[derive(Deserialize)]
struct File {
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
    sts_token: Option<Key>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the file")]
struct Key {
    access_key_id: Option<SecretString>,
    secret_access_key: Option<SecretString>,
    security_token: Option<SecretString>,
}

impl Profile {
    pub(super) fn region(&self) -> Option<&str> {
        self.content.region.as_deref()
    }

    pub(super) fn project_id(&self) -> Option<&str> {
        self.content.project_id.as_deref()
    }

    pub(super) fn domain_id(&self) -> Option<&str> {
        self.content.domain_id.as_deref()
    }

    pub(super) fn agency_name(&self) -> Option<&str> {
        self.content.agency_name.as_deref()
    }

    pub(super) fn agency_domain_id(&self) -> Option<&str> {
        self.content.agency_domain_id.as_deref()
    }

    pub(super) fn agency_domain_name(&self) -> Option<&str> {
        self.content.agency_domain_name.as_deref()
    }

    /// Its name and file.
    fn place(&self) -> String {
        format!("{:?} in {}", self.name, self.file)
    }

    /// The access key: that of the single sign-on in mode `SSO`, the profile's own in every other.
    pub(super) fn key(&self) -> Option<ProfileKey<'_>> {
        let Content { access_key_id, secret_access_key, security_token, .. } = &self.content;
        let sso = self.content.mode.as_deref() == Some("SSO");
        let [access_key, secret_key, security_token] = if sso {
            let key = self.content.sso_auth.as_ref()?.sts_token.as_ref()?;
            [&key.access_key_id, &key.secret_access_key, &key.security_token]
        } else {
            [access_key_id, secret_access_key, security_token]
        }
        .map(Option::as_ref);
        Some(ProfileKey { access_key, secret_key, security_token })
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the profile {}", self.place())
    }
}

/// Reads the profile that is named, if one is.
pub(super) fn read(lookup: &mut Lookup<'_>) -> Option<Profile> {
    let file = lookup.text(
        "shared_config_file",
        lookup.arguments.shared_config_file.as_deref(),
        &["HW_SHARED_CONFIG_FILE"],
        |_| None,
    );
    let name = lookup.text("profile", lookup.arguments.profile.as_deref(), &["HW_PROFILE"], |_| None);
    let naming = [name.as_ref(), file.as_ref()].into_iter().flatten().map(|given| given.origin.clone());
    let naming: Vec<Origin> = naming.collect();
    let in_block = naming.iter().any(|origin| matches!(origin, Origin::Argument(_)));
    // Of two names the one that made the difference is blamed: the block's.
    let blamed =
        naming.iter().find(|origin| matches!(origin, Origin::Argument(_))).or(naming.first())?.clone();
    let path = file.map_or_else(|| DEFAULT_FILE.to_owned(), |given| given.value);
    let result = load(lookup, &path, name.as_ref().map(|given| given.value.as_str()));
    match result {
        Ok((name, content)) => Some(Profile { content, name, file: path, in_block, named_by: blamed }),
        Err(detail) => {
            lookup.errors.push(match blamed {
                Origin::Argument(argument) => ArgumentError::at(argument, SUMMARY, detail),
                other => ArgumentError::outside(SUMMARY, format!("{detail} {other} names it.")),
            });
            None
        }
    }
}

fn load(lookup: &Lookup<'_>, path: &str, name: Option<&str>) -> Result<(String, Content), String> {
    let text = lookup.environment.read(path).map_err(|error| {
        format!(
            "The file {path} cannot be read: {error}. It holds the profiles: have KooCLI write it, or name another as `shared_config_file` (or HW_SHARED_CONFIG_FILE)."
        )
    })?;
    let file: File = serde_json::from_slice(&text).map_err(|error| {
        format!(
            "The file {path} is no KooCLI configuration (line {}, column {}): it must be the JSON that `hcloud configure set` writes.",
            error.line(),
            error.column()
        )
    })?;
    let name = name.or(given(file.current.as_deref())).unwrap_or("default").to_owned();
    let mut profiles = file.profiles.unwrap_or_default();
    match profiles.iter().position(|profile| profile.name.as_deref() == Some(name.as_str())) {
        Some(position) => Ok((name, profiles.swap_remove(position))),
        None => {
            let known: Vec<&str> = profiles.iter().filter_map(|profile| profile.name.as_deref()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Err(format!("The file {path} has no profile {name:?}; it has: {known}."))
        }
    }
}

/// The access key of the profile, if it is the turn of the layer that names it.
pub(super) fn credentials(lookup: &mut Lookup<'_>, its_turn: bool) -> Found {
    const SUMMARY: &str = "Incomplete credentials";
    let Some(profile) = lookup.profile.as_ref().filter(|_| its_turn) else { return Ok(None) };
    let Some(ProfileKey { access_key, secret_key, security_token }) = profile.key() else {
        let detail = format!(
            "The profile {} is of mode SSO but holds no key (ssoAuth.stsToken): log in again with KooCLI.",
            profile.place()
        );
        lookup.blame_profile(SUMMARY, detail);
        return Err(Reported);
    };
    let parts = [access_key, secret_key, security_token].map(usable_secret);
    if parts.iter().all(Option::is_none) {
        return Ok(None);
    }
    let [Some(access_key), Some(secret_key), security_token] = parts else {
        let detail = format!(
            "The profile {} holds only half an access key: it needs accessKeyId and secretAccessKey.",
            profile.place()
        );
        lookup.blame_profile(SUMMARY, detail);
        return Err(Reported);
    };
    let place = Place::Profile { name: profile.name.clone(), file: profile.file.clone() };
    let source = CredentialSource::AccessKey {
        security_token_place: security_token.as_ref().map(|_| place.clone()),
        place,
    };
    Ok(Some(Base::Key { access_key, secret_key, security_token, source }))
}
