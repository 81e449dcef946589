//! Malformed or broken responses, as scripts of what is sent.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{DATE, HeaderName, HeaderValue};

use super::journal::InFlight;

/// One action on a connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Send(Bytes),
    Pause(Duration),
    /// Sends a chunk repeatedly until the client disconnects.
    Endless(Bytes),
    /// Sends nothing until the client disconnects.
    Hang,
    /// Ends normally before the response is complete (on HTTP/2, where the protocol would reveal that: resets the
    /// stream).
    EndEarly,
    /// Breaks the connection with a TCP reset (on HTTP/2: resets the stream).
    Reset,
}

impl Step {
    /// Whether the client may have received everything after this step. The request is removed from those in flight
    /// before that, or the next request of a fast client would overlap it.
    pub(crate) fn finishes(&self) -> bool {
        !matches!(self, Self::Endless(_) | Self::Hang)
    }
}

/// How the body is delimited on HTTP/1.1.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
}

#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) framing: Framing,
}

/// The steps of a response. Without a head, they send the raw bytes of an HTTP/1.1 connection.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) head: Option<Head>,
    pub(crate) steps: VecDeque<Step>,
    pub(crate) in_flight: Option<InFlight>,
}

impl Script {
    pub(crate) fn new(head: Option<Head>, steps: impl IntoIterator<Item = Step>) -> Self {
        Self { head, steps: steps.into_iter().collect(), in_flight: None }
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.head.as_ref().map(|head| head.status)
    }

    /// Whether no part of a response will ever be sent.
    pub(crate) fn is_silent(&self) -> bool {
        self.head.is_none() && matches!(self.steps.front(), Some(Step::Hang))
    }

    pub(crate) fn set_date(&mut self, date: &HeaderValue) {
        if let Some(head) = &mut self.head
            && head.headers.iter().all(|(name, _)| name != DATE)
        {
            head.headers.push((DATE, date.clone()));
        }
    }
}
