//! The current state of the cloud, shared by its connections and its owner.

pub(crate) mod clock;
pub(crate) mod credentials;
pub(crate) mod environment;
pub(crate) mod estate;
pub(crate) mod metadata;
pub(crate) mod state;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use clock::Clock;
use state::State;

#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) clock: Clock,
    pub(crate) state: Mutex<State>,
    request_ids: AtomicU64,
}

impl Cloud {
    pub(crate) fn new(state: State) -> Self {
        Self { clock: Clock::default(), state: Mutex::new(state), request_ids: AtomicU64::new(1) }
    }

    /// Returns an id in the gateway's format: 32 hexadecimal digits.
    pub(crate) fn next_request_id(&self) -> String {
        let number = self.request_ids.fetch_add(1, Ordering::Relaxed);
        // Spread over the digits, so that two ids are easy to distinguish.
        format!("{:016x}{number:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}
