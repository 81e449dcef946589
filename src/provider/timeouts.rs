//! How long operations may take.

use std::time::Duration;

use tfplug::{Object, Value};

use crate::huaweicloud::duration;

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

/// Refuses what is no duration above zero.
pub(super) fn go_duration(value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) if duration::parse(text).is_none() => Err(
            "The value must be a duration above zero, such as `30s`, `5m` or `1h30m`; the units are ns, us, ms, s, m and h"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}
