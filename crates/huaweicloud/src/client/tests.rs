use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::*;
use crate::network::wire::{Outgoing, TransportError};
use crate::scope::Scope;
use crate::settings::arguments::Arguments;
use crate::settings::environment::Environment;
use crate::testing::{Act, Journal, NOW, THINGS, arguments, client};

mod pace;

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const INSTANCE: &str = "f6b3c2d1-0a1b-4c2d-8e3f-a1b2c3d4e5f6";
const COLLECTION: &[Segment<'static>] = &[
    Segment::Text("v5"),
    Segment::Text("iot"),
    Segment::ProjectId,
    Segment::Text("iotda-instances"),
    Segment::Text(INSTANCE),
];

const READ: Get<'static> = Get {
    service: THINGS,
    scope: Scope { region: None, deadline: None },
    path: COLLECTION,
    query: &[],
    operation: "read",
    subject: "thing 1",
    iam_action: None,
};

fn with_project() -> Arguments {
    Arguments { project_id: Some(PROJECT.into()), ..arguments() }
}

fn scripted(script: impl Fn(usize, &Outgoing) -> Act + Send + Sync + 'static) -> (Client, Journal) {
    client(&with_project(), &Environment::empty(), script)
}

fn projects(outgoing: &Outgoing) -> Option<Act> {
    let name = outgoing.url.split_once("/v3/projects?name=")?.1;
    Some(Act::ok(&format!(r#"{{"projects":[{{"id":"p-{name}","name":"{name}"}}]}}"#)))
}

fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn with_a_project_id_the_first_request_is_the_read_and_signed_as_the_vector() {
    let (client, journal) = scripted(|_, _| Act::ok("{}"));
    client.get(&READ).await.unwrap();
    let url = format!(
        "https://iotda-mgmt.cn-north-4.myhuaweicloud.com/v5/iot/{PROJECT}/iotda-instances/{INSTANCE}"
    );
    assert_eq!(journal.urls(), [url]);
    let vector = "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=host;x-project-id;x-sdk-date, Signature=50a4206a20c3d246da553fa97945319c43eb880b25255af0c53b054edf4fbca9";
    assert_eq!(journal.headers("authorization"), [vector]);
    assert_eq!(journal.headers("user-agent"), ["test/1"]);
}

#[tokio::test(start_paused = true)]
async fn a_security_token_is_signed_as_the_vector() {
    let arguments = Arguments { security_token: Some("token-123/+=".into()), ..with_project() };
    let (client, journal) = client(&arguments, &Environment::empty(), |_, _| Act::ok("{}"));
    client.get(&READ).await.unwrap();
    assert!(
        journal.headers("authorization")[0]
            .ends_with("db107f00da426031736163dc08d293c2dd13d07f781b7cdd999ac18aa18e4453")
    );
    assert_eq!(journal.headers("x-security-token"), ["token-123/+="]);
}

#[tokio::test(start_paused = true)]
async fn one_project_lookup_serves_all_reads_and_is_signed_as_the_vector() {
    let (client, journal) = client(&arguments(), &Environment::empty(), |_, outgoing| {
        projects(outgoing).unwrap_or_else(|| Act::ok("{}"))
    });
    let results = join_all((0..20).map(|_| client.get(&READ))).await;
    assert!(results.iter().all(Result::is_ok));
    let urls = journal.urls();
    assert_eq!(urls.len(), 21);
    assert_eq!(urls[0], "https://iam.cn-north-4.myhuaweicloud.com/v3/projects?name=cn-north-4");
    assert!(urls[1..].iter().all(|url| url.contains("/v5/iot/p-cn-north-4/")));
    assert!(
        journal.headers("authorization")[0]
            .ends_with("50caed250a803ea5ac59201ef92dd4cbe828a1e057e97e8a5a455b0f86cccc73")
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_configuration_sets_is_blamed_for_what_is_not_there() {
    let not_found = |_: usize, _: &Outgoing| Act::Respond(404, vec![], "<html>".into());
    let named = Arguments { project_name: Some("line-7".into()), ..arguments() };
    for (arguments, variables, words) in [
        (named, vec![], "set with `project_name`: check it and `region`"),
        (arguments(), vec![("OS_PROJECT_NAME", "line-7")], "set with OS_PROJECT_NAME"),
        (arguments(), vec![], "that of the region's default project"),
    ] {
        let environment = Environment::fixed(variables, [("", ""); 0]);
        let (client, _) = client(&arguments, &environment, |_, _| Act::ok(r#"{"projects":[]}"#));
        let detail = client.get(&READ).await.err().unwrap().detail();
        assert!(detail.contains(words), "{detail}");
    }
    let url = Arguments { auth_url: Some("https://iam.example.com/v3.0".into()), ..arguments() };
    let iam = Arguments {
        endpoints: BTreeMap::from([("iam".to_owned(), "https://iam.example.com".to_owned())]),
        ..arguments()
    };
    for (arguments, variables, words) in [
        (url, vec![], "Check `auth_url`."),
        (iam, vec![], "Check the endpoint `iam`."),
        (arguments(), vec![("OS_AUTH_URL", "https://iam.example.com/v3.0")], "Check OS_AUTH_URL."),
        (arguments(), vec![("HW_IAM_ENDPOINT", "https://iam.example.com")], "Check HW_IAM_ENDPOINT."),
        (arguments(), vec![], "Check `region` and `cloud`, or set the endpoint `iam`."),
    ] {
        let environment = Environment::fixed(variables, [("", ""); 0]);
        let (client, _) = client(&arguments, &environment, not_found);
        let error = client.get(&READ).await.err().unwrap();
        assert_eq!(*error.kind(), Kind::WrongEndpoint);
        assert!(error.detail().contains(words), "{}", error.detail());
    }
}

/// It would be remembered for the whole process as "there is no such project".
#[tokio::test(start_paused = true)]
async fn a_response_without_projects_is_not_a_list_of_none() {
    for (body, words) in [
        ("{}", "it has no `projects`"),
        (r#"{"error_code":"IAM.0001","error_msg":"AccessKey is odd"}"#, "Message: ***sKey is odd"),
    ] {
        let (client, _) = client(&arguments(), &Environment::empty(), move |number, outgoing| match number {
            0 => Act::ok(body),
            _ => projects(outgoing).unwrap_or_else(|| Act::ok("{}")),
        });
        let error = client.get(&READ).await.err().unwrap();
        assert_eq!(*error.kind(), Kind::Decode { path: "projects".into() });
        assert!(error.detail().contains(words), "{error}");
        client.get(&READ).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_project_that_is_not_there_names_region_and_what_to_set() {
    for (body, words) in [
        (r#"{"projects":[]}"#, "IAM has no project named \"cn-north-4\""),
        (
            r#"{"projects":[{"id":"x","name":"cn-north-9"}]}"#,
            "projects other than \"cn-north-4\": cn-north-9",
        ),
        (
            r#"{"projects":[{"id":"x","name":"cn-north-4"},{"id":"y","name":"cn-north-4"}]}"#,
            "2 projects named \"cn-north-4\": x, y",
        ),
    ] {
        let (client, _) = client(&arguments(), &Environment::empty(), move |_, _| Act::ok(body));
        let error = client.get(&READ).await.err().unwrap();
        assert_eq!(*error.kind(), Kind::NoProject);
        let detail = error.detail();
        assert!(
            detail.contains(words) && detail.contains("`project_id`") && detail.contains("region cn-north-4"),
            "{detail}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn twenty_reads_with_a_wrong_key_cost_one_request() {
    let (client, journal) = scripted(|_, _| {
        Act::Respond(
            401,
            vec![],
            r#"{"error_code":"APIGW.0301","error_msg":"Incorrect: ak AccessKey not exist"}"#.into(),
        )
    });
    let results = join_all((0..20).map(|_| client.get(&READ))).await;
    assert_eq!(journal.len(), 1);
    let details: Vec<String> = results.into_iter().map(|result| result.err().unwrap().detail()).collect();
    assert!(details.iter().all(|detail| *detail == details[0]));
    assert!(details[0].contains("the access key of the configuration (`access_key`)"), "{}", details[0]);
    assert!(details[0].contains("Message: Incorrect: ak ***sKey not exist"), "{}", details[0]);
    // Later reads fail at once.
    assert!(client.get(&READ).await.is_err());
    assert_eq!(journal.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_and_signed_anew() {
    let (client, journal) = scripted(|number, _| match number {
        0 => Act::status(503),
        1 => Act::Respond(429, vec![("retry-after", "7".into())], String::new()),
        2 => Act::Fail(TransportError::new(Kind::Interrupted, "Cut.", true)),
        3 => Act::Respond(403, vec![], r#"{"error_code":"THINGS.429","error_msg":"slow"}"#.into()),
        _ => Act::ok("{}"),
    });
    let begun = Instant::now();
    client.get(&READ).await.unwrap();
    assert_eq!(journal.len(), 5);
    assert!(begun.elapsed() >= Duration::from_secs(7));
    let dates = journal.headers("x-sdk-date");
    assert!(dates[2] > dates[0], "{dates:?}");
    assert_ne!(journal.headers("authorization")[0], journal.headers("authorization")[2]);
}

#[tokio::test(start_paused = true)]
async fn retries_end() {
    let (client, journal) = scripted(|_, _| Act::status(502));
    let error = client.get(&READ).await.err().unwrap();
    assert_eq!(journal.len(), 6);
    assert!(error.detail().contains("attempt 6, the last"), "{}", error.detail());
    for status in [400, 401, 403, 404, 302] {
        let (client, journal) = scripted(move |_, _| Act::status(status));
        assert!(client.get(&READ).await.is_err());
        assert_eq!(journal.len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_no_wait_gets_one() {
    let (client, journal) =
        scripted(|_, _| Act::Respond(503, vec![("retry-after", "0".into())], String::new()));
    let begun = Instant::now();
    assert!(client.get(&READ).await.is_err());
    assert_eq!(journal.len(), 6);
    assert!(begun.elapsed() > Duration::from_millis(10), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_fails_at_once() {
    let (client, journal) =
        scripted(|_, _| Act::Respond(503, vec![("retry-after", "60".into())], String::new()));
    let begun = Instant::now();
    let error = client
        .get(&Get { scope: Scope { deadline: Some(in_seconds(30)), ..READ.scope }, ..READ })
        .await
        .err()
        .unwrap();
    assert_eq!((journal.len(), begun.elapsed()), (1, Duration::ZERO));
    assert_eq!(*error.kind(), Kind::Unavailable);
    assert!(error.detail().contains("asks to wait 60 s"), "{}", error.detail());
}

#[tokio::test(start_paused = true)]
async fn one_attempt_has_its_limit_and_the_read_has_its_own() {
    let arguments = Arguments { max_retries: Some(1), request_timeout: Some("10s".into()), ..with_project() };
    let (client, journal) = client(&arguments, &Environment::empty(), |_, _| Act::never());
    let error = client.get(&READ).await.err().unwrap();
    assert_eq!((error.kind(), journal.len()), (&Kind::Timeout, 2));
    assert!(
        error.detail().contains("within 10 s") && error.detail().contains("`request_timeout`"),
        "{}",
        error.detail()
    );
    let begun = Instant::now();
    let error = client
        .get(&Get { scope: Scope { deadline: Some(in_seconds(4)), ..READ.scope }, ..READ })
        .await
        .err()
        .unwrap();
    assert_eq!((error.kind(), begun.elapsed()), (&Kind::Deadline, Duration::from_secs(4)));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_met_while_trying_again_tells_what_came_before() {
    let (client, _) = scripted(|number, _| if number == 0 { Act::status(503) } else { Act::never() });
    let error = client
        .get(&Get { scope: Scope { deadline: Some(in_seconds(10)), ..READ.scope }, ..READ })
        .await
        .err()
        .unwrap();
    assert_eq!((error.kind(), error.status()), (&Kind::Deadline, Some(503)));
    assert!(
        error.detail().contains("The previous attempt failed: Service unavailable."),
        "{}",
        error.detail()
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_for_ones_turn_counts_towards_the_deadline() {
    let (client, journal) = scripted(|_, _| Act::never());
    let [long, short] = [20, 5]
        .map(|seconds| Get { scope: Scope { deadline: Some(in_seconds(seconds)), ..READ.scope }, ..READ });
    let (slow, quick) = (client.get(&long), client.get(&short));
    let begun = Instant::now();
    let (_, error) = tokio::join!(slow, async {
        let error = quick.await.err().unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(5));
        error
    });
    assert_eq!(*error.kind(), Kind::Deadline);
    assert!(journal.len() <= 2);
}

#[tokio::test(start_paused = true)]
async fn the_servers_clock_dates_later_signatures() {
    let (client, journal) = scripted(|_, _| {
        Act::Respond(200, vec![("date", "Mon, 15 Jan 2024 09:40:45 GMT".into())], "{}".into())
    });
    client.get(&READ).await.unwrap();
    client.get(&READ).await.unwrap();
    assert_eq!(journal.headers("x-sdk-date"), ["20240115T093045Z", "20240115T094045Z"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_for_the_clock_names_the_difference() {
    let (client, journal) = scripted(|_, _| {
        Act::Respond(401, vec![("date", "Mon, 15 Jan 2024 10:30:45 GMT".into())], String::new())
    });
    let error = client.get(&READ).await.err().unwrap();
    assert!(error.detail().contains("clock is 60 minutes behind"), "{}", error.detail());
    assert_eq!(journal.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_region_has_its_own_project_and_endpoint() {
    let (client, journal) = scripted(|_, outgoing| projects(outgoing).unwrap_or_else(|| Act::ok("{}")));
    client.get(&Get { scope: Scope { region: Some("ap-southeast-1"), ..READ.scope }, ..READ }).await.unwrap();
    let urls = journal.urls();
    assert!(urls[0].ends_with("/v3/projects?name=ap-southeast-1"));
    assert!(
        urls[1].starts_with("https://iotda-mgmt.ap-southeast-1.myhuaweicloud.com/v5/iot/p-ap-southeast-1/")
    );
}

#[tokio::test(start_paused = true)]
async fn another_region_is_refused_where_it_cannot_work() {
    let elsewhere = Get { scope: Scope { region: Some("ap-southeast-1"), ..READ.scope }, ..READ };
    let token = Arguments { token: Some("T".into()), ..with_project() };
    let mut endpoint = with_project();
    endpoint.endpoints.insert("things".into(), "https://things.example.com".into());
    for (arguments, words) in [
        (token, "cannot be read with a configured token (`token`)"),
        (endpoint, "through the endpoint `things`"),
    ] {
        let (client, journal) = client(&arguments, &Environment::empty(), |_, _| Act::ok("{}"));
        let error = client.get(&elsewhere).await.err().unwrap();
        assert!(error.detail().contains(words), "{}", error.detail());
        assert_eq!(journal.len(), 0);
        assert!(client.get(&READ).await.is_ok());
    }
    let (client, journal) = scripted(|_, _| Act::ok("{}"));
    let error = client
        .get(&Get { scope: Scope { region: Some("x.evil.example.com/"), ..READ.scope }, ..READ })
        .await
        .err()
        .unwrap();
    assert_eq!((error.kind(), journal.len()), (&Kind::Argument, 0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_the_wrong_shape_is_not_retried() {
    #[derive(Debug, serde::Deserialize)]
    struct Port {
        #[expect(dead_code, reason = "only decoding is tested")]
        port: i64,
    }
    let (client, journal) = scripted(|_, _| Act::ok(r#"{"port":"443"}"#));
    let error = client.get(&READ).await.unwrap().object::<Port>().unwrap_err();
    assert_eq!(*error.kind(), Kind::Decode { path: "port".into() });
    assert_eq!((error.status(), journal.len()), (Some(200), 1));
}

#[tokio::test(start_paused = true)]
async fn no_segment_can_leave_its_place() {
    let (client, journal) = scripted(|_, _| Act::ok("{}"));
    for text in ["", ".", ".."] {
        let error = client
            .get(&Get { path: &[Segment::Text("v5"), Segment::Text(text)], ..READ })
            .await
            .err()
            .unwrap();
        assert_eq!(*error.kind(), Kind::Argument);
    }
    client.get(&Get { path: &[Segment::Text("v5"), Segment::Text("a/../b?c#d")], ..READ }).await.unwrap();
    assert_eq!(journal.urls(), ["https://iotda-mgmt.cn-north-4.myhuaweicloud.com/v5/a%2F..%2Fb%3Fc%23d"]);
}

/// Dates of a server that does not check signatures, of another host, or too far off do not change the date that is
/// sent.
#[tokio::test(start_paused = true)]
async fn only_the_host_itself_moves_the_date_of_its_signatures() {
    let arguments = Arguments { security_token: None, ..arguments() };
    let (client, journal) = client(&arguments, &Environment::empty(), |number, outgoing| {
        let date = |date: &str| vec![("date", date.to_owned())];
        match (number, projects(outgoing)) {
            (_, Some(Act::Respond(status, _, body))) => {
                Act::Respond(status, date("Mon, 15 Jan 2024 10:30:45 GMT"), body)
            }
            (1, _) => Act::Respond(200, date("Fri, 31 Dec 9999 23:59:59 GMT"), "{}".into()),
            (2, _) => Act::Respond(200, date("Mon, 15 Jan 2024 09:40:45 GMT"), "{}".into()),
            _ => Act::ok("{}"),
        }
    });
    for _ in 0..4 {
        client.get(&READ).await.unwrap();
    }
    // The first request is the lookup; only the date of the third response counts, for the fourth.
    let sent = ["20240115T093045Z", "20240115T093045Z", "20240115T093045Z", "20240115T094045Z"];
    assert_eq!(journal.headers("x-sdk-date")[..3], sent[..3]);
    assert_eq!(journal.headers("x-sdk-date")[3], sent[3]);
}

#[tokio::test(start_paused = true)]
async fn the_clock_is_blamed_for_signatures_that_were_dated_by_it_alone() {
    let slow = |status: u16| {
        move |_: usize, _: &Outgoing| {
            Act::Respond(status, vec![("date", "Mon, 15 Jan 2024 10:00:45 GMT".into())], String::new())
        }
    };
    let (key, _) = scripted(slow(401));
    let error = key.get(&READ).await.err().unwrap();
    assert!(error.detail().contains("30 minutes behind"), "{error}");
    let token = Arguments {
        token: Some("t".into()),
        region: Some("cn-north-4".into()),
        project_id: Some(PROJECT.into()),
        ..Arguments::default()
    };
    let (token, _) = client(&token, &Environment::empty(), slow(401));
    let error = token.get(&READ).await.err().unwrap();
    assert!(!error.detail().contains("clock"), "{error}");
}

/// No host responds, and the reads take turns: reads that never had a turn report the error of those that did.
#[tokio::test(start_paused = true)]
async fn who_waited_in_vain_tells_what_the_others_met() {
    let (client, _) = scripted(|_, _| {
        let failure = TransportError::new(Kind::Connect, "No connection to h.", true);
        Act::After(Duration::from_secs(10), Box::new(Act::Fail(failure)))
    });
    let read = Get { scope: Scope { deadline: Some(in_seconds(25)), ..READ.scope }, ..READ };
    let results = join_all((0..10).map(|_| client.get(&read))).await;
    let details: Vec<_> = results.into_iter().map(|result| result.err().unwrap().detail()).collect();
    let told = details.iter().filter(|detail| detail.contains("No connection to h.")).count();
    // The read whose own attempt was in flight reports that.
    let cut = details.iter().filter(|detail| detail.contains("before iotda-mgmt")).count();
    assert_eq!((told, cut), (9, 1), "{details:#?}");
}
