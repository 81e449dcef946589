//! The credentials of one layer: the block, the environment or a profile. An incomplete credential is an error, never
//! completed from another layer.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::arguments::{ArgumentError, Arguments};
use super::catalog::{
    ACCESS_KEY, Argument, DOMAIN_ID, DOMAIN_NAME, PASSWORD, SECRET_KEY, SECURITY_TOKEN, TOKEN, USER_ID,
    USER_NAME,
};
use super::given::{AlreadyReported, ProfileName, ValueSource, usable_secret};
use super::lookup::Lookup;
use super::profile::Profile;
use super::sign_in::{Base, Domain, Login, User};
use crate::error::{CredentialSource, Place};

/// A layer's values.
pub(super) struct Layer {
    home: Home,
    /// Token, access key, secret key and security token.
    keys: [Option<SecretString>; 4],
    /// Password, user name and user ID.
    login: [Option<SecretString>; 3],
    /// Whether an access key of unusual form is reported as encrypted.
    says_encrypted: bool,
}

/// The layers.
#[derive(Clone, PartialEq, Eq)]
enum Home {
    Block,
    Environment,
    Profile(Arc<ProfileName>),
}

/// The credentials of a layer, if it has any.
pub(super) type Found = Result<Option<Base>, AlreadyReported>;

/// Context that a user needs from outside the layer: the account, and whether the project's ID is known.
pub(super) struct Account {
    /// An error if a profile that cannot be read may contain it.
    pub(super) domain: Result<Option<Domain>, AlreadyReported>,
    pub(super) has_project_id: bool,
}

impl Layer {
    fn new(home: Home, keys: [Option<SecretString>; 4], login: [Option<SecretString>; 3]) -> Self {
        let keys = keys.map(|key| usable_secret(key.as_ref()));
        let login = login.map(|part| part.filter(|part| !part.expose_secret().is_empty()));
        Self { home, keys, login, says_encrypted: false }
    }

    pub(super) fn of_block(arguments: &Arguments) -> Self {
        let Arguments { token, access_key, secret_key, security_token, user_name, user_id, password, .. } =
            arguments.clone();
        let login = [password, user_name.map(Into::into), user_id.map(Into::into)];
        Self::new(Home::Block, [token, access_key, secret_key, security_token], login)
    }

    pub(super) fn of_environment(lookup: &mut Lookup<'_>) -> Self {
        let mut value = |argument: Argument| Some(lookup.variable(argument.variables)?.value.into());
        let keys = [TOKEN, ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN].map(&mut value);
        Self::new(Home::Environment, keys, [PASSWORD, USER_NAME, USER_ID].map(value))
    }

    pub(super) fn of_profile(profile: &Profile) -> Self {
        let home = Home::Profile(Arc::clone(&profile.name));
        let layer = Self::new(home, profile.secrets(), [None, None, None]);
        Self { says_encrypted: profile.says_encrypted, ..layer }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.iter().chain(&self.login).all(Option::is_none)
    }

    pub(super) fn find(&self, lookup: &mut Lookup<'_>, account: &Account) -> Found {
        match self.keys.clone() {
            _ if self.is_empty() => Ok(None),
            [Some(token), ..] => {
                self.check(lookup, [(TOKEN, &token)])?;
                let source = CredentialSource::Token(self.home.place(TOKEN));
                Ok(Some(Base::Token { token, source }))
            }
            [None, None, None, None] => self.login(lookup, account),
            [None, Some(access_key), Some(secret_key), security_token] => {
                self.key(lookup, access_key, secret_key, security_token)
            }
            [None, Some(_), None, _] => self.half(lookup, ACCESS_KEY, SECRET_KEY),
            [None, None, Some(_), _] => self.half(lookup, SECRET_KEY, ACCESS_KEY),
            [None, None, None, Some(_)] => self.half(lookup, SECURITY_TOKEN, ACCESS_KEY),
        }
    }

    fn key(
        &self,
        lookup: &mut Lookup<'_>,
        access_key: SecretString,
        secret_key: SecretString,
        security_token: Option<SecretString>,
    ) -> Found {
        let keys = [&access_key, &secret_key].into_iter().chain(&security_token);
        self.check(lookup, [ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN].into_iter().zip(keys))?;
        if self.says_encrypted && !is_plain(&access_key, &secret_key) {
            let detail = format!(
                "{} is encrypted (`authEncrypt`), and only KooCLI can decrypt it. To store it unencrypted, run `hcloud configure set --cli-auth-encrypt=false`, then set the keys again with `hcloud configure set`.",
                self.home.name(ACCESS_KEY)
            );
            return Err(self.report(lookup, ACCESS_KEY, "Encrypted credentials", detail));
        }
        if matches!(self.home, Home::Environment)
            && security_token.is_none()
            && let Some(near) = lookup.near_misses(&[SECURITY_TOKEN])
        {
            let detail = format!("{near} A temporary access key is not accepted without its security token.");
            lookup.warnings.push(ArgumentError::outside("Security token without effect", detail));
        }
        let source = CredentialSource::AccessKey {
            place: self.home.place(ACCESS_KEY),
            security_token_place: security_token.as_ref().map(|_| self.home.place(SECURITY_TOKEN)),
        };
        Ok(Some(Base::Key { access_key, secret_key, security_token, source }))
    }

    fn login(&self, lookup: &mut Lookup<'_>, account: &Account) -> Found {
        let [password, name, id] = self.login.clone();
        let (argument, user) = match (name, id) {
            (Some(_), Some(_)) => {
                let [name, id] = [USER_NAME, USER_ID].map(|argument| self.home.call(argument));
                let detail = format!("{name} and {id} are both set. Remove one of them.");
                let summary = "Conflicting credentials";
                if matches!(self.home, Home::Block) {
                    lookup.errors.push(ArgumentError::at(USER_ID.name, summary, detail).of_conflict());
                    return Err(AlreadyReported);
                }
                return Err(self.report(lookup, USER_ID, summary, detail));
            }
            (None, None) => return self.half(lookup, PASSWORD, USER_NAME),
            (Some(name), None) => (USER_NAME, name),
            (None, Some(id)) => (USER_ID, id),
        };
        let Some(password) = password else { return self.half(lookup, argument, PASSWORD) };
        let user = user.expose_secret().to_owned();
        let domain = account.domain.clone()?;
        let by_name = argument == USER_NAME;
        let user = match &domain {
            Some(domain) if by_name => User::Name(user, domain.clone()),
            None if by_name || !account.has_project_id => {
                let why = if by_name {
                    "A user name is unique only within its account"
                } else {
                    "Without `project_id` a token is issued for a project by name, which is unique only within its account"
                };
                let detail = format!("{why}: set {DOMAIN_NAME} or {DOMAIN_ID}.");
                return Err(self.report(lookup, DOMAIN_NAME, "Missing account", detail));
            }
            _ => User::Id(user),
        };
        let source = Arc::new(CredentialSource::Password(self.home.place(PASSWORD)));
        Ok(Some(Base::Password(Login { user, password, domain, source })))
    }

    /// Reports that one half of a credential is set and the other is missing.
    fn half(&self, lookup: &mut Lookup<'_>, there: Argument, missing: Argument) -> Found {
        let (set, unset) = (self.home.call(there), self.home.call(missing));
        let detail = match &self.home {
            Home::Block => format!(
                "{set} is set, but {unset} is not. Credentials are never completed from another source: set both here, or neither and use the environment ({} and {}).",
                there.of_environment(),
                missing.of_environment()
            ),
            Home::Environment => {
                let near = lookup.near_misses(&[missing]).map(|near| format!(" {near}"));
                format!(
                    "The environment has {set}, but not {unset}.{} Set both, or set credentials in the configuration (`{}` and `{}`).",
                    near.unwrap_or_default(),
                    there.name,
                    missing.name
                )
            }
            Home::Profile(profile) => {
                format!("In {profile}, {set} is set, but {unset} is not. An access key needs both.")
            }
        };
        Err(self.report(lookup, missing, "Incomplete credentials", detail))
    }

    /// Rejects malformed secrets, so that nothing is sent that would count as a failed attempt.
    fn check<'a>(
        &self,
        lookup: &mut Lookup<'_>,
        secrets: impl IntoIterator<Item = (Argument, &'a SecretString)>,
    ) -> Result<(), AlreadyReported> {
        for (argument, secret) in secrets {
            if let Some(fault) = fault(secret.expose_secret()) {
                let detail = format!("{} {fault}.", self.home.name(argument));
                return Err(self.report(lookup, argument, "Invalid credentials", detail));
            }
        }
        Ok(())
    }

    fn report(
        &self,
        lookup: &mut Lookup<'_>,
        argument: Argument,
        summary: &'static str,
        detail: String,
    ) -> AlreadyReported {
        match &self.home {
            Home::Block => lookup.blame(&ValueSource::Argument(argument.name), summary, detail),
            Home::Environment => lookup.errors.push(ArgumentError::outside(summary, detail)),
            Home::Profile(profile) => lookup.blame(&profile.named_by, summary, detail),
        }
        AlreadyReported
    }
}

impl Home {
    /// Formats the name of an argument in this layer.
    fn call(&self, argument: Argument) -> String {
        match self {
            Self::Block => format!("`{}`", argument.name),
            Self::Environment => argument.of_environment(),
            Self::Profile(_) => format!("`{}`", argument.in_profile.unwrap_or(argument.name)),
        }
    }

    /// Formats the name for a sentence that does not mention the layer.
    fn name(&self, argument: Argument) -> String {
        match self {
            Self::Profile(profile) => format!("{} of {profile}", self.call(argument)),
            _ => self.call(argument),
        }
    }

    fn place(&self, argument: Argument) -> Place {
        match self {
            Self::Block => Place::Block(argument.name),
            Self::Environment => Place::Environment(argument.variables),
            Self::Profile(profile) => {
                Place::Profile { name: profile.name.clone(), file: profile.file.clone() }
            }
        }
    }
}

/// Returns why a text is not a valid key or token, if it is not.
pub(crate) fn fault(secret: &str) -> Option<&'static str> {
    let is_enclosed = |by: char| secret.len() > 1 && secret.starts_with(by) && secret.ends_with(by);
    if is_enclosed('"') || is_enclosed('\'') {
        Some("is enclosed in quotes, which are not part of it. Remove them")
    } else if secret.starts_with('$') || is_enclosed('%') {
        Some("is the name of a variable ($NAME or %NAME%) instead of its value. Set it to the value")
    } else if secret.starts_with('{') {
        Some("is a JSON object. Set it to the value alone")
    } else if !secret.bytes().all(|b| b.is_ascii_graphic()) {
        Some("contains whitespace or another invalid character. Copy it again")
    } else {
        None
    }
}

/// Whether a key has the form of plain text, rather than of a cipher text: 20 capital letters and digits, and 40
/// characters, with a margin for the keys of other clouds.
fn is_plain(access_key: &SecretString, secret_key: &SecretString) -> bool {
    let (access_key, secret_key) = (access_key.expose_secret(), secret_key.expose_secret());
    let capital = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    access_key.len() <= 40 && access_key.bytes().all(capital) && secret_key.len() <= 64
}
