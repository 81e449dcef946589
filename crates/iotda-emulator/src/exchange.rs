//! One request and all that a service needs to answer it.

use hyper::StatusCode;
use time::OffsetDateTime;

use crate::auth::authentication::{Caller, authenticate};
use crate::cloud::state::State;
use crate::http::host::CloudHost;
use crate::http::reply::Reply;
use crate::http::request::Request;

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
            .map_err(|why| Reply::unauthenticated(&why, self.request_id))
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
