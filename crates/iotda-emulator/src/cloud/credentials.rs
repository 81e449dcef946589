//! Valid keys and tokens, and the locks on keys that failed too often.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::hex::hex;

/// Number of consecutive failures that lock an access key.
const FAILURES_TO_LOCK: u32 = 5;
const LOCKED_FOR: Duration = Duration::minutes(5);

#[derive(Debug, Default)]
pub(crate) struct Key {
    pub(crate) secret: String,
    pub(crate) account_id: String,
    /// How a temporary key was issued.
    pub(crate) session: Option<TemporaryKey>,
    /// Number of failures since the last success.
    pub(crate) failures: u32,
    locked_until: Option<OffsetDateTime>,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) account_id: String,
    pub(crate) user: Option<(String, String)>,
    pub(crate) scope: Scope,
    pub(crate) expires_at: OffsetDateTime,
}

/// The scope of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Project(String),
    Domain,
    Unscoped,
}

/// A temporary key as issued.
#[derive(Clone, Debug)]
pub(crate) struct TemporaryKey {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) security_token: String,
    pub(crate) expires_at: OffsetDateTime,
}

#[derive(Debug, Default)]
pub(crate) struct Credentials {
    /// By their ids.
    pub(crate) keys: HashMap<String, Key>,
    tokens: HashMap<String, Token>,
    metadata_tokens: HashMap<String, OffsetDateTime>,
    issued: u64,
    /// The lifetime of everything issued from now on, set by tests that cannot wait.
    pub(crate) lifetime: Option<Duration>,
}

impl Key {
    pub(crate) fn permanent(secret: &str, account_id: &str) -> Self {
        Self { secret: secret.to_owned(), account_id: account_id.to_owned(), ..Self::default() }
    }

    pub(crate) fn is_locked(&self, now: OffsetDateTime) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    pub(crate) fn failed(&mut self, now: OffsetDateTime) {
        self.failures += 1;
        if self.failures >= FAILURES_TO_LOCK {
            self.failures = 0;
            self.locked_until = Some(now + LOCKED_FOR);
        }
    }
}

impl Credentials {
    pub(crate) fn token(&self, id: &str, now: OffsetDateTime) -> Option<&Token> {
        self.tokens.get(id).filter(|token| now < token.expires_at)
    }

    pub(crate) fn issue_key(
        &mut self,
        account_id: &str,
        now: OffsetDateTime,
        life: Duration,
    ) -> TemporaryKey {
        let issued = TemporaryKey {
            access_key: format!("HST{}", self.secret("access", 17).to_uppercase()),
            secret_key: self.secret("secret", 40),
            security_token: format!("ST+{}/=", self.secret("token", 64)),
            expires_at: now + self.lifetime.unwrap_or(life),
        };
        let key = Key { session: Some(issued.clone()), ..Key::permanent(&issued.secret_key, account_id) };
        self.keys.insert(issued.access_key.clone(), key);
        issued
    }

    /// Issues a token with the usual lifetime, or until the given time if that is sooner.
    pub(crate) fn issue_token(
        &mut self,
        account_id: &str,
        user: Option<(String, String)>,
        scope: Scope,
        now: OffsetDateTime,
        until: Option<OffsetDateTime>,
    ) -> (String, OffsetDateTime) {
        let id = format!("MII{}", self.secret("subject", 64));
        let usual = now + self.lifetime.unwrap_or(Duration::hours(24));
        let expires_at = until.map_or(usual, |until| until.min(usual));
        self.tokens.insert(id.clone(), Token { account_id: account_id.to_owned(), user, scope, expires_at });
        (id, expires_at)
    }

    pub(crate) fn issue_metadata_token(&mut self, now: OffsetDateTime, life: Duration) -> String {
        let id = self.secret("metadata", 40);
        self.metadata_tokens.insert(id.clone(), now + life);
        id
    }

    pub(crate) fn metadata_token_is_good(&self, id: &str, now: OffsetDateTime) -> bool {
        self.metadata_tokens.get(id).is_some_and(|expires_at| now < *expires_at)
    }

    /// Makes everything issued so far expire at once.
    pub(crate) fn expire_issued(&mut self, now: OffsetDateTime) {
        self.keys.values_mut().filter_map(|key| key.session.as_mut()).for_each(|it| it.expires_at = now);
        self.tokens.values_mut().for_each(|token| token.expires_at = now);
        self.metadata_tokens.clear();
    }

    /// Generates a value that is not actually secret, but unique, and the same in every run.
    fn secret(&mut self, kind: &str, length: usize) -> String {
        self.issued += 1;
        let mut text = hex(&Sha256::digest(format!("{kind}/{}", self.issued)));
        text.truncate(length);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn five_failures_in_a_row_lock_a_key_for_five_minutes() {
        let mut key = Key::permanent("secret", "account");
        for _ in 0..4 {
            key.failed(NOW);
        }
        key.failures = 0;
        for _ in 0..4 {
            key.failed(NOW);
            assert!(!key.is_locked(NOW));
        }
        key.failed(NOW);
        assert!(key.is_locked(NOW + LOCKED_FOR - Duration::SECOND));
        assert!(!key.is_locked(NOW + LOCKED_FOR));
    }

    #[test]
    fn what_is_issued_differs_and_expires() {
        let mut credentials = Credentials::default();
        let first = credentials.issue_key("account", NOW, Duration::MINUTE);
        credentials.lifetime = Some(Duration::SECOND);
        let second = credentials.issue_key("account", NOW, Duration::MINUTE);
        assert_ne!(first.access_key, second.access_key);
        assert_eq!(first.expires_at, NOW + Duration::MINUTE);
        assert_eq!(second.expires_at, NOW + Duration::SECOND);
        let (token, _) = credentials.issue_token("account", None, Scope::Domain, NOW, None);
        assert!(credentials.token(&token, NOW).is_some());
        assert!(credentials.token(&token, NOW + Duration::SECOND).is_none());
    }
}
