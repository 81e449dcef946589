//! Credentials of requests.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use secrecy::SecretString;

use super::guard::Guard;
use crate::error::{CredentialSource, Error, Hidden};
use crate::sync::lock;

/// Maximum time before expiry at which a credential is renewed.
const AHEAD: Duration = Duration::from_mins(10);

/// Proof of identity for the gateway.
#[derive(Clone)]
pub(crate) enum Form {
    /// An access key, which signs requests.
    Key { access_key: SecretString, secret_key: SecretString, security_token: Option<SecretString> },
    /// A token, sent with the request.
    Token(SecretString),
}

/// An identity that requests are made with: supplies the current credential.
#[async_trait]
pub(crate) trait Bearer: Send + Sync {
    /// Returns the credential, obtained or renewed if needed.
    async fn credential(&self) -> Result<Arc<Credential>, Error>;
}

/// A credential in use, with the guard that keeps it from being locked.
pub(crate) struct Credential {
    pub(crate) form: Form,
    pub(crate) source: Arc<CredentialSource>,
    /// The project it is limited to, if its source returned one.
    pub(crate) project_id: Option<String>,
    pub(crate) guard: Guard,
    /// Values to mask in server messages, shared with each response.
    pub(crate) hidden: Arc<[Hidden]>,
    /// Expiry, if known.
    pub(crate) expires_at: Option<SystemTime>,
    renew_at: Mutex<Option<SystemTime>>,
}

impl Credential {
    /// Creates a credential without an expiry.
    pub(crate) fn lasting(form: Form, source: Arc<CredentialSource>) -> Self {
        Self {
            hidden: form.hidden().into(),
            form,
            source,
            project_id: None,
            guard: Guard::default(),
            expires_at: None,
            renew_at: Mutex::new(None),
        }
    }

    /// Limits the credential to a remaining lifetime, if that is known. It is renewed ten minutes before its end, or in
    /// the last quarter of a short lifetime.
    pub(crate) fn expiring(self, now: SystemTime, life: Option<Duration>) -> Self {
        let expires_at = life.and_then(|life| now.checked_add(life));
        let renew_at = life.and_then(|life| now.checked_add(life.saturating_sub(AHEAD.min(life / 4))));
        Self { expires_at, renew_at: Mutex::new(renew_at), ..self }
    }

    /// Whether it can be used without a renewal.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> bool {
        lock(&self.renew_at).is_none_or(|renew_at| now < renew_at)
    }

    /// Whether it is still valid, even if due for renewal.
    pub(crate) fn is_alive(&self, now: SystemTime) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    /// Postpones a renewal that has just failed, but not beyond the expiry.
    pub(crate) fn postpone(&self, until: SystemTime) {
        let until = self.expires_at.map_or(until, |expires_at| expires_at.min(until));
        *lock(&self.renew_at) = Some(until);
    }
}

impl Form {
    fn hidden(&self) -> Vec<Hidden> {
        match self {
            Self::Key { access_key, secret_key, security_token } => {
                let secrets = [Some(secret_key), security_token.as_ref()].into_iter().flatten();
                secrets.cloned().map(Hidden::Secret).chain([Hidden::AccessKey(access_key.clone())]).collect()
            }
            Self::Token(token) => vec![Hidden::Secret(token.clone())],
        }
    }
}
