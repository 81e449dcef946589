//! The journal of the emulator: requests in the order of their arrival, connections, and requests in flight.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
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
struct Entry {
    request: Arc<Request>,
    status: Option<u16>,
    at: OffsetDateTime,
    since_start: Duration,
}

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<Entry>,
    /// The ticket of the first entry kept.
    first: u64,
}

#[derive(Debug)]
pub(crate) struct Journal {
    started: Instant,
    limit: usize,
    entries: Mutex<Entries>,
    connections: AtomicU64,
    failed_handshakes: AtomicU64,
    in_flight: AtomicUsize,
    max_in_flight: AtomicUsize,
}

/// Counts as one request in flight until it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Journal>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Journal {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            started: Instant::now(),
            limit,
            entries: Mutex::default(),
            connections: AtomicU64::new(0),
            failed_handshakes: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            max_in_flight: AtomicUsize::new(0),
        }
    }

    pub(crate) fn connected(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn handshake_failed(&self) {
        self.failed_handshakes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn failed_handshakes(&self) -> u64 {
        self.failed_handshakes.load(Ordering::Relaxed)
    }

    pub(crate) fn enter(self: &Arc<Self>) -> InFlight {
        let now = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.max_in_flight.fetch_max(now, Ordering::Relaxed);
        InFlight(Arc::clone(self))
    }

    pub(crate) fn max_in_flight(&self) -> usize {
        self.max_in_flight.load(Ordering::Relaxed)
    }

    /// Records an arrival; the ticket is for [`Journal::answered`].
    pub(crate) fn arrived(&self, request: Arc<Request>, at: OffsetDateTime) -> u64 {
        let since_start = self.started.elapsed();
        let mut entries = lock(&self.entries);
        entries.kept.push_back(Entry { request, status: None, at, since_start });
        if entries.kept.len() > self.limit {
            entries.kept.pop_front();
            entries.first += 1;
        }
        // An entry that was dropped at once, because the limit is 0, has a ticket that matches no entry.
        entries.first + u64::try_from(entries.kept.len()).unwrap_or(u64::MAX).saturating_sub(1)
    }

    pub(crate) fn answered(&self, ticket: u64, status: u16) {
        let mut entries = lock(&self.entries);
        let index = ticket.checked_sub(entries.first).and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| entries.kept.get_mut(index)) {
            entry.status = Some(status);
        }
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        lock(&self.entries).kept.iter().map(Entry::recorded).collect()
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.entries).kept.len()
    }

    pub(crate) fn clear(&self) {
        let mut entries = lock(&self.entries);
        entries.first += u64::try_from(entries.kept.len()).unwrap_or(0);
        entries.kept.clear();
        self.max_in_flight.store(self.in_flight.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

impl Entry {
    fn recorded(&self) -> Recorded {
        let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Recorded {
            method: self.request.method.to_string(),
            path: self.request.path.clone(),
            query: self.request.query.clone(),
            headers: self.request.headers.iter().map(header).collect(),
            body: self.request.body.clone(),
            status: self.status,
            connection_id: self.request.connection_id,
            at: self.at,
            since_start: self.since_start,
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;
    use crate::http::request::sample;

    fn arrive(journal: &Journal, path: &str) -> u64 {
        journal.arrived(Arc::new(sample(Method::GET, path, "")), OffsetDateTime::UNIX_EPOCH)
    }

    #[test]
    fn an_answer_finds_its_request_after_older_ones_were_dropped() {
        let journal = Journal::new(2);
        let tickets: Vec<u64> = ["/a", "/b", "/c"].iter().map(|path| arrive(&journal, path)).collect();
        for (ticket, status) in tickets.into_iter().zip([201, 202, 203]) {
            journal.answered(ticket, status);
        }
        let kept: Vec<_> = journal.requests().into_iter().map(|it| (it.path, it.status)).collect();
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
        assert_eq!(journal.requests()[0].status, None);
        assert_eq!(journal.max_in_flight(), 1);
        drop(guard);
    }
}
