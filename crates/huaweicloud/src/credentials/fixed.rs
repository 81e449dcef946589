//! Static credentials: an access key, permanent or temporary, or a token.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::Source;
use crate::error::{CredentialSource, Error};
use crate::request::cloud::Cloud;
use crate::request::credential::{Credential, Form};
use crate::scope::Scope;

/// An access key.
#[expect(clippy::struct_field_names, reason = "what the halves of an access key are called")]
pub(super) struct Key {
    pub(super) access_key: SecretString,
    pub(super) secret_key: SecretString,
    pub(super) security_token: Option<SecretString>,
    pub(super) source: Arc<CredentialSource>,
}

#[async_trait]
impl Source for Key {
    async fn obtain(&self, _: &Cloud, _: Scope<'_>) -> Result<Credential, Error> {
        let form = Form::Key {
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            security_token: self.security_token.clone(),
        };
        Ok(Credential::lasting(form, self.source()))
    }

    fn source(&self) -> Arc<CredentialSource> {
        Arc::clone(&self.source)
    }
}

/// A token, sent unchanged.
pub(super) struct Token {
    pub(super) token: SecretString,
    pub(super) source: Arc<CredentialSource>,
}

#[async_trait]
impl Source for Token {
    async fn obtain(&self, _: &Cloud, _: Scope<'_>) -> Result<Credential, Error> {
        Ok(Credential::lasting(Form::Token(self.token.clone()), self.source()))
    }

    fn source(&self) -> Arc<CredentialSource> {
        Arc::clone(&self.source)
    }
}
