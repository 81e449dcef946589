//! What a request is made with.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use secrecy::SecretString;

use super::guard::Guard;
use crate::error::masking::Hidden;
use crate::error::{CredentialSource, Error};
use crate::sync::lock;

/// The longest that a credential is renewed ahead of its expiry.
const AHEAD: Duration = Duration::from_mins(10);

/// What proves an identity to the gateway.
pub(crate) enum Form {
    /// Signs requests.
    Key { access_key: SecretString, secret_key: SecretString, security_token: Option<SecretString> },
    /// Is sent along.
    Token(SecretString),
}

/// Whoever requests are made as: supplies the credential of the moment.
#[async_trait]
pub(crate) trait Bearer: Send + Sync {
    /// The credential, obtained or renewed if need be.
    async fn credential(&self) -> Result<Arc<Credential>, Error>;
}

/// A credential in use, with the guard that keeps it from being locked.
pub(crate) struct Credential {
    pub(crate) form: Form,
    pub(crate) source: Arc<CredentialSource>,
    /// The project it is limited to, when its source told.
    pub(crate) project_id: Option<String>,
    pub(crate) guard: Guard,
    expires_at: Option<SystemTime>,
    renew_at: Mutex<Option<SystemTime>>,
}

impl Credential {
    /// A credential without an end.
    pub(crate) fn lasting(form: Form, source: Arc<CredentialSource>) -> Self {
        Self {
            form,
            source,
            project_id: None,
            guard: Guard::default(),
            expires_at: None,
            renew_at: Mutex::new(None),
        }
    }

    /// A credential that lives on for `life`. It is renewed ten minutes before its end, or in the last quarter of a short
    /// life.
    pub(crate) fn expiring(
        form: Form,
        source: Arc<CredentialSource>,
        now: SystemTime,
        life: Duration,
    ) -> Self {
        let expires_at = now.checked_add(life);
        let renew_at = now.checked_add(life.saturating_sub(AHEAD.min(life / 4)));
        Self { expires_at, renew_at: Mutex::new(renew_at), ..Self::lasting(form, source) }
    }

    /// The same, limited to a project.
    pub(crate) fn of_project(self, project_id: Option<String>) -> Self {
        Self { project_id, ..self }
    }

    /// When it ends, if that is known.
    pub(crate) fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// Whether it can be used without asking for a new one.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> bool {
        lock(&self.renew_at).is_none_or(|renew_at| now < renew_at)
    }

    /// Whether it still works, fresh or not.
    pub(crate) fn is_alive(&self, now: SystemTime) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    /// Puts off the renewal that has just failed, not beyond the end.
    pub(crate) fn postpone(&self, until: SystemTime) {
        let until = self.expires_at.map_or(until, |expires_at| expires_at.min(until));
        *lock(&self.renew_at) = Some(until);
    }

    /// What must be masked in a server's words.
    pub(crate) fn hidden(&self) -> Vec<Hidden<'_>> {
        match &self.form {
            Form::Key { access_key, secret_key, security_token } => {
                let secrets = [Some(secret_key), security_token.as_ref()].into_iter().flatten();
                secrets.map(Hidden::Secret).chain([Hidden::AccessKey(access_key)]).collect()
            }
            Form::Token(token) => vec![Hidden::Secret(token)],
        }
    }
}
