//! How the metadata service of the instance that the client pretends to run on is set up.

use serde::Deserialize;

/// The metadata service's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metadata {
    /// What it answers to.
    pub mode: MetadataMode,
    /// The name of the account whose temporary keys it hands out.
    pub account: String,
}

/// What the metadata service answers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MetadataMode {
    /// Reads need a token that was put first.
    #[default]
    V2Required,
    /// There are no tokens: a put is answered 404, and reads need nothing.
    V1Only,
    /// Tokens are given, and checked where they are sent, but reads do without.
    Either,
    /// The instance has no agency: tokens are given, reads are answered 401 with the advice to configure one.
    NoAgency,
    /// Everything is answered 403.
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
