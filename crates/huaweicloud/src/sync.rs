//! Shared data. It remains consistent when a holder of a lock panics.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Returns the data behind a lock, even after another holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One shared value for each key, such as a host or a region, created when it is first needed.
#[derive(Default)]
pub(crate) struct PerKey<T>(Mutex<BTreeMap<String, Arc<T>>>);

impl<T: Default> PerKey<T> {
    /// Returns the value of a key.
    pub(crate) fn of(&self, key: &str) -> Arc<T> {
        Arc::clone(lock(&self.0).entry(key.to_owned()).or_default())
    }
}
