//! The journal of the emulator: requests in the order of their arrival, connections, and requests in flight.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use time::OffsetDateTime;

use crate::http::request::Request;
use crate::lock::lock;

/// A request as it arrived, and the status of its response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recorded {
    /// The method, in upper case as sent.
    pub method: String,
    /// The path exactly as sent, still percent-encoded.
    pub path: String,
    /// The query exactly as sent, without its question mark; empty if there was none.
    pub query: String,
    /// Header names in lower case, with their values, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body as received.
    pub body: Bytes,
    /// The status of the response; `None` if the connection broke before it was sent, or it is still pending.
    pub status: Option<u16>,
    /// The connection it arrived on, counted from 1.
    pub connection_id: u64,
    /// Time of arrival, by the emulator's clock.
    pub at: OffsetDateTime,
    /// Time of arrival, measured from the emulator's start and independent of its clock.
    pub since_start: Duration,
}

impl Recorded {
    /// Returns the first value of a header; its name must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as text, with anything that is not UTF-8 replaced.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

#[derive(Debug)]
pub(crate) struct Journal {
    started: Instant,
    limit: usize,
    pub(crate) counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) requests: VecDeque<Recorded>,
    /// The ticket of the first request kept.
    first: usize,
    pub(crate) connections: u64,
    pub(crate) failed_handshakes: u64,
    in_flight: usize,
    pub(crate) max_in_flight: usize,
}

/// Counts as one request in flight until it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Journal>);

impl Drop for InFlight {
    fn drop(&mut self) {
        lock(&self.0.counts).in_flight -= 1;
    }
}

impl Journal {
    pub(crate) fn new(limit: usize) -> Self {
        Self { started: Instant::now(), limit, counts: Mutex::default() }
    }

    pub(crate) fn enter(self: &Arc<Self>) -> InFlight {
        let mut counts = lock(&self.counts);
        counts.in_flight += 1;
        counts.max_in_flight = counts.max_in_flight.max(counts.in_flight);
        InFlight(Arc::clone(self))
    }

    /// Records an arrival; the ticket is for [`Journal::answered`].
    pub(crate) fn arrived(&self, request: &Request, at: OffsetDateTime) -> usize {
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let recorded = Recorded {
            method: request.method.to_string(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.iter().map(header).collect(),
            body: request.body.clone(),
            status: None,
            connection_id: request.connection_id,
            at,
            since_start: self.started.elapsed(),
        };
        let mut counts = lock(&self.counts);
        let ticket = counts.first + counts.requests.len();
        counts.requests.push_back(recorded);
        if counts.requests.len() > self.limit {
            counts.requests.pop_front();
            counts.first += 1;
        }
        ticket
    }

    pub(crate) fn answered(&self, ticket: usize, status: u16) {
        let mut counts = lock(&self.counts);
        let index = ticket.checked_sub(counts.first);
        if let Some(recorded) = index.and_then(|index| counts.requests.get_mut(index)) {
            recorded.status = Some(status);
        }
    }

    pub(crate) fn clear(&self) {
        let mut counts = lock(&self.counts);
        counts.first += counts.requests.len();
        counts.requests.clear();
        counts.max_in_flight = counts.in_flight;
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;
    use crate::http::request::sample;

    fn arrive(journal: &Journal, path: &str) -> usize {
        journal.arrived(&sample(Method::GET, path, ""), OffsetDateTime::UNIX_EPOCH)
    }

    #[test]
    fn an_answer_finds_its_request_after_older_ones_were_dropped() {
        let journal = Journal::new(2);
        let tickets: Vec<_> = ["/a", "/b", "/c"].iter().map(|path| arrive(&journal, path)).collect();
        for (ticket, status) in tickets.into_iter().zip([201, 202, 203]) {
            journal.answered(ticket, status);
        }
        let counts = lock(&journal.counts);
        let kept: Vec<_> = counts.requests.iter().map(|it| (it.path.clone(), it.status)).collect();
        assert_eq!(kept, [("/b".to_owned(), Some(202)), ("/c".to_owned(), Some(203))]);
    }

    #[test]
    fn clearing_forgets_requests_and_the_late_answers_to_them() {
        let journal = Arc::new(Journal::new(10));
        let late = arrive(&journal, "/old");
        let guard = journal.enter();
        drop(journal.enter());
        journal.clear();
        arrive(&journal, "/new");
        journal.answered(late, 500);
        assert_eq!(lock(&journal.counts).requests[0].status, None);
        assert_eq!(lock(&journal.counts).max_in_flight, 1);
        drop(guard);
    }
}
