//! The resolved identity: chosen by the settings, used by the credential sources.

use std::sync::Arc;

use secrecy::SecretString;

use super::given::given;
use crate::error::CredentialSource;

/// The base credential, and the agencies assumed on top of it.
pub(crate) struct SignIn {
    pub(crate) base: Base,
    pub(crate) hops: Vec<Hop>,
    /// The configured account of the base credential.
    pub(crate) domain: Option<Domain>,
}

/// Source of the base credential.
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
    Metadata(WhyMetadata),
}

/// Why the metadata service is used.
pub(crate) struct WhyMetadata {
    /// A sentence without its full stop, for errors.
    pub(crate) reason: String,
    /// Sentences about the credentials that the user probably intended.
    pub(crate) hint: Option<String>,
}

/// A user and password.
pub(crate) struct Login {
    pub(crate) user: User,
    pub(crate) password: SecretString,
    /// The account, for the scope of the token.
    pub(crate) domain: Option<Domain>,
    pub(crate) source: Arc<CredentialSource>,
}

/// The user who logs in.
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

/// One agency to assume.
pub(crate) struct Hop {
    pub(crate) agency: String,
    /// The delegating account; its form selects the API.
    pub(crate) domain: Domain,
    /// Lifetime of the temporary key in seconds.
    pub(crate) duration: Option<u64>,
    /// External ID that a trust agency requires in requests through STS.
    pub(crate) external_id: Option<String>,
}

/// An agency to assume with an `OpenID` Connect token.
pub(crate) struct Federation {
    pub(crate) idp_id: String,
    pub(crate) token: IdToken,
    pub(crate) hop: Hop,
}

/// Location of the token.
pub(crate) enum IdToken {
    Text(SecretString),
    /// Read again for each exchange.
    File(String),
}

impl SignIn {
    /// Returns the agencies to assume, in this order.
    pub(crate) fn agencies(&self) -> impl Iterator<Item = &Hop> {
        let federated = match &self.base {
            Base::Oidc(federation) => Some(&federation.hop),
            _ => None,
        };
        federated.into_iter().chain(&self.hops)
    }
}

impl Base {
    /// Whether it is obtained, or was issued, for a limited time.
    pub(super) fn is_temporary(&self) -> bool {
        !matches!(self, Self::Key { security_token: None, .. })
    }
}

impl Domain {
    /// Returns the ID if both are set.
    pub(super) fn of(id: Option<&str>, name: Option<&str>) -> Option<Self> {
        let by_id = given(id).map(|id| Self::Id(id.to_owned()));
        by_id.or_else(|| given(name).map(|name| Self::Name(name.to_owned())))
    }
}
