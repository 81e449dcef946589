//! The listener: connections, protocols, and the way of a request through journal, faults and gateway.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{DATE, HOST, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::cloud::Cloud;
use crate::faults::Outcome;
use crate::gateway;
use crate::lock;
use crate::proxy;
use crate::reply::Reply;
use crate::request::Request;
use crate::wire::{Payload, Script, Wire};

/// Far more than any request of these services needs.
const LARGEST_REQUEST: usize = 1 << 20;

const ACCEPT_AGAIN: Duration = Duration::from_millis(10);

/// How a connection begins.
#[derive(Clone)]
pub(crate) enum Opening {
    /// With TLS.
    Tls(TlsAcceptor),
    /// In the clear, or with a request for a tunnel and then TLS.
    ClearOrTunnel(TlsAcceptor),
}

pub(crate) async fn serve(listener: TcpListener, opening: Opening, cloud: Arc<Cloud>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let id = cloud.journal.connected();
                tokio::spawn(connection(stream, opening.clone(), Arc::clone(&cloud), id));
            }
            // A connection that was given up before it was accepted, or no file descriptor left for it: the
            // client has its own error, and a moment later the next one may do better.
            Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
        }
    }
}

async fn connection(mut stream: TcpStream, opening: Opening, cloud: Arc<Cloud>, id: u64) {
    // Without it answers are late, not wrong.
    stream.set_nodelay(true).ok();
    let acceptor = match opening {
        Opening::Tls(acceptor) => acceptor,
        Opening::ClearOrTunnel(acceptor) => match proxy::open_tunnel(&mut stream).await {
            Ok(true) => acceptor,
            Ok(false) => return http1(stream, cloud, id).await,
            // The client left before it had said what it wanted.
            Err(_) => return,
        },
    };
    match acceptor.accept(stream).await {
        Ok(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => http2(stream, cloud, id).await,
        Ok(stream) => http1(stream, cloud, id).await,
        Err(_) => cloud.journal.handshake_failed(),
    }
}

/// What a service returns to hyper in place of an answer; the script waits beside it.
#[derive(Debug)]
struct TakenOver;

impl std::fmt::Display for TakenOver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is taken over by a fault")
    }
}

impl std::error::Error for TakenOver {}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Payload>, TakenOver>> + Send>>;

async fn http1(stream: impl Wire + 'static, cloud: Arc<Cloud>, id: u64) {
    let script: Arc<Mutex<Option<Script>>> = Arc::default();
    let left = Arc::clone(&script);
    let service = service_fn(move |request| -> Answering {
        let (cloud, left) = (Arc::clone(&cloud), Arc::clone(&left));
        Box::pin(async move {
            match exchange(&cloud, request, id).await {
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
    // How a connection ends is the client's affair; what came on it is in the journal.
    let ended = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let script = lock(&script).take();
    match script {
        Some(script) => script.play(stream).await.ok(),
        None if ended.is_ok() => tokio::io::AsyncWriteExt::shutdown(&mut stream).await.ok(),
        None => None,
    };
}

async fn http2(stream: impl Wire + 'static, cloud: Arc<Cloud>, id: u64) {
    let service = service_fn(move |request| -> Answering {
        let cloud = Arc::clone(&cloud);
        Box::pin(async move {
            match exchange(&cloud, request, id).await {
                Answered::Reply(reply) => Ok(reply),
                Answered::Script(script) if script.is_silent() => {
                    // The request stays in flight until the client cancels the stream, and with it this future.
                    let _in_flight = script.in_flight;
                    std::future::pending().await
                }
                Answered::Script(mut script) => {
                    // Raw bytes would break every other stream, so without a head there is a reset stream.
                    let head = script.head.take().ok_or(TakenOver)?;
                    let mut response = Response::new(Payload::scripted(script));
                    *response.status_mut() = head.status;
                    response.headers_mut().extend(head.headers);
                    Ok(response)
                }
            }
        })
    });
    // As above: the end of a connection is the client's affair.
    http2::Builder::new(TokioExecutor::new())
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}

enum Answered {
    Reply(Response<Payload>),
    Script(Script),
}

async fn exchange(cloud: &Cloud, request: hyper::Request<Incoming>, connection_id: u64) -> Answered {
    let in_flight = cloud.journal.enter();
    let (request, readable) = receive(request, connection_id).await;
    let request = Arc::new(request);
    let ticket = cloud.journal.arrived(Arc::clone(&request), cloud.clock.now());
    let verdict = lock(&cloud.faults).decide(&request);
    if !verdict.latency.is_zero() {
        tokio::time::sleep(verdict.latency).await;
    }
    let genuine = || if readable { gateway::answer(cloud, &request) } else { too_large(cloud) };
    let outcome = match verdict.fault {
        Some(fault) => fault.apply(&cloud.next_request_id(), genuine),
        None => Outcome::Reply(genuine()),
    };
    let date = httpdate::fmt_http_date(cloud.clock.system_time());
    let date = HeaderValue::from_str(&date).unwrap_or(HeaderValue::from_static(""));
    match outcome {
        Outcome::Reply(reply) => {
            cloud.journal.answered(ticket, reply.status.as_u16());
            // The request leaves before its answer does, or a quick client's next one would overlap it.
            drop(in_flight);
            let mut response = Response::new(Payload::Whole(Some(reply.body)));
            *response.status_mut() = reply.status;
            let headers = response.headers_mut();
            for (name, value) in reply.headers {
                headers.append(name, value);
            }
            headers.entry(DATE).or_insert(date);
            Answered::Reply(response)
        }
        Outcome::Script(mut script) => {
            if let Some(status) = script.status() {
                cloud.journal.answered(ticket, status.as_u16());
            }
            script.set_date(&date);
            script.in_flight = Some(in_flight);
            Answered::Script(script)
        }
    }
}

/// The request, and whether its body was read to the end.
async fn receive(request: hyper::Request<Incoming>, connection_id: u64) -> (Request, bool) {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_REQUEST).collect().await.map(http_body_util::Collected::to_bytes);
    let mut headers = head.headers;
    // HTTP/2 carries the host in a field of its own; whoever signs it signs it as `host`.
    if let (None, Some(authority)) = (headers.get(HOST), head.uri.authority())
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        headers.insert(HOST, host);
    }
    let readable = body.is_ok();
    let request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.unwrap_or_default(),
        connection_id,
    };
    (request, readable)
}

fn too_large(cloud: &Cloud) -> Reply {
    let id = cloud.next_request_id();
    Reply::gateway_error(StatusCode::PAYLOAD_TOO_LARGE, "APIGW.0201", "Request entity too large", &id)
}
