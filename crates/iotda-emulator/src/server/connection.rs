//! A connection: its protocol, and its responses.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::backend::Backend;
use super::tunnel;
use super::wire::{self, Planned};
use crate::http::reply::Reply;
use crate::http::script::{Ending, Outcome};
use crate::lock::lock;

/// Serves a connection: with TLS at once, or plain text, or a tunnel request followed by TLS.
pub(super) async fn run(
    mut stream: TcpStream,
    acceptor: TlsAcceptor,
    tls: bool,
    backend: Arc<Backend>,
    id: u64,
) {
    // Without it, responses are delayed but correct.
    stream.set_nodelay(true).ok();
    if !tls {
        match tunnel::open(&mut stream).await {
            Ok(true) => {}
            Ok(false) => return http1(stream, |stream| stream, backend, id).await,
            // The client disconnected before it sent a request.
            Err(_) => return,
        }
    }
    match acceptor.accept(stream).await {
        Ok(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => http2(stream, backend, id).await,
        Ok(stream) => http1(stream, |stream| stream.get_ref().0, backend, id).await,
        Err(_) => lock(&backend.journal.counts).failed_handshakes += 1,
    }
}

type Payload = UnsyncBoxBody<Bytes, io::Error>;

/// Responds to a request. If a fault ends the connection, `planned` receives how, and the caller carries it out.
async fn respond(
    request: hyper::Request<Incoming>,
    backend: &Backend,
    id: u64,
    planned: Planned,
) -> io::Result<Response<Payload>> {
    let (outcome, in_flight) = backend.answer(request, id).await;
    let (Reply { status, mut headers, body }, steps) = match outcome {
        Outcome::Reply(reply) => (reply, None),
        Outcome::Steps(reply, steps) => (reply, Some(steps)),
        Outcome::NoReply(ending) => {
            *lock(&planned) = Some(ending);
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        // The request stays in flight until the client disconnects, which drops this future.
        Outcome::Hang => std::future::pending().await,
    };
    // A complete response is no longer in flight, or the next request of a fast client would overlap it.
    let payload = match steps {
        None => Full::new(body).map_err(|never| match never {}).boxed_unsync(),
        Some(steps) => {
            headers.push((CONNECTION, HeaderValue::from_static("close")));
            wire::body(steps, in_flight, planned).boxed_unsync()
        }
    };
    let mut response = Response::new(payload);
    *response.status_mut() = status;
    response.headers_mut().extend(headers);
    Ok(response)
}

async fn http1<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    tcp: fn(&S) -> &TcpStream,
    backend: Arc<Backend>,
    id: u64,
) {
    let planned = Planned::default();
    let service = service_fn(|request| Box::pin(respond(request, &backend, id, Arc::clone(&planned))));
    let mut connection =
        http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service);
    // The client decides how a connection ends; its requests are in the journal.
    let ended = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let planned = lock(&planned).take();
    match planned.or_else(|| ended.is_ok().then(|| Ending::Close(Bytes::new()))) {
        Some(Ending::Close(bytes)) if stream.write_all(&bytes).await.is_ok() => stream.shutdown().await.ok(),
        Some(Ending::Reset) => tcp(&stream).set_zero_linger().ok(),
        _ => None,
    };
}

async fn http2(stream: TlsStream<TcpStream>, backend: Arc<Backend>, id: u64) {
    // A planned ending would break every other stream, so it is not carried out: an error resets this stream alone.
    let service = service_fn(move |request| {
        let backend = Arc::clone(&backend);
        async move { respond(request, &backend, id, Planned::default()).await }
    });
    // As above: the client decides how a connection ends.
    http2::Builder::new(TokioExecutor::new())
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}
