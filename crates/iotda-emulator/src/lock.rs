//! Locks that outlive a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// No holder of one of these locks leaves its data half changed, so the data behind a poisoned lock is valid.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
