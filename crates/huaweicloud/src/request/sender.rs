//! Sends one call: leave of the guard, signature, time limits, retries and the verdict on what comes back.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::call::{AttemptError, Call};
use super::guard::{Guard, Turn};
use super::response::Response;
use super::retry;
use super::signing::authorize;
use super::skew::{self, Skew};
use super::verdict;
use crate::clock::Clock;
use crate::error::{Asked, Error, Kind};
use crate::escape;
use crate::network::wire::{Outgoing, Wire};

/// How requests are sent.
pub(crate) struct Sender {
    pub(crate) wire: Box<dyn Wire>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) skew: Skew,
    pub(crate) max_retries: u32,
    pub(crate) request_timeout: Duration,
    pub(crate) user_agent: HeaderValue,
}

/// What stays the same from attempt to attempt.
struct Prepared<'c, 'a> {
    call: &'c Call<'a>,
    asked: Arc<Asked>,
    path: String,
    query: String,
}

impl Sender {
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Sends a call until it succeeds, fails for good, or runs out of attempts or time.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Response, Error> {
        let path = call.endpoint.path(call.path);
        let query = escape::query(call.query);
        let asked = Arc::new(Asked {
            operation: call.operation,
            subject: call.subject.clone().into_owned(),
            method: method_name(&call.method),
            url: call.endpoint.url(path.as_deref().unwrap_or_default(), &query),
            region: call.region.to_owned(),
            project: call.project.map(str::to_owned),
            service: call.service.key,
            credential: call
                .credential
                .map(|credential| Arc::clone(&credential.source))
                .or_else(|| call.source.clone()),
            iam_action: call.iam_action,
        });
        let path = path.map_err(|reason| Error::new(Kind::Argument, Some(&asked), reason))?;
        let prepared = Prepared { call, asked, path, query };
        let max_retries = call.max_retries.unwrap_or(self.max_retries).min(self.max_retries);
        let mut retries = 0;
        let mut previous: Option<Error> = None;
        loop {
            let setback = match self.attempt(&prepared, retries).await {
                Ok(answer) => return Ok(answer),
                Err(setback) => setback,
            };
            if !setback.retryable || retries >= max_retries {
                return Err(last_words(setback, previous.as_ref(), retries + 1));
            }
            let wait = setback.retry_after.unwrap_or_else(|| retry::backoff(retries, retry::random()));
            let Some(resume) = resume(wait, call.deadline) else {
                return Err(setback.error.out_of_time(out_of_time(setback.retry_after, retries + 1)));
            };
            sleep_until(resume).await;
            previous = Some(setback.error);
            retries += 1;
        }
    }

    async fn attempt(&self, prepared: &Prepared<'_, '_>, retries: u32) -> Result<Response, AttemptError> {
        let final_error = |error| AttemptError { error, retryable: false, retry_after: None };
        let turn = match prepared.call.credential {
            Some(credential) => Some(enter(&credential.guard, prepared).await.map_err(final_error)?),
            None => None,
        };
        let ahead = self.skew.of(prepared.asked.host());
        let outgoing = self.outgoing(prepared, ahead).map_err(final_error)?;
        let outcome = self.exchange(prepared, outgoing, ahead, retries).await;
        // Only success and refusal matter to the guard; both are told by the error alone.
        if let Some(turn) = turn {
            turn.report(&outcome.as_ref().map(|_| ()).map_err(|setback| setback.error.clone()));
        }
        outcome
    }

    async fn exchange(
        &self,
        prepared: &Prepared<'_, '_>,
        outgoing: Outgoing,
        dated_ahead: i64,
        retries: u32,
    ) -> Result<Response, AttemptError> {
        let (call, asked) = (prepared.call, &prepared.asked);
        let begun = Instant::now();
        let limit = call.attempt_limit.unwrap_or(self.request_timeout).min(self.request_timeout);
        let own_end = begun + limit;
        let end = call.deadline.map_or(own_end, |deadline| deadline.min(own_end));
        let result = timeout_at(end, self.wire.exchange(outgoing)).await;
        let outcome = match result {
            Ok(Ok(incoming)) => {
                let now = self.now();
                let ahead = skew::ahead(&incoming.headers, now);
                if let Some(ahead) = ahead {
                    self.skew.measure(ahead);
                }
                // Only who checks a signature is held to know the time: others may be anyone.
                let ahead = ahead.filter(|_| call.is_signed());
                if let Some(ahead) = ahead {
                    self.skew.note(asked.host(), ahead);
                }
                verdict::judge(call, asked, incoming, ahead.map(|ahead| ahead - dated_ahead), now)
            }
            Ok(Err(failure)) => {
                let retryable = failure.retryable;
                let error = Error::new(failure.kind.clone(), Some(asked), failure.text.clone());
                Err(AttemptError { error: error.caused_by(failure), retryable, retry_after: None })
            }
            Err(_) => Err(verdict::too_late(asked, limit, end < own_end)),
        };
        log(prepared, retries, begun.elapsed(), &outcome);
        outcome
    }

    fn outgoing(&self, prepared: &Prepared<'_, '_>, ahead: i64) -> Result<Outgoing, Error> {
        let Prepared { call, asked, path, query } = prepared;
        let mut headers = HeaderMap::with_capacity(8 + call.headers.len());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.user_agent.clone());
        if call.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        headers.extend(call.headers.iter().cloned());
        let date = skew::moved(self.now(), ahead);
        authorize::authorize(&mut headers, call, path, query, date)
            .map_err(|reason| Error::new(Kind::Argument, Some(asked), reason))?;
        Ok(Outgoing { method: call.method.clone(), url: asked.url.clone(), headers, body: call.body.clone() })
    }
}

/// Leave of the guard. Who has no time left to try gets the words of those who did.
async fn enter<'g>(guard: &'g Guard, prepared: &Prepared<'_, '_>) -> Result<Turn<'g>, Error> {
    let Some(deadline) = prepared.call.deadline else { return guard.enter().await };
    match timeout_at(deadline, guard.enter()).await {
        // Those who run out of time together pass their turns on to each other.
        Ok(turn) if Instant::now() < deadline => return turn,
        Ok(Err(refusal)) => return Err(refusal),
        _ => {}
    }
    Err(match guard.last_failure() {
        Some(failure) => failure.out_of_time("The time for this read ran out while others tried."),
        None => {
            let words = "The time for this read ran out before its request could be sent.";
            Error::new(Kind::Deadline, Some(&prepared.asked), words)
        }
    })
}

/// When to go on after `wait`; `None` when that is too late to get anything.
fn resume(wait: Duration, deadline: Option<Instant>) -> Option<Instant> {
    let resume = Instant::now().checked_add(wait)?;
    deadline.is_none_or(|deadline| resume < deadline).then_some(resume)
}

/// The error of the last attempt, and what led to it.
fn last_words(setback: AttemptError, previous: Option<&Error>, count: u32) -> Error {
    let Some(previous) = previous else { return setback.error };
    match setback.error.kind() {
        Kind::Deadline => setback.error.after(previous),
        _ if setback.retryable => setback.error.and(format!("This was attempt {count}, the last one.")),
        // A refusal may be another request's, and stays in its words.
        _ => setback.error,
    }
}

fn out_of_time(retry_after: Option<Duration>, count: u32) -> String {
    match retry_after {
        Some(wait) => {
            format!(
                "The server asks to wait {} s, which is longer than the time left for this read.",
                wait.as_secs()
            )
        }
        None => format!("The time for this read is used up after attempt {count}."),
    }
}

fn log(
    prepared: &Prepared<'_, '_>,
    retries: u32,
    elapsed: Duration,
    outcome: &Result<Response, AttemptError>,
) {
    let Asked { method, url, .. } = &*prepared.asked;
    let (attempt, milliseconds) = (retries + 1, u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
    match outcome {
        Ok(answer) => {
            let (status, request_id) = (answer.status().as_u16(), answer.request_id());
            tracing::debug!(method, url, attempt, milliseconds, status, request_id, "request answered");
        }
        Err(AttemptError { error, retryable, .. }) => {
            let (status, code, summary) = (error.status(), error.code(), error.summary());
            tracing::debug!(
                method,
                url,
                attempt,
                milliseconds,
                status,
                code,
                summary,
                retryable,
                "request failed"
            );
        }
    }
}

fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::POST => "POST",
        Method::PUT => "PUT",
        _ => "GET",
    }
}
