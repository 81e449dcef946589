//! Identities that requests are made with: one file per way to obtain a credential, all behind [`Source`].

mod account;
mod account_token;
mod assume_role;
mod body;
mod expiry;
mod fixed;
mod identity;
mod metadata;
mod oidc;
mod password;
mod renewing;
mod temporary_key;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;

pub(crate) use identity::Identity;

use crate::error::{CredentialSource, Error};
use crate::request::cloud::Cloud;
use crate::request::credential::Credential;
use crate::scope::Scope;

/// A way to obtain a credential.
#[async_trait]
pub(crate) trait Source: Send + Sync {
    /// Obtains a credential for a region. Called once per lifetime of a credential, for all callers.
    async fn obtain(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Credential, Error>;

    /// Describes the credential, before anything is obtained.
    fn source(&self) -> Arc<CredentialSource>;

    /// Whether a credential is valid in one region only.
    fn is_regional(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
