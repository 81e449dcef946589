//! The gateway: finds the service that a path belongs to, and who is asking.

mod authentication;
mod host;
mod signature;

pub(crate) use authentication::{Caller, authenticate};
pub(crate) use host::CloudHost;
pub(crate) use signature::hex;

use hyper::header::HeaderName;
use hyper::{Method, StatusCode};
use time::OffsetDateTime;

use crate::cloud::Cloud;
use crate::lock;
use crate::reply::Reply;
use crate::request::Request;
use crate::services::{iam, instances, metadata, oidc, security_tokens, sts, tokens};
use crate::state::State;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// What stands before a service, and leaves its id on the answers.
enum Front {
    Gateway,
    Iam,
    None,
}

/// All that a service needs for one answer.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a Request,
    pub(crate) state: &'a mut State,
    pub(crate) now: OffsetDateTime,
    pub(crate) request_id: &'a str,
}

impl Exchange<'_> {
    /// Who is asking, by signature or token; if nobody can be made out, the gateway's 401.
    pub(crate) fn caller(&mut self) -> Result<Caller, Reply> {
        authenticate(self.request, &mut self.state.credentials, self.now)
            .map_err(|why| gateway_refusal(&why, self.request_id))
    }

    /// The host that the client believes it speaks to, if it is one of the cloud's.
    pub(crate) fn cloud_host(&self) -> Option<CloudHost<'_>> {
        self.request.header("host").and_then(CloudHost::parse)
    }

    pub(crate) fn no_such_api(&self, status: StatusCode) -> Reply {
        let message = "The API does not exist or has not been published in the environment";
        Reply::gateway_error(status, "APIGW.0101", message, self.request_id)
    }
}

/// The gateway's 401.
pub(crate) fn gateway_refusal(why: &str, request_id: &str) -> Reply {
    let message = format!("Incorrect IAM authentication information: {why}");
    Reply::gateway_error(StatusCode::UNAUTHORIZED, "APIGW.0301", &message, request_id)
}

/// The answer of the cloud as it is, before any fault.
pub(crate) fn answer(cloud: &Cloud, request: &Request) -> Reply {
    let request_id = cloud.next_request_id();
    let mut state = lock(&cloud.state);
    let exchange = Exchange { request, state: &mut state, now: cloud.clock.now(), request_id: &request_id };
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (reply, front) = route(exchange, &segments);
    stamp(reply, &front, &request_id)
}

fn route(mut exchange: Exchange<'_>, segments: &[&str]) -> (Reply, Front) {
    let method = exchange.request.method.clone();
    if exchange.cloud_host().is_some_and(|host| !host.serves(segments)) {
        return (exchange.no_such_api(StatusCode::NOT_FOUND), Front::Gateway);
    }
    match (method, segments) {
        (Method::GET, ["v5", "iot", project_id, "iotda-instances", rest @ ..]) => {
            (instances::answer(&mut exchange, project_id, rest), Front::Gateway)
        }
        // The real API has calls that write. This stand-in has none, so that a client that only reads is seen to.
        (_, ["v5", "iot", _, "iotda-instances", ..]) => {
            (exchange.no_such_api(StatusCode::METHOD_NOT_ALLOWED), Front::Gateway)
        }
        (Method::GET, ["v3", "projects"]) => (iam::projects(&mut exchange), Front::Iam),
        (Method::GET, ["v3", "auth", "domains"]) => (iam::domains(&mut exchange), Front::Iam),
        (Method::POST, ["v3", "auth", "tokens"]) => (tokens::issue(&mut exchange), Front::Iam),
        (Method::POST, ["v3.0", "OS-CREDENTIAL", "securitytokens"]) => {
            (security_tokens::issue(&mut exchange), Front::Iam)
        }
        (Method::POST, ["v3.0", "OS-AUTH", "id-token", "tokens"]) => {
            (oidc::exchange(&mut exchange), Front::Iam)
        }
        (Method::POST, ["v5", "agencies", "assume"]) => (sts::assume(&mut exchange), Front::Gateway),
        (method, ["meta-data", "latest", "api", "token"]) => {
            (metadata::token(&mut exchange, &method), Front::None)
        }
        (Method::GET, ["openstack", "latest", "securitykey"]) => {
            (metadata::security_key(&mut exchange), Front::None)
        }
        _ => (exchange.no_such_api(StatusCode::NOT_FOUND), Front::Gateway),
    }
}

fn stamp(mut reply: Reply, front: &Front, request_id: &str) -> Reply {
    let names: &[HeaderName] = match front {
        Front::Gateway => &[REQUEST_ID],
        Front::Iam => &[REQUEST_ID, TRACE_ID],
        Front::None => &[],
    };
    for name in names {
        reply = reply.with_header(name.clone(), request_id);
    }
    reply
}
