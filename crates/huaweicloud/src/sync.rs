//! Locks whose data remains consistent when a holder panics.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Returns the data behind a lock, even after another holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
