//! Settings of the metadata service of the server that the client appears to run on.

use serde::Deserialize;

/// The metadata service's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metadata {
    /// How it responds to requests.
    pub mode: MetadataMode,
    /// The name of the account whose temporary keys it issues.
    pub account: String,
}

/// How the metadata service responds to requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MetadataMode {
    /// Reads require a token that was requested with PUT first.
    #[default]
    V2Required,
    /// Tokens are not supported: PUT returns 404, and reads require no token.
    V1Only,
    /// Tokens are issued, and checked if sent, but reads do not require them.
    Either,
    /// The instance has no agency: tokens are issued, reads return 401 with the advice to configure one.
    NoAgency,
    /// Every request returns 403.
    Refusing,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            mode: MetadataMode::default(),
            account: crate::cloud::estate::defaults::ids::ACCOUNT.to_owned(),
        }
    }
}
