//! Routing of paths to services.

use hyper::header::HeaderName;
use hyper::{Method, StatusCode};

use crate::cloud::state::State;
use crate::exchange::Exchange;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::services::{iam, instances, metadata, oidc, security_tokens, sts, tokens};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// Returns the response of the cloud, before any fault.
pub(crate) fn answer(state: &mut State, request: &Request) -> Reply {
    let request_id = state.next_request_id();
    let now = state.now();
    let exchange = Exchange { request, state, now, request_id: &request_id };
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let reply = route(exchange, &segments).unwrap_or_else(|refusal| refusal);
    // The component in front of a service adds its id.
    match segments.as_slice() {
        ["meta-data" | "openstack", ..] => reply,
        ["v3" | "v3.0", ..] => reply.with_header(REQUEST_ID, &request_id).with_header(TRACE_ID, &request_id),
        _ => reply.with_header(REQUEST_ID, &request_id),
    }
}

fn route(mut exchange: Exchange<'_>, segments: &[&str]) -> Result<Reply, Reply> {
    let exchange = &mut exchange;
    let method = exchange.request.method.clone();
    if exchange.cloud_host().is_some_and(|host| !host.serves(segments)) {
        return Err(exchange.no_such_api(StatusCode::NOT_FOUND));
    }
    match (method, segments) {
        (Method::GET, ["v5", "iot", project_id, "iotda-instances", rest @ ..]) => {
            instances::answer(exchange, project_id, rest)
        }
        // The real API has calls that write. The emulator has none, so that it detects any client that does not only
        // read.
        (_, ["v5", "iot", _, "iotda-instances", ..]) => {
            Err(exchange.no_such_api(StatusCode::METHOD_NOT_ALLOWED))
        }
        (Method::GET, ["v3", "projects"]) => iam::projects(exchange),
        (Method::GET, ["v3", "auth", "domains"]) => iam::domains(exchange),
        (Method::POST, ["v3", "auth", "tokens"]) => tokens::issue(exchange),
        (Method::POST, ["v3.0", "OS-CREDENTIAL", "securitytokens"]) => security_tokens::issue(exchange),
        (Method::POST, ["v3.0", "OS-AUTH", "id-token", "tokens"]) => oidc::exchange(exchange),
        (Method::POST, ["v5", "agencies", "assume"]) => sts::assume(exchange),
        (method, ["meta-data", "latest", "api", "token"]) => metadata::token(exchange, &method),
        (Method::GET, ["openstack", "latest", "securitykey"]) => metadata::security_key(exchange),
        _ => Err(exchange.no_such_api(StatusCode::NOT_FOUND)),
    }
}
