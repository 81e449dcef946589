//! Hosts that throttle requests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use secrecy::ExposeSecret as _;

use super::*;
use crate::AssumeRole;
use crate::error::Hidden;

const REFUSAL: &str = r#"{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute"}"#;

fn refused(body: &str) -> Act {
    Act::Respond(429, vec![], body.into())
}

fn until(seconds: u64) -> Get<'static> {
    Get { scope: Scope { deadline: Some(in_seconds(seconds)), ..READ.scope }, ..READ }
}

/// A gateway that accepts five requests per second, without stating that limit.
fn five_a_second() -> impl Fn(usize, &Outgoing) -> Act + Send + Sync + 'static {
    let (begun, passed) = (Instant::now(), Mutex::new((0, 0)));
    move |_, _| {
        let second = begun.elapsed().as_secs();
        let mut passed = passed.lock().unwrap();
        if passed.0 != second {
            *passed = (second, 0);
        }
        passed.1 += 1;
        if passed.1 <= 5 { Act::ok("{}") } else { refused("") }
    }
}

#[tokio::test(start_paused = true)]
async fn forty_reads_through_a_gateway_of_five_a_second_all_succeed() {
    let arguments = Arguments { max_retries: Some(0), ..with_project() };
    let (client, journal) = client(&arguments, &Environment::empty(), five_a_second());
    let (read, begun) = (until(300), Instant::now());
    let results = join_all((0..40).map(|_| client.get(&read))).await;
    assert!(results.iter().all(Result::is_ok));
    assert!(journal.len() <= 3 * 40, "{} requests", journal.len());
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_window_of_a_minute_is_sat_out() {
    let begun = Instant::now();
    let (client, journal) =
        scripted(
            move |_, _| {
                if begun.elapsed() < Duration::from_mins(1) { refused(REFUSAL) } else { Act::ok("{}") }
            },
        );
    client.get(&until(300)).await.unwrap();
    assert!(journal.len() <= 4, "{} requests", journal.len());
    assert!(begun.elapsed() <= Duration::from_secs(90), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_makes_all_reads_of_the_host_wait_and_no_others() {
    let (client, journal) = client(&arguments(), &Environment::empty(), |number, outgoing| {
        projects(outgoing).unwrap_or_else(|| match number {
            1 => Act::Respond(429, vec![("retry-after", "20".into())], REFUSAL.into()),
            _ => Act::ok("{}"),
        })
    });
    let (read, begun) = (until(300), Instant::now());
    let (first, ()) = tokio::join!(client.get(&read), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        // The project of another region is looked up in IAM, which does not throttle.
        let elsewhere = Scope { region: Some("cn-south-1"), ..read.scope };
        client.project(elsewhere).await.unwrap();
        assert_eq!((journal.len(), begun.elapsed()), (3, Duration::from_secs(1)));
        client.get(&read).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_secs(20), "{:?}", begun.elapsed());
    });
    first.unwrap();
    assert_eq!(journal.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_read_goes_on_until_its_deadline_and_names_the_quota() {
    for (max_retries, deadline) in [(0, Some(240)), (5, None)] {
        let arguments = Arguments { max_retries: Some(max_retries), ..with_project() };
        let (client, journal) = client(&arguments, &Environment::empty(), |_, _| refused(REFUSAL));
        let begun = Instant::now();
        let read = deadline.map_or(READ, until);
        let error = client.get(&read).await.err().unwrap();
        assert_eq!(
            (error.kind(), error.code(), error.is_of_time()),
            (&Kind::Throttled, Some("APIGW.0308"), true)
        );
        assert!(error.detail().contains("limits requests (at most 5 requests in 60 s)"), "{error}");
        assert!(begun.elapsed() > Duration::from_mins(3), "{:?}", begun.elapsed());
        assert!((7..=15).contains(&journal.len()), "{} requests", journal.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_longer_than_the_read_fails_at_once_for_everybody() {
    let (client, journal) =
        scripted(|_, _| Act::Respond(429, vec![("retry-after", "60".into())], REFUSAL.into()));
    let (read, begun) = (until(30), Instant::now());
    let results = join_all((0..10).map(|_| client.get(&read))).await;
    assert_eq!((journal.len(), begun.elapsed()), (1, Duration::ZERO));
    for result in results {
        let error = result.err().unwrap();
        assert_eq!(*error.kind(), Kind::Throttled);
        assert!(error.detail().contains("the next one is possible in 60 s"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn max_retries_keeps_its_meaning_for_other_failures() {
    let arguments = Arguments { max_retries: Some(0), ..with_project() };
    let (client, journal) =
        client(
            &arguments,
            &Environment::empty(),
            |number, _| if number < 3 { refused("") } else { Act::status(503) },
        );
    let error = client.get(&until(300)).await.err().unwrap();
    assert_eq!((error.kind(), journal.len()), (&Kind::Unavailable, 4));
}

/// A cloud whose metadata service issues numbered access keys, each valid for this many seconds.
fn issuing(
    life: u64,
    answer: impl Fn(&str) -> Act + Send + Sync + 'static,
) -> impl Fn(usize, &Outgoing) -> Act + Send + Sync + 'static {
    let (begun, issued) = (Instant::now(), AtomicU32::new(0));
    move |_, outgoing| {
        if outgoing.url.ends_with("/token") {
            return Act::ok("session");
        }
        if outgoing.url.ends_with("/securitykey") {
            let number = issued.fetch_add(1, Ordering::SeqCst);
            let end = NOW + begun.elapsed() + Duration::from_secs(life);
            let end = time::OffsetDateTime::UNIX_EPOCH + end;
            let end = end.format(&time::format_description::well_known::Rfc3339).unwrap();
            return Act::ok(&format!(
                r#"{{"credential":{{"access":"KEY{number}","secret":"s","securitytoken":"t","expires_at":"{end}"}}}}"#
            ));
        }
        let authorization = outgoing.headers["authorization"].to_str().unwrap();
        answer(authorization.split(['=', ',']).nth(1).unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_expires_while_a_retry_waits_is_renewed() {
    for (status, wait) in [(503, "30"), (429, "30")] {
        let nobody = Arguments { access_key: None, secret_key: None, ..with_project() };
        let (client, journal) = client(
            &nobody,
            &Environment::empty(),
            issuing(20, move |key| match key {
                "KEY0" => Act::Respond(status, vec![("retry-after", wait.into())], String::new()),
                "KEY1" => Act::ok("{}"),
                other => panic!("a third key: {other}"),
            }),
        );
        let response = client.get(&until(300)).await.unwrap();
        // The secrets to mask in the response are those of the credential it was requested with.
        let is_key = |it: &Hidden| matches!(it, Hidden::AccessKey(key) if key.expose_secret() == "KEY1");
        assert!(response.hidden.iter().any(is_key));
        let reads = journal.urls().iter().filter(|url| url.contains("iotda-mgmt")).count();
        assert_eq!(reads, 2, "{status}");
    }
}

/// The key with which an agency is assumed expires while IAM or STS has to be asked again.
#[tokio::test(start_paused = true)]
async fn a_key_below_an_agency_that_expires_while_a_retry_waits_is_renewed() {
    let busy = || Act::Respond(503, vec![("retry-after", "30".into())], String::new());
    for (domain, is_sts) in [("domain_id", true), ("domain_name", false)] {
        let name = |this: &str| (domain == this).then(|| "acc".to_owned());
        let hop = AssumeRole {
            agency_name: Some("ag".into()),
            domain_id: name("domain_id"),
            domain_name: name("domain_name"),
            ..AssumeRole::default()
        };
        let nobody =
            Arguments { access_key: None, secret_key: None, assume_role: vec![hop], ..with_project() };
        let (client, journal) = client(
            &nobody,
            &Environment::empty(),
            issuing(20, move |key| match key {
                "KEY0" => busy(),
                // Either service's response has what the other one's lacks.
                "KEY1" | "KEY2" => Act::ok(
                    r#"{"domains":[{"id":"acc"}],"credential":{"access":"AGENCY","secret":"s","securitytoken":"t"},
                    "credentials":{"access_key_id":"AGENCY","secret_access_key":"s","security_token":"t"}}"#,
                ),
                "AGENCY" => Act::ok("{}"),
                other => panic!("an unknown key: {other}"),
            }),
        );
        client.get(&until(300)).await.unwrap();
        let old = journal.headers("authorization").iter().filter(|it| it.contains("=KEY0,")).count();
        assert_eq!(old, 1, "{domain}");
        assert_eq!(journal.urls().iter().any(|url| url.contains("//sts.")), is_sts);
    }
}

/// Requests wait for their turn with a credential that expires meanwhile: it is no longer sent.
#[tokio::test(start_paused = true)]
async fn an_expired_credential_is_not_sent() {
    let nobody = Arguments { access_key: None, secret_key: None, ..with_project() };
    let (client, journal) = client(
        &nobody,
        &Environment::empty(),
        issuing(20, |key| match key {
            "KEY0" => Act::Respond(429, vec![("retry-after", "30".into())], String::new()),
            _ => Act::ok("{}"),
        }),
    );
    let read = until(300);
    let results = join_all((0..10).map(|_| client.get(&read))).await;
    assert!(results.iter().all(Result::is_ok));
    let old = journal.headers("authorization").iter().filter(|header| header.contains("KEY0")).count();
    assert_eq!(old, 1);
}
