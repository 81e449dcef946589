//! The parts of a running emulator, shared by its connections and its owner.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::state::State;

#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) clock: Clock,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) state: Mutex<State>,
    request_ids: AtomicU64,
}

impl Cloud {
    pub(crate) fn new(state: State, faults: Faults, kept_requests: usize) -> Self {
        Self {
            clock: Clock::default(),
            journal: Arc::new(Journal::new(kept_requests)),
            faults: Mutex::new(faults),
            state: Mutex::new(state),
            request_ids: AtomicU64::new(1),
        }
    }

    /// An id in the form of the gateway's: 32 hexadecimal digits.
    pub(crate) fn next_request_id(&self) -> String {
        let number = self.request_ids.fetch_add(1, Ordering::Relaxed);
        // Spread over the digits, so that two ids differ at a glance.
        format!("{:016x}{number:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}
