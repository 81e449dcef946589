//! Sources of credentials: their description in errors, and the advice that errors give.

use std::fmt;
use std::sync::Arc;

/// The source of a credential. Its `Display` form is the one used in errors, such as "the access key from the
/// environment (`HW_ACCESS_KEY`)".
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialSource {
    /// A configured access key, permanent or temporary.
    AccessKey {
        /// Where the key was configured.
        place: Place,
        /// Where its security token was configured; `None` for a key without one.
        security_token_place: Option<Place>,
    },
    /// An existing IAM token.
    Token(Place),
    /// A user's password, and the tokens obtained with it.
    Password(Place),
    /// An OpenID Connect ID token, and what IAM returns for it before the agency is assumed.
    IdToken {
        /// Identity provider registered with IAM.
        identity_provider: String,
    },
    /// The temporary access key that the metadata service returns for the agency of this server.
    Metadata,
    /// The temporary access key of an agency.
    Agency {
        /// Name of the agency.
        name: String,
        /// The credential with which the agency is assumed.
        below: Arc<Self>,
    },
}

/// Where a credential was configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the configuration, in this argument.
    Block(&'static str),
    /// In the first of these environment variables that is set.
    Environment(&'static [&'static str]),
    /// In a profile of a `KooCLI` configuration file.
    Profile {
        /// Name of the profile.
        name: String,
        /// Path of the file.
        file: String,
    },
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessKey { place, .. } => write!(f, "the access key {place}"),
            Self::Token(place) => write!(f, "the token {place}"),
            Self::Password(place) => write!(f, "the password {place}"),
            Self::IdToken { identity_provider } => {
                write!(f, "the OpenID Connect token of the identity provider {identity_provider}")
            }
            Self::Metadata => {
                f.write_str("the temporary access key of this server's agency (metadata service)")
            }
            Self::Agency { name, below } => write!(f, "the agency {name} assumed with {below}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(argument) => write!(f, "of the configuration (`{argument}`)"),
            Self::Environment(variables) => write!(f, "from the environment ({})", variables.join(" or ")),
            Self::Profile { name, file } => write!(f, "of the profile {name:?} in {file}"),
        }
    }
}
