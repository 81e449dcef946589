//! Conversion of a fault into its effect on the client.

use std::io::{self, Read};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use flate2::Compression;
use flate2::read::GzEncoder;
use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue, LOCATION};

use super::fault::{Answer, Fault};
use crate::http::reply::Reply;
use crate::http::script::{Ending, Outcome, Step};

const HTML: HeaderValue = HeaderValue::from_static("text/html");
const PIECE: usize = 64 << 10;

impl Fault {
    /// Checks that the response can be sent.
    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Status(code) => status(*code).map(drop),
            Self::Answer(answer) => answer.reply().map(drop),
            Self::Redirect(location) => header("location", location).map(drop),
            Self::Throttle(throttle) if throttle.window_seconds == 0 => {
                Err("a window has at least one second".to_owned())
            }
            Self::Encoded { coding, .. } => header("content-encoding", coding).map(drop),
            _ => Ok(()),
        }
    }

    /// Calls `genuine` only for the faults that need the genuine response: creating it changes the state of the cloud.
    pub(crate) fn apply(self, request_id: &str, genuine: impl FnOnce() -> Reply) -> Outcome {
        match self {
            Self::Status(code) => configured(status(code).map(|status| status_reply(status, request_id))),
            Self::Answer(answer) => configured(answer.reply()),
            Self::Redirect(location) => Outcome::Reply(
                Reply::typed(StatusCode::TEMPORARY_REDIRECT, HTML, "").with_header(LOCATION, &location),
            ),
            Self::Throttle(throttle) => Outcome::Reply(throttle.refusal(request_id)),
            Self::Latency(_) => Outcome::Reply(genuine()),
            Self::MalformedJson => Outcome::Reply(map_body(genuine(), |body| first_half(&body))),
            Self::Oversized(size) => Outcome::Reply(map_body(genuine(), |body| padded(&body, size))),
            Self::Gzip => Outcome::Reply(encoded(genuine(), "gzip", 1)),
            Self::Encoded { coding, gzip_members } => {
                Outcome::Reply(encoded(genuine(), &coding, gzip_members))
            }
            Self::GzipBomb(size) => Outcome::Reply(gzip_bomb(size as u64)),
            Self::Hang => Outcome::Hang,
            Self::ResetBeforeHeaders => Outcome::NoReply(Ending::Reset),
            Self::ResetAfterHeaders => whole_length(genuine(), |_| vec![Step::Break(Ending::Reset)]),
            Self::ResetInBody => whole_length(genuine(), |body| half(body, Ending::Reset)),
            Self::TruncatedBody => whole_length(genuine(), |body| half(body, Ending::Close(Bytes::new()))),
            Self::SlowDrip { bytes, every } => whole_length(genuine(), |body| drip(body, bytes, every)),
            Self::EndlessBody => {
                let blanks = Step::Endless(vec![b' '; PIECE].into());
                Outcome::Steps(Reply::json(StatusCode::OK, ""), vec![blanks])
            }
            Self::Raw(bytes) => Outcome::NoReply(Ending::Close(bytes.into())),
        }
    }
}

impl Answer {
    fn reply(&self) -> Result<Reply, String> {
        let status = status(self.status)?;
        let headers = self.headers.iter().map(|(name, value)| header(name, value));
        Ok(Reply { status, headers: headers.collect::<Result<_, _>>()?, body: self.body.clone() })
    }
}

fn status(code: u16) -> Result<StatusCode, String> {
    StatusCode::from_u16(code).map_err(|_| format!("{code} is not a status"))
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
    parsed.ok_or_else(|| format!("`{name}: {value}` is not a header"))
}

/// Returns a configured response, or the reason why it cannot be sent.
fn configured(reply: Result<Reply, String>) -> Outcome {
    let unsendable = |why| format!("iotda-emulator: fault: {why}");
    Outcome::Reply(
        reply.unwrap_or_else(|why| Reply::text(StatusCode::INTERNAL_SERVER_ERROR, unsendable(why))),
    )
}

fn status_reply(status: StatusCode, request_id: &str) -> Reply {
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let message = "The throttling threshold has been reached: policy api over ratelimit, limit 100";
            Reply::gateway_error(status, "APIGW.0308", message, request_id)
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            Reply::service_error(status, "IOTDA.000007", "The data in the database is abnormal.")
        }
        _ => {
            let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("Error"));
            Reply::typed(status, HTML, format!("<html><head><title>{title}</title></head></html>\r\n"))
        }
    }
}

fn map_body(mut reply: Reply, change: impl FnOnce(Bytes) -> Bytes) -> Reply {
    reply.body = change(reply.body);
    reply
}

fn first_half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

fn padded(body: &Bytes, size: usize) -> Bytes {
    let mut padded = BytesMut::from(body.as_ref());
    padded.resize(size.max(body.len()), b' ');
    padded.freeze()
}

/// Compresses the body into this many gzip members, of about equal length before compression, under the given coding.
fn encoded(reply: Reply, coding: &str, members: usize) -> Reply {
    if members == 0 {
        return reply.with_header(CONTENT_ENCODING, coding);
    }
    let body = reply.body.clone();
    compressed(reply, coding, body.chunks(body.len().div_ceil(members).max(1)))
}

fn gzip_bomb(size: u64) -> Reply {
    let text = b"\"".chain(io::repeat(b' ').take(size)).chain(&b"\""[..]);
    compressed(Reply::json(StatusCode::OK, ""), "gzip", [text])
}

/// Reading from memory cannot fail; if it did, the response would be sent unchanged, and not claim to be compressed.
fn compressed<R: Read>(reply: Reply, coding: &str, members: impl IntoIterator<Item = R>) -> Reply {
    let mut body = Vec::new();
    let mut compress = |member| GzEncoder::new(member, Compression::default()).read_to_end(&mut body);
    match members.into_iter().try_for_each(|member| compress(member).map(drop)) {
        Ok(()) => map_body(reply, |_| body.into()).with_header(CONTENT_ENCODING, coding),
        Err(_) => reply,
    }
}

/// Returns steps under the `Content-Length` of the whole body.
fn whole_length(mut reply: Reply, steps: impl FnOnce(&Bytes) -> Vec<Step>) -> Outcome {
    reply.headers.push((CONTENT_LENGTH, reply.body.len().into()));
    let steps = steps(&reply.body);
    Outcome::Steps(reply, steps)
}

fn half(body: &Bytes, ending: Ending) -> Vec<Step> {
    vec![Step::Send(first_half(body)), Step::Break(ending)]
}

fn drip(body: &Bytes, bytes: usize, every: Duration) -> Vec<Step> {
    let pieces = body.chunks(bytes.max(1)).map(|piece| Step::Send(Bytes::copy_from_slice(piece)));
    pieces.flat_map(|piece| [Step::Pause(every), piece]).skip(1).collect()
}
