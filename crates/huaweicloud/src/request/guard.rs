//! Prevents a wrong key from being locked. The gateway locks an access key after five failures in a row, and callers
//! send ten reads at a time: until a credential's first success only one of its requests is in flight, and after a
//! rejection no other is sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::Error;
use crate::sync::lock;

/// The guard of one credential.
pub(crate) struct Guard {
    turn: Semaphore,
    proven: AtomicBool,
    refused: OnceLock<Error>,
    /// The last failure that neither proves nor rejects the credential, for callers that have no time left for their
    /// own attempt.
    failed: Mutex<Option<Error>>,
}

/// Permission to send one request. Dropping it without a report passes the turn on.
pub(crate) struct Turn<'a> {
    guard: &'a Guard,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
            proven: AtomicBool::new(false),
            refused: OnceLock::new(),
            failed: Mutex::new(None),
        }
    }
}

impl Guard {
    /// Waits for permission to send a request.
    ///
    /// # Errors
    ///
    /// The rejection of this credential, as reported by the request that received it.
    pub(crate) async fn enter(&self) -> Result<Turn<'_>, Error> {
        let permit = if self.proven.load(Ordering::Acquire) { None } else { self.turn.acquire().await.ok() };
        match self.refused.get() {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(Turn { guard: self, _permit: permit }),
        }
    }

    /// Returns how the last request failed before any had succeeded.
    pub(crate) fn last_failure(&self) -> Option<Error> {
        lock(&self.failed).clone()
    }
}

impl Turn<'_> {
    /// Reports how the request ended.
    pub(crate) fn report<T>(self, outcome: &Result<T, Error>) {
        match outcome {
            Ok(_) => self.guard.proven.store(true, Ordering::Release),
            Err(error) if error.kind().refuses_credential() => {
                // The first rejection is kept; a later one would only repeat it.
                let _ = self.guard.refused.set(error.clone());
            }
            Err(error) => {
                if !self.guard.proven.load(Ordering::Acquire) && !error.is_of_time() {
                    *lock(&self.guard.failed) = Some(error.clone());
                }
                return;
            }
        }
        // Wakes all waiting callers at once, to check again.
        self.guard.turn.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use futures_util::future::{FutureExt, join_all};
    use std::sync::atomic::AtomicUsize;

    async fn requests(guard: &Guard, outcome: impl Fn() -> Result<(), Error>) -> (usize, usize, usize) {
        let (sent, flying, most) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let results = join_all((0..20).map(|_| async {
            let turn = guard.enter().await?;
            sent.fetch_add(1, Ordering::SeqCst);
            most.fetch_max(flying.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            flying.fetch_sub(1, Ordering::SeqCst);
            let outcome = outcome();
            turn.report(&outcome);
            outcome
        }))
        .await;
        let failures = results.iter().filter(|result| result.is_err()).count();
        (sent.into_inner(), most.into_inner(), failures)
    }

    #[tokio::test]
    async fn a_refusal_reaches_everyone_and_nothing_more_is_sent() {
        let guard = Guard::default();
        let refusal = || Err(Error::new(Kind::Unauthorized, None, "No."));
        assert_eq!(requests(&guard, refusal).await, (1, 1, 20));
        assert!(guard.enter().await.is_err_and(|error| error.detail() == "No."));
    }

    #[tokio::test]
    async fn after_one_success_all_fly_together() {
        let guard = Guard::default();
        let (sent, most, failures) = requests(&guard, || Ok(())).await;
        assert_eq!((sent, failures), (20, 0));
        assert_eq!(most, 19);
    }

    #[tokio::test]
    async fn another_failure_proves_nothing() {
        let guard = Guard::default();
        let outage = || Err(Error::new(Kind::Unavailable, None, "Later."));
        assert_eq!(requests(&guard, outage).await, (20, 1, 20));
    }

    #[tokio::test]
    async fn an_abandoned_turn_is_passed_on() {
        let guard = Guard::default();
        let first = guard.enter().await.unwrap();
        assert!(guard.enter().now_or_never().is_none());
        drop(first);
        assert!(guard.enter().now_or_never().is_some_and(|turn| turn.is_ok()));
    }

    #[tokio::test]
    async fn a_refusal_after_success_latches_too() {
        let guard = Guard::default();
        guard.enter().await.unwrap().report(&Ok(()));
        guard.enter().await.unwrap().report::<()>(&Err(Error::new(Kind::Unauthorized, None, "No.")));
        assert!(guard.enter().await.is_err());
    }
}
