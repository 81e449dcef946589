//! Locks that survive a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Returns the data behind a lock, even if poisoned. No holder leaves it half-changed, so it is valid.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
