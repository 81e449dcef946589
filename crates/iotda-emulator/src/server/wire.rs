//! Bodies that are sent in steps.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::{Body, Frame};
use tokio::time::sleep;

use crate::http::journal::InFlight;
use crate::http::script::{Ending, Step};
use crate::lock::lock;

/// Time to write the part of a response that precedes its break: what is not written by then is discarded.
const BEFORE_BREAK: Duration = Duration::from_millis(5);

/// How the connection ends, if a fault requires it.
pub(super) type Planned = Arc<Mutex<Option<Ending>>>;

/// Returns a body that consists of these steps. The request is removed from those in flight before the last of them,
/// or the next request of a fast client would overlap it.
pub(super) fn body(
    steps: Vec<Step>,
    in_flight: InFlight,
    planned: Planned,
) -> impl Body<Data = Bytes, Error = io::Error> + Send {
    let state = (VecDeque::from(steps), Some(in_flight), planned);
    StreamBody::new(stream::unfold(state, async |(mut steps, mut in_flight, planned)| {
        loop {
            let step = steps.pop_front()?;
            if steps.is_empty() && !matches!(step, Step::Endless(_)) {
                in_flight = None;
            }
            let frame = match step {
                Step::Send(bytes) => Ok(Frame::data(bytes)),
                Step::Pause(time) => {
                    sleep(time).await;
                    continue;
                }
                Step::Endless(bytes) => {
                    steps.push_front(Step::Endless(bytes.clone()));
                    Ok(Frame::data(bytes))
                }
                Step::Break(ending) => {
                    sleep(BEFORE_BREAK).await;
                    *lock(&planned) = Some(ending);
                    Err(io::ErrorKind::ConnectionReset.into())
                }
            };
            return Some((frame, (steps, in_flight, planned)));
        }
    }))
}
