//! Selection of the requests that a fault applies to.

use std::time::Duration;

use serde::Deserialize;
use time::OffsetDateTime;

use super::fault::Fault;
use super::throttle::Window;
use crate::http::request::Request;

/// A fault and the requests it applies to; without conditions, all of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    fault: Fault,
    path: Option<String>,
    query: Option<String>,
    method: Option<String>,
    #[serde(default)]
    nth: Vec<u64>,
    #[serde(default)]
    skip: u64,
    times: Option<u64>,
    probability: Option<f64>,
}

impl Rule {
    /// Creates a fault for every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            path: None,
            query: None,
            method: None,
            nth: Vec::new(),
            skip: 0,
            times: None,
            probability: None,
        }
    }

    /// Limits the fault to requests whose path, as sent, contains this.
    #[must_use]
    pub fn path(mut self, part: impl Into<String>) -> Self {
        self.path = Some(part.into());
        self
    }

    /// Limits the fault to requests whose query, as sent, contains this.
    #[must_use]
    pub fn query(mut self, part: impl Into<String>) -> Self {
        self.query = Some(part.into());
        self
    }

    /// Limits the fault to requests with this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Limits the fault to these of the otherwise matching requests, counted from 1.
    #[must_use]
    pub fn nth(mut self, numbers: &[u64]) -> Self {
        self.nth = numbers.to_vec();
        self
    }

    /// Skips this many matching requests.
    #[must_use]
    pub fn skip(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// Limits how many times the fault is applied.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.times = Some(count);
        self
    }

    /// Applies the fault to each matching request with this probability only.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Checks the rule; an error begins with the field at fault.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(probability) = self.probability.filter(|it| !(0.0..=1.0).contains(it)) {
            return Err(format!("probability: {probability} is not between 0 and 1"));
        }
        self.fault.check().map_err(|why| format!("fault: {why}"))
    }

    fn matches(&self, request: &Request) -> bool {
        let contains = |part: &Option<String>, whole: &str| part.as_ref().is_none_or(|it| whole.contains(it));
        contains(&self.path, &request.path)
            && contains(&self.query, &request.query)
            && self.method.as_ref().is_none_or(|method| request.method.as_str() == method)
    }
}

#[derive(Debug)]
pub(crate) struct Active {
    rule: Rule,
    /// Number of matching requests so far.
    seen: u64,
    /// Number of requests that it was applied to so far.
    applied: u64,
    /// State of a throttle.
    window: Window,
}

impl Active {
    fn is_due(&self, draw: impl FnOnce() -> f64) -> bool {
        self.seen > self.rule.skip
            && (self.rule.nth.is_empty() || self.rule.nth.contains(&self.seen))
            && self.rule.times.is_none_or(|times| self.applied < times)
            && self.rule.probability.is_none_or(|probability| draw() < probability)
    }
}

/// The faults to apply to a request.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) latency: Duration,
    pub(crate) fault: Option<Fault>,
}

/// The active rules, in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) active: Vec<Active>,
    random: u64,
}

impl Faults {
    pub(crate) fn new(rules: Vec<Rule>, seed: u64) -> Self {
        // Xorshift never leaves the state zero.
        let mut faults = Self { active: Vec::new(), random: seed.max(1) };
        for rule in rules {
            faults.add(rule);
        }
        faults
    }

    pub(crate) fn add(&mut self, rule: Rule) {
        self.active.push(Active { rule, seen: 0, applied: 0, window: Window::default() });
    }

    /// Returns the faults of a request. The first rule that applies wins, and only it counts the request as one of its
    /// times.
    pub(crate) fn decide(&mut self, request: &Request, now: OffsetDateTime) -> Verdict {
        let mut verdict = Verdict::default();
        let random = &mut self.random;
        for active in self.active.iter_mut().filter(|active| active.rule.matches(request)) {
            active.seen += 1;
            let taken = verdict.fault.is_some() && !matches!(active.rule.fault, Fault::Latency(_));
            if taken || !active.is_due(|| draw(random)) {
                continue;
            }
            match &active.rule.fault {
                Fault::Latency(latency) => verdict.latency += *latency,
                Fault::Throttle(throttle) => match active.window.refuses(throttle, now) {
                    None => continue,
                    Some(throttle) => verdict.fault = Some(Fault::Throttle(throttle)),
                },
                fault => verdict.fault = Some(fault.clone()),
            }
            active.applied += 1;
        }
        verdict
    }
}

/// Returns a number from 0 up to 1, by xorshift: the same sequence for the same seed.
fn draw(random: &mut u64) -> f64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    let upper = u32::try_from(*random >> 32).unwrap_or(u32::MAX);
    f64::from(upper) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;
    use crate::http::request::sample;

    fn statuses(faults: &mut Faults, count: usize) -> Vec<u16> {
        let request = sample(Method::GET, "/v5/iot/p/iotda-instances", "limit=50");
        let status = |fault| if let Some(Fault::Status(status)) = fault { status } else { 0 };
        (0..count).map(|_| status(faults.decide(&request, OffsetDateTime::UNIX_EPOCH).fault)).collect()
    }

    fn status(code: u16) -> Rule {
        Rule::new(Fault::Status(code))
    }

    #[test]
    fn rules_take_turns_when_the_first_is_used_up() {
        let rules = vec![status(503).times(2), status(429).times(1)];
        assert_eq!(statuses(&mut Faults::new(rules, 1), 4), [503, 503, 429, 0]);
    }

    #[test]
    fn numbers_and_skips_count_the_requests_that_match() {
        assert_eq!(statuses(&mut Faults::new(vec![status(500).nth(&[1, 3])], 1), 4), [500, 0, 500, 0]);
        assert_eq!(statuses(&mut Faults::new(vec![status(500).skip(1).times(1)], 1), 3), [0, 500, 0]);
    }

    #[test]
    fn conditions_are_on_path_query_and_method() {
        for rule in [status(1).path("/v3/"), status(1).query("offset"), status(1).method("PUT")] {
            assert_eq!(statuses(&mut Faults::new(vec![rule], 1), 1), [0]);
        }
        let rule = status(1).path("iotda-instances").query("limit=").method("GET");
        assert_eq!(statuses(&mut Faults::new(vec![rule], 1), 1), [1]);
    }

    #[test]
    fn chance_follows_its_seed_and_its_probability() {
        let hits = |seed, probability| {
            statuses(&mut Faults::new(vec![status(500).probability(probability)], seed), 1000)
        };
        assert_eq!(hits(7, 0.3), hits(7, 0.3));
        let count = hits(7, 0.3).iter().filter(|&&it| it == 500).count();
        assert!((240..360).contains(&count), "{count}");
        assert!(hits(7, 0.0).iter().all(|&it| it == 0) && hits(7, 1.0).iter().all(|&it| it == 500));
    }

    #[test]
    fn latencies_add_up_and_go_with_another_fault() {
        let latency = |millis| Rule::new(Fault::Latency(Duration::from_millis(millis)));
        let mut faults = Faults::new(vec![latency(2), status(500), latency(3)], 1);
        let verdict = faults.decide(&sample(Method::GET, "/", ""), OffsetDateTime::UNIX_EPOCH);
        assert_eq!(verdict.latency, Duration::from_millis(5));
        assert!(matches!(verdict.fault, Some(Fault::Status(500))));
    }
}
