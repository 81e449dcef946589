//! Sends a call: pacing, the current credential, signature, timeouts, retries and the meaning of the response.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::call::{AttemptError, Call, Retry};
use super::guard::{Guard, Turn};
use super::pace::{Pace, Paces, TooLate};
use super::response::Response;
use super::retry;
use super::signing::authorize;
use super::skew::{self, Skew};
use super::verdict;
use crate::clock::Clock;
use crate::error::{Asked, Error, Kind};
use crate::escape;
use crate::network::{Outgoing, Wire};

/// How requests are sent.
pub(crate) struct Sender {
    pub(crate) wire: Box<dyn Wire>,
    pub(crate) clock: Clock,
    pub(crate) skew: Skew,
    pub(crate) paces: Paces,
    pub(crate) max_retries: u32,
    pub(crate) request_timeout: Duration,
    pub(crate) user_agent: HeaderValue,
}

/// How long a call without a deadline waits for a host that throttles it.
const PATIENCE: Duration = Duration::from_mins(5);

/// A call that is being sent.
struct Sending<'a> {
    sender: &'a Sender,
    call: Call<'a>,
    asked: Arc<Asked>,
    pace: Arc<Pace>,
    path: String,
    query: String,
    /// Latest time until which to wait for the host's pace.
    patience: Instant,
    /// Number of attempts that have ended.
    attempts: u32,
    /// How the previous attempt failed.
    previous: Option<Error>,
}

impl Sender {
    /// Sends a call until it succeeds, fails permanently, or runs out of retries or time. Each attempt uses the then
    /// current credential.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Response, Error> {
        let max_retries = call.max_retries.unwrap_or(self.max_retries).min(self.max_retries);
        let is_sent_once = call.max_retries == Some(0);
        let mut failures = 0;
        let mut sending = self.prepare(call)?;
        loop {
            let AttemptError { error, retry } = match sending.attempt().await {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            match retry {
                Retry::Renewed => {}
                // The pace delays the next attempt.
                Retry::Paced { .. } if !is_sent_once => sending.attempts += 1,
                Retry::After(wait) if failures < max_retries => {
                    let backoff = wait.unwrap_or_default().max(retry::backoff(failures, retry::random()));
                    failures += 1;
                    sending.attempts += 1;
                    // Later there is no time left to get a response.
                    let in_time = |resume: &Instant| sending.call.deadline.is_none_or(|end| *resume < end);
                    let Some(resume) = Instant::now().checked_add(backoff).filter(in_time) else {
                        let reason = match wait {
                            Some(wait) => format!(
                                "The server asks to wait {} s, which is longer than the time left for this read.",
                                wait.as_secs()
                            ),
                            None => format!("The read timed out after attempt {}.", sending.attempts),
                        };
                        return Err(error.out_of_time(reason));
                    };
                    sleep_until(resume).await;
                }
                _ => return Err(sending.last_words(error, retry)),
            }
            if let Some(bearer) = sending.call.bearer {
                sending.call.credential = Some(bearer.credential().await?);
            }
            if retry != Retry::Renewed {
                sending.previous = Some(error);
            }
        }
    }

    fn prepare<'a>(&'a self, call: Call<'a>) -> Result<Sending<'a>, Error> {
        let path = call.endpoint.path(call.path);
        let query = escape::query(call.query);
        let credential = call.credential.as_ref().map(|credential| &credential.source);
        let asked = Arc::new(Asked {
            operation: call.operation,
            subject: call.subject.clone().into_owned(),
            method: match call.method {
                Method::POST => "POST",
                Method::PUT => "PUT",
                _ => "GET",
            },
            url: call.endpoint.url(path.as_deref().unwrap_or_default(), &query),
            region: call.region.to_owned(),
            project: call.project.map(str::to_owned),
            service: call.service.key,
            credential: credential.or(call.source.as_ref()).cloned(),
            iam_action: call.iam_action,
        });
        let path = path.map_err(|reason| Error::new(Kind::Argument, Some(&asked), reason))?;
        let pace = self.paces.of(asked.host());
        let patience = call.deadline.unwrap_or_else(|| Instant::now() + PATIENCE);
        Ok(Sending { sender: self, call, asked, pace, path, query, patience, attempts: 0, previous: None })
    }
}

impl Sending<'_> {
    async fn attempt(&self) -> Result<Response, AttemptError> {
        let Self { sender, call, asked, pace, .. } = self;
        let turn = match &call.credential {
            Some(credential) => Some(self.enter(&credential.guard).await?),
            None => None,
        };
        let pass = pace.enter(self.patience).await.map_err(|late| self.too_many(late))?;
        let now = (sender.clock)();
        if call.bearer.is_some()
            && call.credential.as_ref().is_some_and(|credential| !credential.is_alive(now))
        {
            pace.unused(pass);
            let reason = "The credential expired before the request was sent.";
            let error = Error::new(Kind::CredentialSource, Some(asked), reason);
            return Err(AttemptError { error, retry: Retry::Renewed });
        }
        let ahead = sender.skew.of(asked.host());
        let outgoing = self.outgoing(skew::moved((sender.clock)(), ahead))?;
        let outcome = self.exchange(outgoing, ahead).await;
        match &outcome {
            Err(AttemptError { retry: Retry::Paced { quota, retry_after }, .. }) => {
                pace.refused(pass, *quota, *retry_after, retry::random());
            }
            Err(AttemptError { error, .. }) if error.status().is_none() => {}
            _ => pace.accepted(pass),
        }
        // The guard needs only success and rejection; the error alone identifies both.
        if let Some(turn) = turn {
            turn.report(&outcome.as_ref().map(|_| ()).map_err(|failed| failed.error.clone()));
        }
        outcome
    }

    async fn exchange(&self, outgoing: Outgoing, dated_ahead: i64) -> Result<Response, AttemptError> {
        let Self { sender, call, asked, .. } = self;
        let begun = Instant::now();
        let limit = call.attempt_limit.unwrap_or(sender.request_timeout).min(sender.request_timeout);
        let own_end = begun + limit;
        let end = call.deadline.map_or(own_end, |deadline| deadline.min(own_end));
        let outcome = match timeout_at(end, sender.wire.exchange(outgoing)).await {
            Ok(Ok(incoming)) => {
                let now = (sender.clock)();
                // Only the clock of a server that checks signatures is trusted: other responses may come from any
                // server.
                let ahead = sender.skew.measure(&incoming.headers, now).filter(|_| call.is_signed());
                if let Some(ahead) = ahead {
                    sender.skew.note(asked.host(), ahead);
                }
                verdict::judge(call, asked, incoming, ahead.map(|ahead| ahead - dated_ahead), now)
            }
            Ok(Err(failure)) => {
                let retry = if failure.retryable { Retry::After(None) } else { Retry::Never };
                let error = Error::new(failure.kind, Some(asked), failure.text).caused_by(failure.source);
                Err(AttemptError { error, retry })
            }
            Err(_) => Err(verdict::too_late(asked, limit, end < own_end)),
        };
        log(asked, self.attempts + 1, begun.elapsed(), &outcome);
        outcome
    }

    fn outgoing(&self, date: SystemTime) -> Result<Outgoing, Error> {
        let Self { sender, call, asked, path, query, .. } = self;
        let mut headers = HeaderMap::with_capacity(8 + call.headers.len());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, sender.user_agent.clone());
        if call.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        headers.extend(call.headers.iter().cloned());
        authorize::authorize(&mut headers, call, path, query, date)
            .map_err(|reason| Error::new(Kind::Argument, Some(asked), reason))?;
        Ok(Outgoing { method: call.method.clone(), url: asked.url.clone(), headers, body: call.body.clone() })
    }

    /// Waits for permission from the guard. A caller with no time left for its own attempt gets the error of an earlier
    /// one.
    async fn enter<'g>(&self, guard: &'g Guard) -> Result<Turn<'g>, Error> {
        let Some(deadline) = self.call.deadline else { return guard.enter().await };
        match timeout_at(deadline, guard.enter()).await {
            // Callers that run out of time together pass their turns on to each other.
            Ok(turn) if Instant::now() < deadline => return turn,
            Ok(Err(refusal)) => return Err(refusal),
            _ => {}
        }
        Err(match guard.last_failure() {
            Some(failure) => failure.out_of_time(
                "The read timed out while other reads were using this credential for the first time.",
            ),
            None => {
                let words = "The read timed out before its request could be sent.";
                Error::new(Kind::Deadline, Some(&self.asked), words)
            }
        })
    }

    /// Creates the error of a request that the host would throttle until its deadline.
    fn too_many(&self, late: TooLate) -> Error {
        let host = self.asked.host();
        let quota = late.quota.map(|quota| format!(" (at most {quota})")).unwrap_or_default();
        let reason = match late.opens_in.map(|wait| wait.as_secs_f64().ceil()) {
            Some(seconds) => format!(
                "{host} limits requests{quota}: the next one is possible in {seconds} s, which is longer than the time left for this read."
            ),
            None => format!(
                "{host} limits requests{quota}, and the read timed out while waiting for other requests."
            ),
        };
        match &self.previous {
            Some(previous) if *previous.kind() == Kind::Throttled => previous.clone().out_of_time(reason),
            _ => Error::new(Kind::Throttled, Some(&self.asked), reason).into_out_of_time(),
        }
    }

    /// Returns the error of the last attempt, with the failures that led to it.
    fn last_words(&self, error: Error, retry: Retry) -> Error {
        let Some(previous) = &self.previous else { return error };
        match error.kind() {
            Kind::Deadline => error.after(previous),
            _ if retry != Retry::Never => error.and(format!(
                "This was attempt {}, the last one. To allow more, raise `max_retries`.",
                self.attempts + 1
            )),
            // A rejection may belong to another request, and keeps its message.
            _ => error,
        }
    }
}

fn log(asked: &Asked, attempt: u32, elapsed: Duration, outcome: &Result<Response, AttemptError>) {
    let Asked { method, url, .. } = asked;
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let AttemptError { error, retry } = match outcome {
        Ok(response) => {
            let (status, request_id) = (response.status.as_u16(), response.request_id());
            tracing::debug!(method, url, attempt, milliseconds, status, request_id, "response received");
            return;
        }
        Err(failed) => failed,
    };
    let (status, code, summary) = (error.status(), error.code(), error.summary());
    let retryable = *retry != Retry::Never;
    tracing::debug!(method, url, attempt, milliseconds, status, code, summary, retryable, "request failed");
}
