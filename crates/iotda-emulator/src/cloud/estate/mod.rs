//! The content of the cloud: accounts, their credentials, and the projects with their instances.

pub(crate) mod account;
pub(crate) mod defaults;
pub(crate) mod fleet;
pub(crate) mod instance;
pub(crate) mod synthetic;

use std::collections::BTreeSet;

use serde_json::Value;

use account::Account;

/// The content of the cloud before the first request.
///
/// The default is the estate described in the crate's documentation; [`Estate::empty`] has no accounts.
#[derive(Clone, Debug)]
pub struct Estate {
    /// The accounts (domains, in IAM's API) with everything that belongs to them.
    pub accounts: Vec<Account>,
    /// The available flavors, each as the API returns it.
    pub flavors: Vec<Value>,
}

impl Default for Estate {
    fn default() -> Self {
        Self { accounts: defaults::accounts(), flavors: defaults::flavors() }
    }
}

impl Estate {
    /// Creates an estate without accounts; the flavors are the default ones.
    pub fn empty() -> Self {
        Self { accounts: Vec::new(), flavors: defaults::flavors() }
    }

    /// Returns the regions that have a project, each once.
    pub(crate) fn regions(&self) -> BTreeSet<String> {
        let projects = self.accounts.iter().flat_map(|account| &account.projects);
        projects.map(|project| project.region().to_owned()).collect()
    }

    /// Adds an account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// Sets the number of synthetic instances in the project of this id.
    #[must_use]
    pub fn synthetic(mut self, project_id: &str, count: usize) -> Self {
        let projects = self.accounts.iter_mut().flat_map(|account| &mut account.projects);
        for project in projects.filter(|project| project.id == project_id) {
            project.synthetic = count;
        }
        self
    }
}
