//! Timeouts of operations.

use std::time::Duration;

use huaweicloud::duration;
use tfplug::Object;

use super::validators::go_duration;

/// The limit of a read that does not wait.
pub(crate) const READ_LIMIT: Duration = Duration::from_mins(5);

/// Timeouts of operations.
#[derive(Object)]
pub(crate) struct Timeouts {
    /// Timeout of one read, as a duration such as `90s` or `1h30m`.
    #[tf(optional, validate = go_duration)]
    read: Option<String>,
}

impl Timeouts {
    /// The limit of a read. A text that is no duration was refused when the configuration was validated.
    pub(crate) fn read(timeouts: Option<&Self>, default: Duration) -> Duration {
        timeouts.and_then(|timeouts| timeouts.read.as_deref()).and_then(duration::parse).unwrap_or(default)
    }
}
