//! Identities that requests are made with: the ways to obtain a credential, all behind [`Source`].

mod account;
mod assume_role;
mod body;
mod identity;
mod metadata;
mod oidc;
mod renewing;
mod temporary_key;
mod tokens;

use async_trait::async_trait;

pub(crate) use identity::Identity;

use crate::error::Error;
use crate::request::{Credential, Form};
use renewing::Held;

/// A way to obtain a credential.
#[async_trait]
pub(crate) trait Source: Send + Sync {
    /// Obtains a credential for the region and within the deadline of `held`. Called once per lifetime of a credential,
    /// for all callers.
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error>;
}

/// Static credentials: an access key, permanent or temporary, or a token that is sent unchanged.
#[async_trait]
impl Source for Form {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        Ok(Credential::lasting(self.clone(), held.described()))
    }
}

#[cfg(test)]
mod tests;
