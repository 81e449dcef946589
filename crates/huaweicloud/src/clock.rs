//! The only source of time.

use std::time::SystemTime;

/// Returns the wall-clock time. Injected, so that signatures and expiries can be tested at fixed instants.
pub(crate) type Clock = Box<dyn Fn() -> SystemTime + Send + Sync>;

/// Returns the time of this machine's own clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock; everything else is given a Clock"
)]
pub(crate) fn system() -> SystemTime {
    SystemTime::now()
}
