//! Execution of scripts: sent to an HTTP/1.1 client, or as the body of an HTTP/2 stream.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

use crate::http::journal::InFlight;
use crate::http::script::{Framing, Head, Script, Step};

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

/// Sends the script to an HTTP/1.1 client, and ends the connection.
pub(super) async fn play(mut script: Script, mut wire: impl Wire) -> io::Result<()> {
    let chunked = matches!(script.head, Some(Head { framing: Framing::Chunked, .. }));
    if let Some(head) = script.head.take() {
        wire.write_all(&head_bytes(&head)).await?;
        wire.flush().await?;
    }
    while let Some(step) = script.steps.pop_front() {
        if script.steps.is_empty() && step.finishes() {
            script.in_flight = None;
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
    // The client may close or reset the connection; both end the loop.
    while wire.read(&mut ignored).await.is_ok_and(|count| count > 0) {}
}

fn head_bytes(head: &Head) -> Bytes {
    let mut bytes = BytesMut::with_capacity(512);
    bytes.extend_from_slice(b"HTTP/1.1 ");
    bytes.extend_from_slice(head.status.as_str().as_bytes());
    bytes.extend_from_slice(b" ");
    bytes.extend_from_slice(head.status.canonical_reason().unwrap_or("Unknown").as_bytes());
    bytes.extend_from_slice(b"\r\n");
    let mut line = |name: &[u8], value: &[u8]| {
        for part in [name, b": ", value, b"\r\n"] {
            bytes.extend_from_slice(part);
        }
    };
    for (name, value) in &head.headers {
        line(name.as_str().as_bytes(), value.as_bytes());
    }
    match head.framing {
        Framing::Length(length) => {
            line(CONTENT_LENGTH.as_str().as_bytes(), length.to_string().as_bytes());
        }
        Framing::Chunked => line(TRANSFER_ENCODING.as_str().as_bytes(), b"chunked"),
    }
    line(CONNECTION.as_str().as_bytes(), b"close");
    bytes.extend_from_slice(b"\r\n");
    bytes.freeze()
}

/// Resetting a stream discards unwritten data, so earlier data is given time to be written.
const BEFORE_STREAM_RESET: Duration = Duration::from_millis(5);

/// The body of a response: complete, or sent by a script on an HTTP/2 stream.
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
                    // Nothing will wake this: the stream ends when the client ends it.
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
