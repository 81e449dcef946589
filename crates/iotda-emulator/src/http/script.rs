//! Responses that are sent in steps, or replaced by bytes or a reset.

use std::time::Duration;

use bytes::Bytes;

use super::reply::Reply;

/// The effect on the client.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reply(Reply),
    /// The head of this response, then these steps in place of its body.
    Steps(Reply, Vec<Step>),
    /// The connection ends without a response. On HTTP/2, the stream is reset.
    NoReply(Ending),
    /// Nothing, until the client disconnects.
    Hang,
}

/// A part of a body.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Send(Bytes),
    Pause(Duration),
    /// Sends these bytes repeatedly until the client disconnects.
    Endless(Bytes),
    /// Breaks off the response. On HTTP/2, the stream is reset.
    Break(Ending),
}

/// How the connection ends on HTTP/1.1.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// These bytes are sent, then the connection is closed properly.
    Close(Bytes),
    /// A TCP reset.
    Reset,
}
