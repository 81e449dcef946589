//! Credentials that are simply given: an access key, permanent or temporary, or a token.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::time::Instant;

use super::Source;
use crate::error::Error;
use crate::request::cloud::Cloud;
use crate::request::credential::{Credential, Form};

/// An access key.
#[expect(clippy::struct_field_names, reason = "what the halves of an access key are called")]
pub(super) struct Key {
    pub(super) access_key: SecretString,
    pub(super) secret_key: SecretString,
    pub(super) security_token: Option<SecretString>,
    pub(super) name: Arc<str>,
}

#[async_trait]
impl Source for Key {
    async fn obtain(&self, _: &Cloud, _: &str, _: Option<Instant>) -> Result<Credential, Error> {
        let form = Form::Key {
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            security_token: self.security_token.clone(),
        };
        Ok(Credential::lasting(form, self.name()))
    }

    fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}

/// A token, sent as given.
pub(super) struct Token {
    pub(super) token: SecretString,
    pub(super) name: Arc<str>,
}

#[async_trait]
impl Source for Token {
    async fn obtain(&self, _: &Cloud, _: &str, _: Option<Instant>) -> Result<Credential, Error> {
        Ok(Credential::lasting(Form::Token(self.token.clone()), self.name()))
    }

    fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}
