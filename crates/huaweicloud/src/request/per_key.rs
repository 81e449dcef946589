//! One shared value for each key, such as a host or a region.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Values by key, created when they are first needed.
#[derive(Default)]
pub(crate) struct PerKey<T>(Mutex<BTreeMap<String, Arc<T>>>);

impl<T: Default> PerKey<T> {
    /// Returns the value of a key.
    pub(crate) fn of(&self, key: &str) -> Arc<T> {
        Arc::clone(lock(&self.0).entry(key.to_owned()).or_default())
    }
}
