//! What there is in the cloud: accounts, who may sign in, and the projects with their instances.

pub(crate) mod account;
pub(crate) mod defaults;
pub(crate) mod fleet;
pub(crate) mod instance;
pub(crate) mod synthetic;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use account::Account;

/// Everything that stands in the cloud before the first request.
///
/// The default is the estate described in the crate's documentation; [`Estate::empty`] is nothing at all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estate {
    /// The accounts (domains, in IAM's API) with all that belongs to them.
    #[serde(default = "defaults::accounts")]
    pub accounts: Vec<Account>,
    /// The flavors on sale, each as the API gives it.
    #[serde(default = "defaults::flavors")]
    pub flavors: Vec<Value>,
}

impl Default for Estate {
    fn default() -> Self {
        Self { accounts: defaults::accounts(), flavors: defaults::flavors() }
    }
}

impl Estate {
    /// No accounts; the flavors are the default ones.
    pub fn empty() -> Self {
        Self { accounts: Vec::new(), flavors: defaults::flavors() }
    }

    /// The regions that have a project, each once.
    pub(crate) fn regions(&self) -> Vec<String> {
        let projects = self.accounts.iter().flat_map(|account| &account.projects);
        let regions: BTreeSet<String> = projects.map(|project| project.region().to_owned()).collect();
        regions.into_iter().collect()
    }

    /// Adds an account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// Sets how many synthetic instances the project of this id holds.
    #[must_use]
    pub fn synthetic(mut self, project_id: &str, count: usize) -> Self {
        let projects = self.accounts.iter_mut().flat_map(|account| &mut account.projects);
        for project in projects.filter(|project| project.id == project_id) {
            project.synthetic = count;
        }
        self
    }
}
