//! The state shared by connections, and the handling of requests.

use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Limited};
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{DATE, HOST, HeaderValue};

use crate::cloud::state::State;
use crate::faults::rule::Faults;
use crate::http::journal::{InFlight, Journal};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::script::Outcome;
use crate::lock::lock;
use crate::router;

/// Maximum size of a request: far more than any request of these services needs.
const LARGEST_REQUEST: usize = 1 << 20;

/// The parts of a running emulator.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) state: Mutex<State>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Mutex<Faults>,
}

impl Backend {
    pub(super) async fn answer(
        &self,
        request: hyper::Request<Incoming>,
        connection_id: u64,
    ) -> (Outcome, InFlight) {
        let in_flight = self.journal.enter();
        let (request, readable) = receive(request, connection_id).await;
        let now = lock(&self.state).now();
        let ticket = self.journal.arrived(&request, now);
        let verdict = lock(&self.faults).decide(&request, now);
        if !verdict.latency.is_zero() {
            tokio::time::sleep(verdict.latency).await;
        }
        let answer = if readable { router::answer } else { too_large };
        let genuine = || answer(&mut lock(&self.state), &request);
        let mut outcome = match verdict.fault {
            Some(fault) => {
                let request_id = lock(&self.state).next_request_id();
                fault.apply(&request_id, genuine)
            }
            None => Outcome::Reply(genuine()),
        };
        if let Outcome::Reply(reply) | Outcome::Steps(reply, _) = &mut outcome {
            self.journal.answered(ticket, reply.status.as_u16());
            let date = HeaderValue::try_from(httpdate::fmt_http_date(lock(&self.state).now().into()));
            if let Ok(date) = date
                && reply.headers.iter().all(|(name, _)| name != DATE)
            {
                reply.headers.push((DATE, date));
            }
        }
        (outcome, in_flight)
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

fn too_large(state: &mut State, _: &Request) -> Reply {
    let id = state.next_request_id();
    Reply::gateway_error(StatusCode::PAYLOAD_TOO_LARGE, "APIGW.0201", "Request entity too large", &id)
}
