//! A connection: its protocol, and its responses.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use hyper::Response;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::backend::{Answered, Backend};
use super::tunnel;
use super::wire::{self, Payload, Wire};
use crate::http::script::Script;
use crate::lock::lock;

/// How a connection begins.
#[derive(Clone)]
pub(crate) enum Opening {
    /// With TLS.
    Tls(TlsAcceptor),
    /// Plain text, or a tunnel request followed by TLS.
    ClearOrTunnel(TlsAcceptor),
}

pub(super) async fn run(mut stream: TcpStream, opening: Opening, backend: Arc<Backend>, id: u64) {
    // Without it, responses are delayed but correct.
    stream.set_nodelay(true).ok();
    let acceptor = match opening {
        Opening::Tls(acceptor) => acceptor,
        Opening::ClearOrTunnel(acceptor) => match tunnel::open(&mut stream).await {
            Ok(true) => acceptor,
            Ok(false) => return http1(stream, backend, id).await,
            // The client disconnected before it sent a request.
            Err(_) => return,
        },
    };
    match acceptor.accept(stream).await {
        Ok(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => http2(stream, backend, id).await,
        Ok(stream) => http1(stream, backend, id).await,
        Err(_) => backend.journal.handshake_failed(),
    }
}

/// The error that a service returns to hyper in place of a response; the script is kept separately.
#[derive(Debug)]
struct TakenOver;

impl std::fmt::Display for TakenOver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is taken over by a fault")
    }
}

impl std::error::Error for TakenOver {}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Payload>, TakenOver>> + Send>>;

async fn http1(stream: impl Wire + 'static, backend: Arc<Backend>, id: u64) {
    let script: Arc<Mutex<Option<Script>>> = Arc::default();
    let left = Arc::clone(&script);
    let service = service_fn(move |request| -> Answering {
        let (backend, left) = (Arc::clone(&backend), Arc::clone(&left));
        Box::pin(async move {
            match backend.answer(request, id).await {
                Answered::Reply(reply) => Ok(reply),
                Answered::Script(script) => {
                    *lock(&left) = Some(script);
                    Err(TakenOver)
                }
            }
        })
    });
    let mut connection =
        http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service);
    // The client decides how a connection ends; its requests are in the journal.
    let ended = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let script = lock(&script).take();
    match script {
        Some(script) => wire::play(script, stream).await.ok(),
        None if ended.is_ok() => tokio::io::AsyncWriteExt::shutdown(&mut stream).await.ok(),
        None => None,
    };
}

async fn http2(stream: impl Wire + 'static, backend: Arc<Backend>, id: u64) {
    let service = service_fn(move |request| -> Answering {
        let backend = Arc::clone(&backend);
        Box::pin(async move {
            match backend.answer(request, id).await {
                Answered::Reply(reply) => Ok(reply),
                Answered::Script(script) if script.is_silent() => {
                    // The request stays in flight until the client cancels the stream, which drops this future.
                    let _in_flight = script.in_flight;
                    std::future::pending().await
                }
                Answered::Script(mut script) => {
                    // Raw bytes would break every other stream, so without a head the stream is reset.
                    let head = script.head.take().ok_or(TakenOver)?;
                    let mut response = Response::new(Payload::scripted(script));
                    *response.status_mut() = head.status;
                    response.headers_mut().extend(head.headers);
                    Ok(response)
                }
            }
        })
    });
    // As above: the client decides how a connection ends.
    http2::Builder::new(TokioExecutor::new())
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}
