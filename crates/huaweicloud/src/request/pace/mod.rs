//! Rate of requests to a host. It is unlimited until the host throttles a request: from then on all requests to it
//! share one queue, no faster than its quota, until it has not throttled any for a while.

pub(crate) mod quota;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::sync::{PerKey, lock};
use quota::Quota;

/// Number of requests that are remembered, and therefore the largest quota that can be observed.
const REMEMBERED: u32 = 1024;
/// Minimum wait after a throttled request.
const FLOOR: Duration = Duration::from_secs(1);
/// Maximum wait after consecutive throttled requests to a host that does not name its quota.
const LONGEST: Duration = Duration::from_secs(20);
/// Maximum wait for a named period: part of it may have passed already.
const LONGEST_SHARE: Duration = Duration::from_secs(100);
/// Assumed period of a quota that is not named.
const GUESSED_PERIOD: Duration = Duration::from_secs(1);
/// A guessed quota doubles whenever it was not exceeded for this long.
const WIDENING: Duration = Duration::from_secs(3);
/// A quota is forgotten this long, or ten of its periods, after the last throttled request.
const MEMORY: Duration = Duration::from_mins(1);

/// The pace of each host.
pub(crate) type Paces = PerKey<Pace>;

/// The pace of one host.
#[derive(Default)]
pub(crate) struct Pace {
    state: Mutex<State>,
    /// Waiting requests, first come, first served.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// Requests that count against the quota, by number.
    sent: BTreeMap<u64, Sent>,
    next: u64,
    narrowed: Option<Narrowed>,
}

struct Sent {
    at: Instant,
    accepted: bool,
}

/// State after a throttled request.
struct Narrowed {
    quota: Quota,
    /// Whether the host named the quota.
    is_named: bool,
    /// Lower bound of a guess: half of the previous guess. A request that is throttled early proves little.
    least: u32,
    /// Number of the first request after it.
    since: u64,
    at: Instant,
    opens_at: Instant,
    /// Consecutive throttled requests; those in flight together count once.
    strikes: u32,
}

/// Permission to send one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pass(u64);

/// A request that cannot be sent before its deadline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLate {
    /// When the host accepts requests again; `None` if other requests of the queue come first.
    pub(crate) opens_in: Option<Duration>,
    pub(crate) quota: Option<Quota>,
}

impl Pace {
    /// Waits until one more request may be sent.
    ///
    /// # Errors
    ///
    /// If it cannot be sent before `deadline`; returned at once if that is known.
    pub(crate) async fn enter(&self, deadline: Instant) -> Result<Pass, TooLate> {
        let late = |opens_in| {
            let quota = lock(&self.state).narrowed.as_ref().map(|narrowed| narrowed.quota);
            Err(TooLate { opens_in, quota })
        };
        let Ok(_turn) = timeout_at(deadline, self.turn.lock()).await else { return late(None) };
        loop {
            let now = Instant::now();
            let admitted = lock(&self.state).admit(now);
            match admitted {
                Ok(pass) => return Ok(pass),
                Err(opens_at) if opens_at >= deadline => {
                    return late(Some(opens_at.saturating_duration_since(now)));
                }
                Err(opens_at) => sleep_until(opens_at).await,
            }
        }
    }

    /// Reports that the request was not sent.
    pub(crate) fn unused(&self, pass: Pass) {
        lock(&self.state).sent.remove(&pass.0);
    }

    /// Reports that the host accepted a request.
    pub(crate) fn accepted(&self, pass: Pass) {
        let State { sent, narrowed, .. } = &mut *lock(&self.state);
        if let Some(sent) = sent.get_mut(&pass.0) {
            sent.accepted = true;
        }
        match narrowed {
            Some(narrowed) if pass.0 >= narrowed.since => narrowed.strikes = 0,
            // Requests in flight when the queue narrowed show how many the host accepts.
            Some(it) if !it.is_named => it.quota = guess(sent, it.since, it.at, it.least),
            _ => {}
        }
    }

    /// Reports that the host throttled a request, with the quota and wait from its response. `random` is for jitter.
    pub(crate) fn refused(
        &self,
        pass: Pass,
        named: Option<Quota>,
        retry_after: Option<Duration>,
        random: u32,
    ) {
        let now = Instant::now();
        let State { sent, next, narrowed } = &mut *lock(&self.state);
        sent.remove(&pass.0);
        let known = named.or(narrowed.as_ref().filter(|it| it.is_named).map(|it| it.quota));
        let asked = retry_after.and_then(|wait| now.checked_add(wait.max(FLOOR)));
        // Requests in flight when the queue narrowed only confirm that.
        if let Some(narrowed) = narrowed.as_mut().filter(|narrowed| pass.0 < narrowed.since) {
            if let Some(quota) = known {
                (narrowed.quota, narrowed.is_named) = (quota, true);
            }
            narrowed.opens_at = asked.map_or(narrowed.opens_at, |asked| asked.max(narrowed.opens_at));
            return;
        }
        let strikes = narrowed.as_ref().map_or(0, |narrowed| narrowed.strikes);
        let least = narrowed.as_ref().map_or(1, |narrowed| (narrowed.limit(now) / 2).max(1));
        *narrowed = Some(Narrowed {
            quota: known.unwrap_or_else(|| guess(sent, *next, now, least)),
            is_named: known.is_some(),
            least,
            since: *next,
            at: now,
            opens_at: asked.unwrap_or_else(|| now + wait(known, strikes, random)),
            strikes: strikes.saturating_add(1),
        });
    }
}

impl State {
    /// Counts one more request, or returns the earliest time at which it may be sent.
    fn admit(&mut self, now: Instant) -> Result<Pass, Instant> {
        self.narrowed = self.narrowed.take().filter(|narrowed| !narrowed.is_over(now));
        if let Some(narrowed) = &self.narrowed {
            if now < narrowed.opens_at {
                return Err(narrowed.opens_at);
            }
            let limit = usize::try_from(narrowed.limit(now)).unwrap_or(usize::MAX);
            let free = self.sent.values().nth_back(limit.saturating_sub(1));
            if let Some(free) = free.map(|sent| sent.at + narrowed.span()).filter(|free| now < *free) {
                return Err(free);
            }
        }
        let number = self.next;
        self.next += 1;
        self.sent.insert(number, Sent { at: now, accepted: false });
        if self.sent.len() > REMEMBERED as usize {
            self.sent.pop_first();
        }
        Ok(Pass(number))
    }
}

/// Returns how many of the requests before number `since` the host accepted in the period up to `at`.
fn guess(sent: &BTreeMap<u64, Sent>, since: u64, at: Instant, least: u32) -> Quota {
    let earlier = sent.range(..since).filter(|(_, sent)| sent.accepted);
    let recent = earlier.filter(|(_, sent)| at.saturating_duration_since(sent.at) <= GUESSED_PERIOD);
    let accepted = u32::try_from(recent.count()).unwrap_or(u32::MAX);
    Quota { limit: accepted.max(least), period: GUESSED_PERIOD }
}

impl Narrowed {
    /// Returns how many requests may be sent in one [`span`](Self::span).
    fn limit(&self, now: Instant) -> u32 {
        let open = now.saturating_duration_since(self.opens_at);
        let doublings = if self.is_named { 0 } else { open.as_secs() / WIDENING.as_secs() };
        let factor = 2_u32.saturating_pow(u32::try_from(doublings).unwrap_or(u32::MAX));
        self.quota.limit.saturating_mul(factor).min(REMEMBERED)
    }

    /// Returns the period plus a margin: requests do not arrive as evenly as they are sent.
    fn span(&self) -> Duration {
        self.quota.period + (self.quota.period / 10).min(Duration::from_millis(500))
    }

    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.opens_at) >= (self.quota.period * 10).max(MEMORY)
    }
}

/// Returns the wait after a throttled request: a third of a named period, or one second doubled with each consecutive
/// one, and up to half as much again.
fn wait(named: Option<Quota>, strikes: u32, random: u32) -> Duration {
    let doubled = FLOOR.saturating_mul(2_u32.saturating_pow(strikes)).min(LONGEST);
    let share = named.map_or(Duration::ZERO, |quota| (quota.period / 3).min(LONGEST_SHARE));
    let least = doubled.max(share);
    least + least.mul_f64(f64::from(random) / f64::from(u32::MAX) / 2.0)
}

#[cfg(test)]
mod tests;
