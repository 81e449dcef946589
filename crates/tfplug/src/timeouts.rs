//! The block `timeouts`, with which users of most providers set the time limits of operations.

use std::time::Duration;

use tfplug_derive::Object;

use crate::duration::GoDuration;

/// How long operations may take: the type of a block `timeouts`.
///
/// ```
/// # use tfplug::*;
/// # use std::time::Duration;
/// /// One station, by its ID.
/// #[derive(Object)]
/// struct Station {
///     /// ID of the station: 1 to 6 digits.
///     #[tf(required)]
///     id: String,
///     /// Timeout of the read. Defaults to `5m`.
///     #[tf(block)]
///     timeouts: Option<Timeouts>,
/// }
///
/// #[async_trait]
/// impl DataSource<()> for Station {
///     const NAME: &'static str = "weather_station";
///
///     fn read_timeout(&self) -> Duration {
///         Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
///     }
///
///     async fn read(self, _: &ReadContext<()>) -> Result<Self, Diagnostics> {
///         Ok(self)
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[tf(crate = crate)]
pub struct Timeouts {
    /// Timeout of one read, as a duration such as `90s` or `1h30m`.
    #[tf(optional)]
    read: Option<GoDuration>,
}

impl Timeouts {
    /// Returns the time limit of a read: that of the block, or else `default`.
    pub fn read(timeouts: Option<&Self>, default: Duration) -> Duration {
        timeouts.and_then(|timeouts| timeouts.read.as_ref()).map_or(default, GoDuration::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AttributeValue as _, Value};

    #[test]
    fn the_block_decides_and_else_the_default() {
        let default = Duration::from_mins(5);
        let block = |read: Value| Timeouts::from_value(Value::Map([("read".to_owned(), read)].into()));
        let given = block(Value::String("1h30m".to_owned())).unwrap();
        assert_eq!(Timeouts::read(Some(&given), default), Duration::from_mins(90));
        assert_eq!(Timeouts::read(Some(&block(Value::Null).unwrap()), default), default);
        assert_eq!(Timeouts::read(None, default), default);
        let error = block(Value::String("soon".to_owned())).unwrap_err();
        assert!(error.to_string().starts_with("read: the value must be a duration above zero"), "{error}");
    }
}
