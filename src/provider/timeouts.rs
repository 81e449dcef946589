//! How long operations may take.

use std::time::Duration;

use tfplug::Object;

use super::validators::go_duration;
use huaweicloud::duration;

/// The limit of a read that does not wait.
pub(super) const READ_LIMIT: Duration = Duration::from_mins(5);

/// How long operations may take.
#[derive(Object)]
pub(super) struct Timeouts {
    /// How long one read may take, as a duration such as `90s` or `1h30m`.
    #[tf(optional, validate = go_duration)]
    read: Option<String>,
}

impl Timeouts {
    /// The limit of a read. A text that is no duration was refused when the configuration was validated.
    pub(super) fn read(timeouts: Option<&Self>, default: Duration) -> Duration {
        timeouts.and_then(|timeouts| timeouts.read.as_deref()).and_then(duration::parse).unwrap_or(default)
    }
}
