//! The state shared by connections, and the handling of requests.

use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{DATE, HOST, HeaderValue};
use hyper::{Response, StatusCode};

use super::wire::Payload;
use crate::cloud::Cloud;
use crate::faults::apply::Outcome;
use crate::faults::rule::Faults;
use crate::http::journal::Journal;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::script::Script;
use crate::lock::lock;
use crate::router;

/// Maximum size of a request: far more than any request of these services needs.
const LARGEST_REQUEST: usize = 1 << 20;

/// The parts of a running emulator.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) cloud: Cloud,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Mutex<Faults>,
}

pub(super) enum Answered {
    Reply(Response<Payload>),
    Script(Script),
}

impl Backend {
    pub(crate) fn new(cloud: Cloud, faults: Faults, kept_requests: usize) -> Self {
        Self { cloud, journal: Arc::new(Journal::new(kept_requests)), faults: Mutex::new(faults) }
    }

    pub(super) async fn answer(&self, request: hyper::Request<Incoming>, connection_id: u64) -> Answered {
        let in_flight = self.journal.enter();
        let (request, readable) = receive(request, connection_id).await;
        let request = Arc::new(request);
        let now = self.cloud.clock.now();
        let ticket = self.journal.arrived(Arc::clone(&request), now);
        let verdict = lock(&self.faults).decide(&request, now);
        if !verdict.latency.is_zero() {
            tokio::time::sleep(verdict.latency).await;
        }
        let genuine =
            || if readable { router::answer(&self.cloud, &request) } else { too_large(&self.cloud) };
        let outcome = match verdict.fault {
            Some(fault) => fault.apply(&self.cloud.next_request_id(), genuine),
            None => Outcome::Reply(genuine()),
        };
        let date = httpdate::fmt_http_date(self.cloud.clock.system_time());
        let date = HeaderValue::from_str(&date).unwrap_or(HeaderValue::from_static(""));
        match outcome {
            Outcome::Reply(reply) => {
                self.journal.answered(ticket, reply.status.as_u16());
                // The request is removed from those in flight before its response is sent, or the next request of a
                // fast client would overlap it.
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
                    self.journal.answered(ticket, status.as_u16());
                }
                script.set_date(&date);
                script.in_flight = Some(in_flight);
                Answered::Script(script)
            }
        }
    }
}

/// Returns the request, and whether its body was read completely.
async fn receive(request: hyper::Request<Incoming>, connection_id: u64) -> (Request, bool) {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_REQUEST).collect().await.map(http_body_util::Collected::to_bytes);
    let mut headers = head.headers;
    // HTTP/2 sends the host in a pseudo-header; clients sign it as `host`.
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
