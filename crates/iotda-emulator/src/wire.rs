//! Answers that no well-behaved server gives, as scripts of what goes onto the wire.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::StatusCode;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONNECTION, CONTENT_LENGTH, DATE, HeaderName, HeaderValue, TRANSFER_ENCODING};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

use crate::journal::InFlight;

/// One thing done to a connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Send(Bytes),
    Pause(Duration),
    /// Sends a piece again and again until the client has had enough.
    Endless(Bytes),
    /// Says nothing until the client goes away.
    Hang,
    /// Ends in good order before everything was said (on HTTP/2, where the protocol would tell: resets the stream).
    EndEarly,
    /// Breaks the connection with a TCP reset (on HTTP/2: resets the stream).
    Reset,
}

impl Step {
    /// Whether the client may have all it will get once this is done. The request leaves before that, or a quick
    /// client's next one would overlap it.
    fn finishes(&self) -> bool {
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

/// Without a head, what is sent are the raw bytes of an HTTP/1.1 connection.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) head: Option<Head>,
    pub(crate) steps: VecDeque<Step>,
    pub(crate) in_flight: Option<InFlight>,
}

/// A connection that can be broken.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {
    fn tcp(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

impl Script {
    pub(crate) fn new(head: Option<Head>, steps: impl IntoIterator<Item = Step>) -> Self {
        Self { head, steps: steps.into_iter().collect(), in_flight: None }
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.head.as_ref().map(|head| head.status)
    }

    /// Whether there will never be a word of an answer.
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

    /// Plays the script to a client of HTTP/1.1, and ends the connection.
    pub(crate) async fn play(mut self, mut wire: impl Wire) -> io::Result<()> {
        let chunked = matches!(self.head, Some(Head { framing: Framing::Chunked, .. }));
        if let Some(head) = self.head.take() {
            wire.write_all(&head.to_bytes()).await?;
            wire.flush().await?;
        }
        while let Some(step) = self.steps.pop_front() {
            if self.steps.is_empty() && step.finishes() {
                self.in_flight = None;
            }
            match step {
                Step::Send(bytes) => send(&mut wire, &bytes, chunked).await?,
                Step::Pause(pause) => tokio::time::sleep(pause).await,
                Step::Endless(bytes) => loop {
                    send(&mut wire, &bytes, chunked).await?;
                },
                Step::Hang => hang(&mut wire).await,
                Step::EndEarly => break,
                Step::Reset => return wire.tcp().set_zero_linger(),
            }
        }
        wire.shutdown().await
    }
}

async fn send(wire: &mut impl Wire, bytes: &Bytes, chunked: bool) -> io::Result<()> {
    if chunked {
        wire.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
    }
    wire.write_all(bytes).await?;
    if chunked {
        wire.write_all(b"\r\n").await?;
    }
    wire.flush().await
}

async fn hang(wire: &mut impl Wire) {
    let mut ignored = [0; 1024];
    // However the client leaves, by closing or by breaking the connection, it has left.
    while wire.read(&mut ignored).await.is_ok_and(|count| count > 0) {}
}

impl Head {
    fn to_bytes(&self) -> Bytes {
        let mut bytes = BytesMut::with_capacity(512);
        bytes.extend_from_slice(b"HTTP/1.1 ");
        bytes.extend_from_slice(self.status.as_str().as_bytes());
        bytes.extend_from_slice(b" ");
        bytes.extend_from_slice(self.status.canonical_reason().unwrap_or("Unknown").as_bytes());
        bytes.extend_from_slice(b"\r\n");
        let mut line = |name: &[u8], value: &[u8]| {
            for part in [name, b": ", value, b"\r\n"] {
                bytes.extend_from_slice(part);
            }
        };
        for (name, value) in &self.headers {
            line(name.as_str().as_bytes(), value.as_bytes());
        }
        match self.framing {
            Framing::Length(length) => {
                line(CONTENT_LENGTH.as_str().as_bytes(), length.to_string().as_bytes());
            }
            Framing::Chunked => line(TRANSFER_ENCODING.as_str().as_bytes(), b"chunked"),
        }
        line(CONNECTION.as_str().as_bytes(), b"close");
        bytes.extend_from_slice(b"\r\n");
        bytes.freeze()
    }
}

/// Resetting a stream takes back whatever of it was not written yet, so what came before is given time to be.
const BEFORE_STREAM_RESET: Duration = Duration::from_millis(5);

/// The body of an answer: whole, or played by script on a stream of HTTP/2.
#[derive(Debug)]
pub(crate) enum Payload {
    Whole(Option<Bytes>),
    Scripted { steps: VecDeque<Step>, pause: Option<Pin<Box<Sleep>>>, in_flight: Option<InFlight> },
}

impl Payload {
    pub(crate) fn scripted(script: Script) -> Self {
        let mut steps = VecDeque::new();
        for step in script.steps {
            if matches!(step, Step::Reset | Step::EndEarly) {
                steps.push_back(Step::Pause(BEFORE_STREAM_RESET));
            }
            steps.push_back(step);
        }
        Self::Scripted { steps, pause: None, in_flight: script.in_flight }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let (steps, pause, in_flight) = match self.get_mut() {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Scripted { steps, pause, in_flight } => (steps, pause, in_flight),
        };
        loop {
            if let Some(sleeping) = pause {
                ready!(sleeping.as_mut().poll(cx));
                *pause = None;
            }
            let step = steps.pop_front();
            if steps.is_empty() && step.as_ref().is_none_or(Step::finishes) {
                *in_flight = None;
            }
            match step {
                None => return Poll::Ready(None),
                Some(Step::Send(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Step::Pause(duration)) => *pause = Some(Box::pin(tokio::time::sleep(duration))),
                Some(Step::Endless(bytes)) => {
                    steps.push_front(Step::Endless(bytes.clone()));
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Hang) => {
                    // Nothing will wake this: the stream ends with its client.
                    steps.push_front(Step::Hang);
                    return Poll::Pending;
                }
                Some(Step::Reset | Step::EndEarly) => {
                    return Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Scripted { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |it| it.len() as u64)),
            Self::Scripted { .. } => SizeHint::default(),
        }
    }
}
