//! A value that many callers need and one obtains.

use std::sync::Mutex;

use crate::error::Error;
use crate::sync::{PerKey, lock};

/// A value obtained once, by the first caller; the others wait for it and share it, including a failure. If the caller
/// that obtains it is cancelled, the next takes over.
pub(crate) struct SingleFlight<T> {
    state: Mutex<State<T>>,
    turn: tokio::sync::Mutex<()>,
}

struct State<T> {
    value: Option<T>,
    /// Number of attempts that have ended.
    rounds: u64,
    /// Failure of the last attempt.
    failure: Option<Error>,
}

/// Single flights by key, such as a region.
pub(crate) type Flights<T> = PerKey<SingleFlight<T>>;

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        let state = State { value: None, rounds: 0, failure: None };
        Self { state: Mutex::new(state), turn: tokio::sync::Mutex::new(()) }
    }
}

impl<T: Clone> SingleFlight<T> {
    /// Returns the value if it is usable, otherwise the result of `obtain`; while another caller obtains it, a
    /// tolerable value is returned. A final failure is kept and returned to all later callers.
    ///
    /// # Errors
    ///
    /// That of the attempt this call waited for, its own or another caller's. If another caller runs out of time, that
    /// error is not shared.
    pub(crate) async fn get(
        &self,
        usable: impl Fn(&T) -> bool,
        tolerable: impl Fn(&T) -> bool,
        obtain: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let settled = |state: &State<T>, since: Option<u64>| {
            if let Some(value) = state.value.as_ref().filter(|value| usable(value)) {
                return Some(Ok(value.clone()));
            }
            let failure = state.failure.as_ref()?;
            let awaited = since.is_some_and(|rounds| rounds != state.rounds);
            (awaited || failure.kind().is_final()).then(|| Err(failure.clone()))
        };
        let rounds = {
            let state = lock(&self.state);
            if let Some(result) = settled(&state, None) {
                return result;
            }
            state.rounds
        };
        let _turn = match (self.turn.try_lock(), self.peek().filter(|value| tolerable(value))) {
            (Ok(turn), _) => turn,
            (Err(_), Some(value)) => return Ok(value),
            (Err(_), None) => self.turn.lock().await,
        };
        if let Some(result) = settled(&lock(&self.state), Some(rounds)) {
            return result;
        }
        let result = obtain.await;
        let mut state = lock(&self.state);
        state.rounds += 1;
        match &result {
            Ok(value) => (state.value, state.failure) = (Some(value.clone()), None),
            Err(error) => state.failure = Some(error.clone()).filter(|error| !error.is_of_time()),
        }
        result
    }

    /// Returns the current value, usable or not.
    pub(crate) fn peek(&self) -> Option<T> {
        lock(&self.state).value.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use futures_util::future::{FutureExt, join_all};
    use std::sync::atomic::{AtomicU32, Ordering};

    async fn obtain(count: &AtomicU32, result: Result<u32, Error>) -> Result<u32, Error> {
        count.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        result
    }

    #[tokio::test]
    async fn a_thousand_ask_and_one_obtains() {
        let (flight, count) = (SingleFlight::default(), AtomicU32::new(0));
        let results =
            join_all((0..1000).map(|_| flight.get(|_| true, |_| false, obtain(&count, Ok(7))))).await;
        assert!(results.iter().all(|result| matches!(result, Ok(7))));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failure_is_shared_by_those_who_waited_and_tried_again_by_the_next() {
        let (flight, count) = (SingleFlight::default(), AtomicU32::new(0));
        let failure = || Err(Error::new(Kind::Unavailable, None, "Down."));
        let results =
            join_all((0..50).map(|_| flight.get(|_| true, |_| false, obtain(&count, failure())))).await;
        assert!(results.iter().all(Result::is_err));
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert!(matches!(flight.get(|_| true, |_| false, obtain(&count, Ok(1))).await, Ok(1)));
    }

    #[tokio::test]
    async fn refused_credentials_stay_refused() {
        let (flight, count) = (SingleFlight::<u32>::default(), AtomicU32::new(0));
        for _ in 0..3 {
            let refusal = Err(Error::new(Kind::Unauthorized, None, "No."));
            assert!(flight.get(|_| true, |_| false, obtain(&count, refusal)).await.is_err());
        }
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_cancelled_leader_is_replaced() {
        let (flight, count) = (SingleFlight::default(), AtomicU32::new(0));
        assert!(flight.get(|_| true, |_| false, obtain(&count, Ok(1))).now_or_never().is_none());
        assert!(matches!(flight.get(|_| true, |_| false, obtain(&count, Ok(2))).await, Ok(2)));
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_tolerable_value_does_while_another_obtains_a_better_one() {
        let (flight, count) = (SingleFlight::default(), AtomicU32::new(0));
        assert!(matches!(flight.get(|_| true, |_| false, obtain(&count, Ok(1))).await, Ok(1)));
        let better = |value: &u32| *value > 1;
        let results = join_all((0..10).map(|_| flight.get(better, |_| true, obtain(&count, Ok(2))))).await;
        let values: Vec<u32> = results.into_iter().map(Result::unwrap).collect();
        assert_eq!((values[0], &values[1..]), (2, &[1; 9][..]));
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn what_another_had_no_time_for_is_not_shared() {
        let (flight, count) = (SingleFlight::default(), AtomicU32::new(0));
        let hurried = Error::new(Kind::Unavailable, None, "Down.").out_of_time("Too late.");
        let (first, second) = futures_util::future::join(
            flight.get(|_| true, |_| false, obtain(&count, Err(hurried))),
            flight.get(|_| true, |_| false, obtain(&count, Ok(1))),
        )
        .await;
        assert!(first.is_err() && matches!(second, Ok(1)));
    }

    #[tokio::test]
    async fn an_unusable_value_is_obtained_anew() {
        let (flight, count) = (SingleFlight::default(), AtomicU32::new(0));
        assert!(matches!(flight.get(|_| true, |_| false, obtain(&count, Ok(1))).await, Ok(1)));
        assert!(matches!(flight.get(|value| *value > 1, |_| false, obtain(&count, Ok(2))).await, Ok(2)));
        assert_eq!(flight.peek(), Some(2));
    }
}
