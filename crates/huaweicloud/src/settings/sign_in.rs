//! Which credentials are used. They come whole from one layer: the block, else the environment, else the metadata
//! service; so a stale variable never completes an explicit key.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::Project;
use super::arguments::ArgumentError;
use super::lookup::{Lookup, Reported, given};
use super::profile::{self, Profile};
use super::roles::{self, Federation, Hop};
use crate::error::{CredentialSource, Place};

const TOKEN: [&str; 2] = ["HW_AUTH_TOKEN", "OS_AUTH_TOKEN"];
const ACCESS_KEY: [&str; 2] = ["HW_ACCESS_KEY", "OS_ACCESS_KEY"];
const SECURITY_TOKEN: [&str; 1] = ["HW_SECURITY_TOKEN"];
const PASSWORD: [&str; 2] = ["HW_USER_PASSWORD", "OS_PASSWORD"];

/// The base credential, and the agencies assumed on top of it.
pub(crate) struct SignIn {
    pub(crate) base: Base,
    pub(crate) hops: Vec<Hop>,
}

impl SignIn {
    /// The agencies that are assumed, in this order.
    pub(crate) fn agencies(&self) -> impl Iterator<Item = &Hop> {
        let federated = match &self.base {
            Base::Oidc(federation) => Some(&federation.hop),
            _ => None,
        };
        federated.into_iter().chain(&self.hops)
    }
}

/// Where the base credential comes from.
pub(crate) enum Base {
    Key {
        access_key: SecretString,
        secret_key: SecretString,
        security_token: Option<SecretString>,
        source: CredentialSource,
    },
    Token {
        token: SecretString,
        source: CredentialSource,
    },
    Password(Login),
    Oidc(Federation),
    Metadata,
}

/// A user and password.
pub(crate) struct Login {
    pub(crate) user: User,
    pub(crate) password: SecretString,
    /// The account, for the scope of the token.
    pub(crate) domain: Option<Domain>,
    pub(crate) source: Arc<CredentialSource>,
}

/// Who logs in.
pub(crate) enum User {
    /// A name, unique within the account.
    Name(String, Domain),
    Id(String),
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Domain {
    Id(String),
    Name(String),
}

impl Domain {
    /// The ID if both are given.
    pub(super) fn of(id: Option<&str>, name: Option<&str>) -> Option<Self> {
        let by_id = given(id).map(|id| Self::Id(id.to_owned()));
        by_id.or_else(|| given(name).map(|name| Self::Name(name.to_owned())))
    }
}

/// A layer's values, and what they are called in it.
struct Layer {
    token: Option<SecretString>,
    access_key: Option<SecretString>,
    secret_key: Option<SecretString>,
    security_token: Option<SecretString>,
    user_name: Option<String>,
    user_id: Option<String>,
    password: Option<SecretString>,
    home: Home,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Block,
    Environment,
}

/// The credentials of a layer, if it has any.
pub(super) type Found = Result<Option<Base>, Reported>;

pub(super) fn sign_in(lookup: &mut Lookup<'_>, project: &Project) -> Option<SignIn> {
    let base = base(lookup, project);
    let federated = matches!(base, Ok(Base::Oidc(_)));
    let hops = roles::hops(lookup, federated, agency_counts(lookup));
    let base = base.ok()?;
    if !hops.is_empty() && matches!(base, Base::Password(Login { domain: None, .. })) {
        // A project that is given is of the agency's account.
        let detail = "The token that an agency is assumed with is made for the region's own project, by its name, which is unique only within the account: set `domain_name` (or HW_DOMAIN_NAME, OS_DOMAIN_NAME) or `domain_id` (or HW_DOMAIN_ID, OS_DOMAIN_ID).";
        lookup.errors.push(ArgumentError::outside("Missing account", detail));
    }
    Some(SignIn { base, hops })
}

/// Whether an agency of the profile stands on the credentials: not where the block has its own and only the environment
/// names the profile.
fn agency_counts(lookup: &Lookup<'_>) -> bool {
    lookup.profile.as_ref().is_some_and(|profile| profile.in_block) || Layer::of_block(lookup).is_empty()
}

fn base(lookup: &mut Lookup<'_>, project: &Project) -> Result<Base, Reported> {
    let profile_in_block = lookup.profile.as_ref().is_some_and(|profile| profile.in_block);
    if let Some(base) = in_block(lookup, project)? {
        return Ok(base);
    }
    if let Some(base) = profile::credentials(lookup, profile_in_block)? {
        return Ok(base);
    }
    if let Some(base) = in_environment(lookup, project)? {
        return Ok(base);
    }
    Ok(profile::credentials(lookup, !profile_in_block)?.unwrap_or(Base::Metadata))
}

fn in_block(lookup: &mut Lookup<'_>, project: &Project) -> Found {
    if let Some(federation) = roles::in_block(lookup)? {
        return Ok(Some(Base::Oidc(federation)));
    }
    Layer::of_block(lookup).find(lookup, project)
}

fn in_environment(lookup: &mut Lookup<'_>, project: &Project) -> Found {
    if let Some(federation) = roles::in_environment(lookup)? {
        return Ok(Some(Base::Oidc(federation)));
    }
    Layer::of_environment(lookup).find(lookup, project)
}

impl Layer {
    fn of_block(lookup: &Lookup<'_>) -> Self {
        let arguments = lookup.arguments;
        let text = |value: &Option<String>| given(value.as_deref()).map(str::to_owned);
        Self {
            token: usable_secret(arguments.token.as_ref()),
            access_key: usable_secret(arguments.access_key.as_ref()),
            secret_key: usable_secret(arguments.secret_key.as_ref()),
            security_token: usable_secret(arguments.security_token.as_ref()),
            user_name: text(&arguments.user_name),
            user_id: text(&arguments.user_id),
            password: arguments.password.clone().filter(|password| !password.expose_secret().is_empty()),
            home: Home::Block,
        }
    }

    fn is_empty(&self) -> bool {
        let secrets = [&self.token, &self.access_key, &self.secret_key, &self.security_token, &self.password];
        secrets.iter().all(|secret| secret.is_none()) && self.user_name.is_none() && self.user_id.is_none()
    }

    fn of_environment(lookup: &mut Lookup<'_>) -> Self {
        let mut text = |names: &[&str]| lookup.variable(names).map(|given| given.value);
        let mut secret = |names: &[&str]| text(names).map(SecretString::from);
        Self {
            token: usable_secret(secret(&TOKEN).as_ref()),
            access_key: usable_secret(secret(&ACCESS_KEY).as_ref()),
            secret_key: usable_secret(secret(&["HW_SECRET_KEY", "OS_SECRET_KEY"]).as_ref()),
            security_token: usable_secret(secret(&SECURITY_TOKEN).as_ref()),
            password: secret(&PASSWORD),
            user_name: text(&["HW_USER_NAME", "OS_USERNAME"]),
            user_id: text(&["HW_USER_ID", "OS_USER_ID"]),
            home: Home::Environment,
        }
    }

    fn find(&self, lookup: &mut Lookup<'_>, project: &Project) -> Found {
        if let Some(token) = &self.token {
            let place = self.home.place("token", &TOKEN);
            let base = Base::Token { token: token.clone(), source: CredentialSource::Token(place) };
            return self.sendable(lookup, &[("token", token)], base);
        }
        let key = [&self.access_key, &self.secret_key, &self.security_token];
        if key.iter().any(|part| part.is_some()) {
            return self.key(lookup);
        }
        if self.password.is_some() || self.user_name.is_some() || self.user_id.is_some() {
            return self.login(lookup, project);
        }
        Ok(None)
    }

    fn key(&self, lookup: &mut Lookup<'_>) -> Found {
        let (Some(access_key), Some(secret_key)) = (&self.access_key, &self.secret_key) else {
            let missing = if self.access_key.is_none() { "access_key" } else { "secret_key" };
            let there = if self.access_key.is_some() {
                "access_key"
            } else if self.secret_key.is_some() {
                "secret_key"
            } else {
                "security_token"
            };
            return self.half(lookup, there, missing);
        };
        let security_token = self.security_token.as_ref();
        let source = CredentialSource::AccessKey {
            place: self.home.place("access_key", &ACCESS_KEY),
            security_token_place: security_token.map(|_| self.home.place("security_token", &SECURITY_TOKEN)),
        };
        let parts = [
            ("access_key", Some(access_key)),
            ("secret_key", Some(secret_key)),
            ("security_token", self.security_token.as_ref()),
        ];
        let parts: Vec<_> = parts.into_iter().filter_map(|(name, part)| Some((name, part?))).collect();
        let base = Base::Key {
            access_key: access_key.clone(),
            secret_key: secret_key.clone(),
            security_token: self.security_token.clone(),
            source,
        };
        self.sendable(lookup, &parts, base)
    }

    fn login(&self, lookup: &mut Lookup<'_>, project: &Project) -> Found {
        let user = match (&self.user_name, &self.user_id) {
            (Some(_), Some(_)) => {
                let [name, id] = ["user_name", "user_id"].map(|argument| self.home.call(argument));
                let detail = format!("{name} and {id} are both given. Leave one of them out.");
                lookup.errors.push(self.home.error("user_id", "Contradictory credentials", &detail));
                return Err(Reported);
            }
            (None, None) => return self.half(lookup, "password", "user_name"),
            (name, id) => {
                name.as_ref().map(|name| (true, name)).or_else(|| id.as_ref().map(|id| (false, id)))
            }
        };
        let Some((by_name, user)) = user else { return Ok(None) };
        let there = if by_name { "user_name" } else { "user_id" };
        let Some(password) = self.password.clone() else { return self.half(lookup, there, "password") };
        let domain = domain(lookup);
        let user = match (by_name, &domain) {
            (true, Some(domain)) => User::Name(user.clone(), domain.clone()),
            (false, Some(_)) => User::Id(user.clone()),
            (false, None) if project.id.is_some() => User::Id(user.clone()),
            (by_name, None) => {
                let why = if by_name {
                    "A user name is unique only within its account"
                } else {
                    "Without `project_id` a token is made for a project by name, which is unique only within its account"
                };
                let detail = format!(
                    "{why}: set `domain_name` (or HW_DOMAIN_NAME, OS_DOMAIN_NAME) or `domain_id` (or HW_DOMAIN_ID, OS_DOMAIN_ID)."
                );
                lookup.errors.push(self.home.error("domain_name", "Missing account", &detail));
                return Err(Reported);
            }
        };
        let source = Arc::new(CredentialSource::Password(self.home.place("password", &PASSWORD)));
        Ok(Some(Base::Password(Login { user, password, domain, source })))
    }

    /// Reports that one half is there and the other is not.
    fn half(&self, lookup: &mut Lookup<'_>, there: &'static str, missing: &'static str) -> Found {
        let (there_name, missing_name) = (self.home.call(there), self.home.call(missing));
        let detail = match self.home {
            Home::Block => format!(
                "{there_name} is set, but {missing_name} is not. Credentials are taken whole from one place, so the environment does not complete them: set both here, or neither and use the environment ({} and {}).",
                Home::Environment.call(there),
                Home::Environment.call(missing)
            ),
            Home::Environment => format!(
                "The environment has {there_name}, but not {missing_name}. Set both, or give credentials in the configuration ({} and {}).",
                Home::Block.call(there),
                Home::Block.call(missing)
            ),
        };
        lookup.errors.push(self.home.error(missing, "Incomplete credentials", &detail));
        Err(Reported)
    }

    /// Refuses secrets that cannot stand in a header, which is how they are sent.
    fn sendable(
        &self,
        lookup: &mut Lookup<'_>,
        parts: &[(&'static str, &SecretString)],
        base: Base,
    ) -> Found {
        let bad =
            parts.iter().find(|(_, secret)| !secret.expose_secret().bytes().all(|b| b.is_ascii_graphic()));
        let Some((argument, _)) = bad else { return Ok(Some(base)) };
        let detail = format!(
            "{} contains a space, a line break or another character that it cannot have. Copy it again.",
            self.home.call(argument)
        );
        lookup.errors.push(self.home.error(argument, "Invalid credentials", &detail));
        Err(Reported)
    }
}

impl Home {
    /// What an argument is called in this layer.
    fn call(self, argument: &str) -> String {
        let variables = match argument {
            "access_key" => "HW_ACCESS_KEY (or OS_ACCESS_KEY)",
            "secret_key" => "HW_SECRET_KEY (or OS_SECRET_KEY)",
            "security_token" => "HW_SECURITY_TOKEN",
            "token" => "HW_AUTH_TOKEN (or OS_AUTH_TOKEN)",
            "user_name" => "HW_USER_NAME (or OS_USERNAME)",
            "user_id" => "HW_USER_ID (or OS_USER_ID)",
            "password" => "HW_USER_PASSWORD (or OS_PASSWORD)",
            other => other,
        };
        if self == Self::Block { format!("`{argument}`") } else { variables.to_owned() }
    }

    fn place(self, argument: &'static str, variables: &'static [&'static str]) -> Place {
        match self {
            Self::Block => Place::Block(argument),
            Self::Environment => Place::Environment(variables),
        }
    }

    fn error(self, argument: &'static str, summary: &'static str, detail: &str) -> ArgumentError {
        match self {
            Self::Block => ArgumentError::at(argument, summary, detail),
            Self::Environment => ArgumentError::outside(summary, detail),
        }
    }
}

fn domain(lookup: &mut Lookup<'_>) -> Option<Domain> {
    const IDS: [&str; 4] = ["HW_DOMAIN_ID", "OS_DOMAIN_ID", "OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID"];
    const NAMES: [&str; 4] =
        ["HW_DOMAIN_NAME", "OS_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_PROJECT_DOMAIN_NAME"];
    let explicit = Domain::of(lookup.arguments.domain_id.as_deref(), lookup.arguments.domain_name.as_deref());
    explicit
        .or_else(|| lookup.variable(&IDS).map(|given| Domain::Id(given.value)))
        .or_else(|| lookup.variable(&NAMES).map(|given| Domain::Name(given.value)))
        .or_else(|| lookup.in_profile(Profile::domain_id).map(|given| Domain::Id(given.value)))
}

/// A secret without the line break that files and copies leave at its end; `None` when nothing is left.
pub(super) fn usable_secret(secret: Option<&SecretString>) -> Option<SecretString> {
    let text = secret?.expose_secret().trim();
    (!text.is_empty()).then(|| text.into())
}
