//! The table: a fault, and what comes of it whatever is read.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use iotda_emulator::{Answer, Config, Fault, Rule};
use serde_json::{Value as Json, json};
use tfplug::Severity;

use super::{Provider, SOURCES, error_of};

/// What comes of a fault.
#[derive(Clone, Copy)]
enum Expected {
    /// The same value as ever, after so many requests more than usual.
    Value(usize),
    /// An error with this summary and this part of a detail, after so many requests in all.
    Error(&'static str, &'static str, usize),
}
use Expected::{Error, Value};

struct Row {
    name: &'static str,
    rules: Vec<Rule>,
    arguments: Json,
    expected: Expected,
}

fn row(name: &'static str, fault: Rule, expected: Expected) -> Row {
    Row { name, rules: vec![fault], arguments: json!({}), expected }
}

fn always(fault: Fault) -> Rule {
    Rule::new(fault)
}

fn once(fault: Fault) -> Rule {
    Rule::new(fault).times(1)
}

fn answer(answer: Answer) -> Rule {
    Rule::new(Fault::Answer(answer))
}

fn json_body(body: impl Into<Vec<u8>>) -> Rule {
    answer(Answer::new(200).json(body.into()))
}

/// What passes: the read goes on, and gives what it would have given.
fn passing() -> Vec<Row> {
    let burst = |codes: [u16; 3]| {
        let rules = codes.into_iter().map(|code| once(Fault::Status(code))).collect();
        Row { name: "a burst", rules, arguments: json!({"max_retries": 3}), expected: Value(3) }
    };
    let coded = |name, coding: &str, gzip_members| {
        row(name, always(Fault::Encoded { coding: coding.to_owned(), gzip_members }), Value(0))
    };
    let asked_to_wait = |value: &str| Fault::Answer(Answer::new(503).header("retry-after", value));
    vec![
        row("429 once", once(Fault::Status(429)), Value(1)),
        row("500 once", once(Fault::Status(500)), Value(1)),
        row("502 once", once(Fault::Status(502)), Value(1)),
        row("503 once", once(Fault::Status(503)), Value(1)),
        row("504 once", once(Fault::Status(504)), Value(1)),
        burst([429, 500, 502]),
        burst([503, 504, 429]),
        row("Retry-After in seconds", once(asked_to_wait("0")), Value(1)),
        row("Retry-After as a date", once(asked_to_wait("Sun, 06 Nov 1994 08:49:37 GMT")), Value(1)),
        row("Retry-After that is none", once(asked_to_wait("soon")), Value(1)),
        row(
            "throttled with 403",
            once(Fault::Answer(Answer::new(403).json(r#"{"error_code":"IOTDA.021101","error_msg":"x"}"#))),
            Value(1),
        ),
        row("a reset before the headers", once(Fault::ResetBeforeHeaders), Value(1)),
        row("a reset after the headers", once(Fault::ResetAfterHeaders), Value(1)),
        row("a reset within the body", once(Fault::ResetInBody), Value(1)),
        row("a body cut short", once(Fault::TruncatedBody), Value(1)),
        row("compressed bodies", always(Fault::Gzip), Value(0)),
        coded("gzip in upper case", "GZIP", 1),
        coded("gzip by its old name", "x-gzip", 1),
        coded("two members of gzip", "gzip", 2),
        coded("plain under the name of gzip", "gzip", 0),
        coded("no coding by name", "identity", 0),
        row("latency", always(Fault::Latency(Duration::from_millis(20))), Value(0)),
        row(
            "a body in small pieces",
            always(Fault::SlowDrip { bytes: 200, every: Duration::from_millis(1) }),
            Value(0),
        ),
    ]
}

/// What does not pass, and is asked again as often as allowed: once, here. Too many requests are waited for instead.
fn lasting() -> Vec<Row> {
    let impatient = |name, fault, outcome| Row {
        // Long enough for a busy machine to accept both attempts.
        arguments: json!({"request_timeout": "2s"}),
        ..row(name, always(fault), outcome)
    };
    let raw = |bytes: &str| always(Fault::Raw(bytes.to_owned()));
    let drip = Fault::SlowDrip { bytes: 1, every: Duration::from_millis(100) };
    let last = "This was attempt 2, the last one.";
    vec![
        row("500", always(Fault::Status(500)), Error("Service unavailable", last, 2)),
        row("502", always(Fault::Status(502)), Error("Service unavailable", last, 2)),
        row("503", always(Fault::Status(503)), Error("Service unavailable", last, 2)),
        row("504", always(Fault::Status(504)), Error("Service unavailable", last, 2)),
        row("resets before headers", always(Fault::ResetBeforeHeaders), Error(INTERRUPTED, last, 2)),
        row("resets after headers", always(Fault::ResetAfterHeaders), Error(INTERRUPTED, last, 2)),
        row("resets within bodies", always(Fault::ResetInBody), Error(INTERRUPTED, last, 2)),
        row("bodies cut short", always(Fault::TruncatedBody), Error(INTERRUPTED, last, 2)),
        row("another protocol", raw("SSH-2.0-OpenSSH_9.9\r\n"), Error(INTERRUPTED, last, 2)),
        row("half a header", raw("HTTP/1.1 200 OK\r\nconte"), Error(INTERRUPTED, last, 2)),
        impatient("no answer", Fault::Hang, Error("Request timed out", "`request_timeout`", 2)),
        impatient("a body drop by drop", drip, Error("Request timed out", "`request_timeout`", 2)),
    ]
}

const INTERRUPTED: &str = "Connection interrupted";
const UNEXPECTED: &str = "Unexpected response";

/// JSON with status 200 that is not what was asked for.
fn another_object() -> Vec<Row> {
    vec![
        row("an empty object", json_body("{}"), Error(UNEXPECTED, "has no `", 1)),
        row(
            "an error of the service",
            json_body(r#"{"error_code":"X.1","error_msg":"none of it"}"#),
            Error(UNEXPECTED, "X.1", 1),
        ),
        row(
            "an error of a newer gateway",
            json_body(r#"{"errorCode":"X.1","errorMsg":"none of it"}"#),
            Error(UNEXPECTED, "X.1", 1),
        ),
        row(
            "an error of IAM",
            json_body(r#"{"error":{"code":401,"message":"none of it","title":"Unauthorized"}}"#),
            Error(UNEXPECTED, "none of it", 1),
        ),
        row(
            "a portal's JSON",
            json_body(r#"{"success":true,"redirect":"https://login.example.org"}"#),
            Error(UNEXPECTED, "has no `", 1),
        ),
        row(
            "an object in another one",
            json_body(
                r#"{"instance":{"instance_id":"8561675c-d8a3-4956-9884-9cf9cbdd3134"},"data":{"instances":[]}}"#,
            ),
            Error(UNEXPECTED, "has no `", 1),
        ),
        row(
            "another object",
            json_body(r#"{"instance_id":"0b","task_id":"t2","status":"ACTIVE"}"#),
            Error(UNEXPECTED, "`", 1),
        ),
        row(
            "an empty page of seven",
            json_body(r#"{"instances":[],"flavors":[],"count":7,"page":{"count":7}}"#),
            Error(UNEXPECTED, "", 1),
        ),
    ]
}

/// What is not asked again: it can only come out the same, or the answer says so.
fn final_at_once() -> Vec<Row> {
    let wait = |value: &str| answer(Answer::new(503).header("retry-after", value));
    let too_long = Error("Service unavailable", "longer than the time left for this read", 1);
    let throttled = |status, code: &str| {
        let body =
            json!({"error_code": code, "error_msg": "policy ip over ratelimit,limit:5,time:60 minute"});
        answer(Answer::new(status).header("retry-after", "3600").json(body.to_string()))
    };
    let lists = |of: &str| {
        json_body(format!(
            r#"{{"access_infos":{of},"instances":{of},"flavors":{of},"tasks":{of},"target_config":{of}}}"#
        ))
    };
    let garbled = Answer::new(200).header("content-encoding", "gzip").json("this is not compressed");
    let refused = |status| answer(Answer::new(status).json(r#"{"error_code":"X.1","error_msg":"no"}"#));
    let newest = answer(Answer::new(400).json(r#"{"errorCode":"X.1","errorMsg":"no"}"#));
    let between = |status| answer(Answer::new(status).html("<html><title>Blocked</title></html>"));
    let locked = answer(Answer::new(401).json(
        r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: AK access failed to reach the limit,forbidden"}"#,
    ));
    let not_utf8 =
        b"{\"name\":\"\xff\",\"task_id\":\"\xff\",\"marker\":\"\xff\",\"page\":{\"marker\":\"\xff\"}}"
            .to_vec();
    let html = || Answer::new(200).html("<html><title>Sign in</title></html>");
    vec![
        row("wait an hour", wait("3600"), too_long),
        row("wait until the end of time", wait("18446744073709551615"), too_long),
        row("wait until a date", wait("Tue, 31 Dec 2999 23:59:59 GMT"), too_long),
        row(
            "throttled for an hour",
            throttled(429, "APIGW.0308"),
            Error("Too many requests", "at most 5 requests in 3600 s", 1),
        ),
        row(
            "throttled with 403 for an hour",
            throttled(403, "IOTDA.021101"),
            Error("Too many requests", "possible in 3600 s", 1),
        ),
        row("malformed", always(Fault::MalformedJson), Error(UNEXPECTED, "truncated", 1)),
        row("an empty body", answer(Answer::new(200)), Error(UNEXPECTED, "empty", 1)),
        row("an array", json_body("[]"), Error(UNEXPECTED, "array", 1)),
        row("a number", json_body("7"), Error(UNEXPECTED, "not the JSON object", 1)),
        row("a page of HTML", answer(html()), Error(UNEXPECTED, "HTML page", 1)),
        row("a number for a list", lists("7"), Error(UNEXPECTED, "of the wrong type", 1)),
        row("a list of lists", lists("[[]]"), Error(UNEXPECTED, "of the wrong type", 1)),
        row("invalid UTF-8", json_body(not_utf8), Error(UNEXPECTED, "not valid JSON", 1)),
        row("no end of it", always(Fault::EndlessBody), Error(TOO_LARGE, "16 MiB", 1)),
        row("17 MiB", always(Fault::Oversized(17 << 20)), Error(TOO_LARGE, "16 MiB", 1)),
        row("a gzip bomb", always(Fault::GzipBomb(1 << 25)), Error(TOO_LARGE, "16 MiB", 1)),
        row("not what its header says", answer(garbled), Error(UNEXPECTED, "not the JSON object", 1)),
        row(
            "another coding",
            always(Fault::Encoded { coding: "br".to_owned(), gzip_members: 0 }),
            Error(UNEXPECTED, "compressed as \"br\"", 1),
        ),
        row("an error with 200", refused(200), Error(UNEXPECTED, "Error code: X.1", 1)),
        row(
            "an error of the newest cores",
            newest,
            Error("Request rejected", "Error code: X.1\nMessage: no", 1),
        ),
        row("a page with 401", between(401), Error(BETWEEN, "(HTML page) Blocked", 1)),
        row("a page with 403", between(403), Error(BETWEEN, "may not have checked the access key", 1)),
        row("a locked key", locked, Error("Access key temporarily locked", "Wait five minutes", 1)),
        row("400", refused(400), Error("Request rejected", "X.1", 1)),
        row("401", refused(401), Error("Credentials not accepted", "`access_key`", 1)),
        row("403", refused(403), Error("Permission denied", "X.1", 1)),
        row("404", refused(404), Error("Not found", "region cn-north-4", 1)),
        row("405", refused(405), Error("Request rejected", "X.1", 1)),
        row(
            "a redirect",
            always(Fault::Redirect("https://login.example.org/x?t=planted".to_owned())),
            Error("Unexpected redirect", "login.example.org", 1),
        ),
    ]
}

const BETWEEN: &str = "Request blocked on the network path";
const TOO_LARGE: &str = "Response too large";

type Baselines = HashMap<(&'static str, &'static str), (Json, usize)>;

/// What a source gives where nothing goes wrong, and how many requests that takes.
async fn baselines() -> Baselines {
    let provider = Provider::start().await;
    let cloud = provider.cloud(Config::default(), &json!({})).await;
    let mut found = HashMap::new();
    for source in SOURCES {
        cloud.clear_requests();
        let read = provider.read(source).await;
        assert!(read.diagnostics.iter().all(|it| it.severity == Severity::Warning), "{:?}", read.diagnostics);
        found.insert(source, (read.state, cloud.request_count()));
    }
    found
}

async fn holds(row: &Row, source: (&'static str, &'static str), baselines: &Baselines) {
    let case = format!("{} and {} {}", row.name, source.0, source.1);
    let config = row.rules.iter().fold(Config::default(), |config, rule| config.fault(rule.clone()));
    let provider = Provider::start().await;
    let cloud = provider.cloud(config, &row.arguments).await;
    let read = provider.read(source).await;
    let (value, usual) = &baselines[&source];
    match row.expected {
        Value(more) => {
            assert_eq!(read.state, *value, "{case}: {:?}", read.diagnostics);
            assert_eq!(cloud.request_count(), usual + more, "{case}");
        }
        Error(summary, words, requests) => {
            let error = error_of(&read);
            assert_eq!(error.summary, summary, "{case}: {error:?}");
            assert!(error.detail.contains(words) && !error.detail.contains("planted"), "{case}: {error:?}");
            assert_eq!(cloud.request_count(), requests, "{case}");
        }
    }
    provider.ends_without_a_trace_of(&cloud).await;
}

/// A few at a time, for the waits between attempts take no processor.
async fn all_hold(rows: Vec<Row>) {
    let baselines = baselines().await;
    let cases = rows.iter().flat_map(|row| SOURCES.map(|source| (row, source)));
    stream::iter(cases).for_each_concurrent(12, |(row, source)| holds(row, source, &baselines)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_is_survived() {
    all_hold(passing()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lasts_is_told_after_the_last_attempt() {
    all_hold(lasting()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_get_better_is_told_at_once() {
    all_hold(final_at_once()).await;
    all_hold(another_object()).await;
}
