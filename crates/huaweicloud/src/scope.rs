//! The common part of all requests of one read.

use tokio::time::Instant;

/// The region of a read's requests, and the deadline after which their result is no longer needed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// Region of the requests; the configured one if `None`.
    pub region: Option<&'a str>,
    /// End of all attempts and waits; unbounded if `None`.
    pub deadline: Option<Instant>,
}

impl<'a> Scope<'a> {
    /// Returns the scope with an earlier deadline, if `end` is earlier.
    #[must_use]
    pub fn until(self, end: Instant) -> Self {
        Self { deadline: Some(self.deadline.map_or(end, |deadline| deadline.min(end))), ..self }
    }

    /// Returns the region, or `home` if none is set.
    pub(crate) fn region_or(self, home: &'a str) -> &'a str {
        self.region.unwrap_or(home)
    }
}
