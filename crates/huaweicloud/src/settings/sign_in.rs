//! Who signs in, and how: what the settings decide and the credential sources carry out.

use std::sync::Arc;

use secrecy::SecretString;

use super::given::given;
use crate::error::CredentialSource;

/// The base credential, and the agencies assumed on top of it.
pub(crate) struct SignIn {
    pub(crate) base: Base,
    pub(crate) hops: Vec<Hop>,
    /// The account of the base credential, as configured.
    pub(crate) domain: Option<Domain>,
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
    Metadata(WhyMetadata),
}

/// Why the metadata service is asked.
pub(crate) struct WhyMetadata {
    /// A sentence without its full stop, for errors.
    pub(crate) reason: String,
    /// Sentences about what was meant to be used instead.
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

/// One agency to assume.
pub(crate) struct Hop {
    pub(crate) agency: String,
    /// The account that delegates; its form selects the API.
    pub(crate) domain: Domain,
    /// Lifetime of the temporary key in seconds.
    pub(crate) duration: Option<u64>,
    /// What a trust agency demands of those who assume it through the STS.
    pub(crate) external_id: Option<String>,
}

/// An agency to assume with an `OpenID` Connect token.
pub(crate) struct Federation {
    pub(crate) idp_id: String,
    pub(crate) token: IdToken,
    pub(crate) hop: Hop,
}

/// Where the token is.
pub(crate) enum IdToken {
    Text(SecretString),
    /// Read anew for each exchange.
    File(String),
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

impl Base {
    /// Whether it is obtained, or was issued, for a limited time.
    pub(super) fn is_temporary(&self) -> bool {
        !matches!(self, Self::Key { security_token: None, .. })
    }
}

impl Domain {
    /// The ID if both are given.
    pub(super) fn of(id: Option<&str>, name: Option<&str>) -> Option<Self> {
        let by_id = given(id).map(|id| Self::Id(id.to_owned()));
        by_id.or_else(|| given(name).map(|name| Self::Name(name.to_owned())))
    }
}
