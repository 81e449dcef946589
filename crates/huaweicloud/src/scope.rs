//! What all requests of one read have in common.

use tokio::time::Instant;

/// Where the requests of a read go, and when the caller no longer wants their result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// Region to ask in; that of the configuration when `None`.
    pub region: Option<&'a str>,
    /// End of all attempts and waits; unbounded when `None`.
    pub deadline: Option<Instant>,
}

impl<'a> Scope<'a> {
    /// The same until an earlier deadline, if `end` is one.
    #[must_use]
    pub fn until(self, end: Instant) -> Self {
        Self { deadline: Some(self.deadline.map_or(end, |deadline| deadline.min(end))), ..self }
    }

    /// The region, which is `home` where none is given.
    pub(crate) fn region_or(self, home: &'a str) -> &'a str {
        self.region.unwrap_or(home)
    }
}
