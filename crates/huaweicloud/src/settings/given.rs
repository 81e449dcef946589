//! Values of arguments, and their sources.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::catalog::Argument;
use crate::error::text::tidy;

/// An error that has already been collected.
#[derive(Clone, Copy, Debug)]
pub(super) struct AlreadyReported;

/// A value and its source.
pub(super) struct Given {
    pub(super) value: String,
    pub(super) source: ValueSource,
}

/// The source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueSource {
    Argument(&'static str),
    /// The key of this service in `endpoints`.
    Endpoint(&'static str),
    Variable(String),
    Profile(Arc<ProfileName>),
}

/// The name and file of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProfileName {
    pub(super) name: String,
    pub(super) file: String,
    /// The source that names the profile; errors in the profile refer to it.
    pub(super) named_by: ValueSource,
}

impl Given {
    /// Formats the value for messages; `None` if it may hold a secret: PEM text, or a URL with a user or a query.
    pub(super) fn shown(&self) -> Option<String> {
        let may_hold_secret = self.value.contains(['@', '?']) || self.value.contains("-----BEGIN");
        (!may_hold_secret).then(|| tidy(&self.value)).flatten()
    }
}

impl ValueSource {
    /// Formats its name for use within a sentence.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Argument(name) => format!("`{name}`"),
            Self::Endpoint(key) => format!("the endpoint `{key}`"),
            Self::Variable(name) => name.clone(),
            Self::Profile(profile) => profile.to_string(),
        }
    }

    pub(super) fn is_argument(&self) -> bool {
        matches!(self, Self::Argument(_))
    }
}

impl fmt::Display for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(f, "`{name}`"),
            Self::Endpoint(key) => write!(f, "The endpoint `{key}`"),
            Self::Variable(name) => write!(f, "The environment variable {name}"),
            Self::Profile(profile) => write!(f, "The value in {profile}"),
        }
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the profile {:?} in {}", self.name, self.file)
    }
}

/// Returns an explicit value; the empty string counts as omitted, as in the official provider.
pub(super) fn given(explicit: Option<&str>) -> Option<&str> {
    explicit.filter(|value| !value.is_empty())
}

/// Returns an explicit value and its argument.
pub(super) fn explicit(argument: Argument, value: Option<&str>) -> Option<Given> {
    let value = given(value)?.to_owned();
    Some(Given { value, source: ValueSource::Argument(argument.name) })
}

/// Returns a secret without the line break that files and copies leave at its end; `None` if nothing is left.
pub(super) fn usable_secret(secret: Option<&SecretString>) -> Option<SecretString> {
    let text = secret?.expose_secret().trim();
    (!text.is_empty()).then(|| text.into())
}
