//! The only source of time.

use std::time::SystemTime;

/// Wall-clock time, injected so that signatures and expiries can be tested at fixed instants.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time of this machine's clock.
    fn now(&self) -> SystemTime;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock; everything else is given a Clock"
    )]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
