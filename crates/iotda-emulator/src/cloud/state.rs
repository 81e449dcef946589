//! State that changes while the emulator runs: fleets, keys, tokens and locks. It is shared by the connections and the
//! owner.

use anyhow::{anyhow, ensure};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::cloud::clock::now;
use crate::cloud::credentials::{Credentials, Key};
use crate::cloud::estate::Estate;
use crate::cloud::estate::account::Account;
use crate::cloud::estate::fleet::Fleet;
use crate::cloud::metadata::Metadata;

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) accounts: Vec<Account>,
    /// The projects, in the order of the estate.
    pub(crate) fleets: Vec<Fleet>,
    pub(crate) flavors: Vec<Value>,
    pub(crate) credentials: Credentials,
    pub(crate) metadata: Metadata,
    /// How far the emulator's clock is ahead of the system's.
    pub(crate) clock_offset: Duration,
    /// Number of request ids so far.
    request_ids: u64,
}

impl State {
    pub(crate) fn new(estate: Estate, metadata: Metadata) -> anyhow::Result<Self> {
        let mut state = Self { flavors: estate.flavors, metadata, ..Self::default() };
        for (index, account) in estate.accounts.into_iter().enumerate() {
            state.open(account).map_err(|error| within(&format!("accounts[{index}]"), &error))?;
        }
        let owner = &state.metadata.account;
        let known = state.accounts.is_empty() || state.accounts.iter().any(|it| it.name == *owner);
        ensure!(known, "metadata.account: there is no account `{owner}`");
        Ok(state)
    }

    fn open(&mut self, mut account: Account) -> anyhow::Result<()> {
        ensure!(!account.id.is_empty(), "id: empty");
        ensure!(self.accounts.iter().all(|it| it.id != account.id), "id: `{}` comes twice", account.id);
        for (index, project) in account.projects.drain(..).enumerate() {
            let fleet = Fleet::new(&account.id, &project)
                .map_err(|error| within(&format!("projects[{index}]"), &error))?;
            let twice = self.fleets.iter().any(|it| it.project_id == project.id);
            ensure!(!twice, "projects[{index}].id: `{}` comes twice", project.id);
            self.fleets.push(fleet);
        }
        for (index, key) in account.access_keys.iter().enumerate() {
            let permanent = Key::permanent(&key.secret_key, &account.id);
            let twice = self.credentials.keys.insert(key.access_key.clone(), permanent).is_some();
            ensure!(!twice, "access_keys[{index}].access_key: `{}` comes twice", key.access_key);
        }
        self.accounts.push(account);
        Ok(())
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        now(self.clock_offset)
    }

    /// Returns an id in the gateway's format: 32 hexadecimal digits.
    pub(crate) fn next_request_id(&mut self) -> String {
        self.request_ids += 1;
        let number = self.request_ids;
        // Spread over the digits, so that two ids are easy to distinguish.
        format!("{:016x}{number:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub(crate) fn account_named(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// Whether an account has an agency of this name that trusts the caller's account.
    pub(crate) fn may_assume(&self, caller_id: &str, account: &Account, agency: &str) -> bool {
        let Some(caller) = self.account(caller_id) else { return false };
        account.agencies.iter().any(|it| it.name == agency && it.trusts.contains(&caller.name))
    }

    /// Returns the projects of an account, in the order of the estate.
    pub(crate) fn projects_of<'a>(&'a self, account_id: &'a str) -> impl Iterator<Item = &'a Fleet> {
        self.fleets.iter().filter(move |fleet| fleet.account_id == account_id)
    }
}

/// Prefixes an error that begins with a relative path with the path to that part of the estate.
fn within(path: &str, error: &anyhow::Error) -> anyhow::Error {
    anyhow!("{path}.{error:#}")
}
