//! One request and everything that a service needs to respond to it.

use hyper::StatusCode;
use time::OffsetDateTime;

use crate::auth::authentication::{Caller, authenticate};
use crate::cloud::state::State;
use crate::http::host::CloudHost;
use crate::http::reply::Reply;
use crate::http::request::Request;

/// The context of a service for one response.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a Request,
    pub(crate) state: &'a mut State,
    pub(crate) now: OffsetDateTime,
    pub(crate) request_id: &'a str,
}

impl<'a> Exchange<'a> {
    /// Returns the sender, authenticated by signature or token; otherwise the gateway's 401.
    pub(crate) fn caller(&mut self) -> Result<Caller, Reply> {
        authenticate(self.request, &mut self.state.credentials, self.now)
            .map_err(|why| Reply::unauthenticated(&why, self.request_id))
    }

    /// Returns the host that the client addresses, if it is one of the cloud's.
    pub(crate) fn cloud_host(&self) -> Option<CloudHost<'a>> {
        self.request.header("host").and_then(CloudHost::parse)
    }

    pub(crate) fn no_such_api(&self, status: StatusCode) -> Reply {
        let message = "The API does not exist or has not been published in the environment";
        Reply::gateway_error(status, "APIGW.0101", message, self.request_id)
    }
}
