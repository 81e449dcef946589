//! Locks whose data stays whole whoever panics while holding them.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The data behind a lock, after a panic of another holder too.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
