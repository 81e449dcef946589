use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use crate::client::{Client, Get, Segment};
use crate::error::Kind;
use crate::network::wire::{Outgoing, TransportError};
use crate::scope::Scope;
use crate::settings::arguments::{Arguments, AssumeRoleWithOidc};
use crate::settings::environment::Environment;
use crate::testing::{Act, Journal, THINGS, client};

mod agencies;
mod renewal;

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const READ: Get<'static> = Get {
    service: THINGS,
    scope: Scope { region: None, deadline: None },
    path: &[Segment::ProjectId, Segment::Text("thing")],
    query: &[],
    operation: "read",
    subject: "thing",
    iam_action: None,
};

/// One hour after the start of the test, in IAM's format.
const EXPIRY: &str = "2024-01-15T10:30:45.000000Z";

fn temporary(access: &str, expiry: &str) -> Act {
    let body = format!(
        r#"{{"credential":{{"access":"{access}","secret":"s","securitytoken":"t","expires_at":"{expiry}"}}}}"#
    );
    Act::Respond(201, vec![], body)
}

fn start(
    arguments: &Arguments,
    script: impl Fn(usize, &Outgoing) -> Act + Send + Sync + 'static,
) -> (Client, Journal) {
    client(arguments, &Environment::fixed([("", ""); 0], [("/token", "jwt\n")]), script)
}

/// Arguments without credentials.
fn nobody() -> Arguments {
    Arguments { region: Some("cn-north-4".into()), project_id: Some(PROJECT.into()), ..Arguments::default() }
}

#[tokio::test(start_paused = true)]
async fn a_password_becomes_a_token_for_each_region() {
    let arguments = Arguments {
        region: Some("cn-north-4".into()),
        user_name: Some("user".into()),
        password: Some("p\"w".into()),
        domain_name: Some("acc".into()),
        ..Arguments::default()
    };
    let (client, journal) = start(&arguments, |number, outgoing| {
        if !outgoing.url.ends_with("/v3/auth/tokens") {
            return Act::ok("{}");
        }
        let body = format!(r#"{{"token":{{"expires_at":"{EXPIRY}","project":{{"id":"p{number}"}}}}}}"#);
        Act::Respond(201, vec![("x-subject-token", format!("T{number}"))], body)
    });
    client.get(&READ).await.unwrap();
    client.get(&READ).await.unwrap();
    client.get(&Get { scope: Scope { region: Some("cn-south-1"), ..READ.scope }, ..READ }).await.unwrap();
    let bodies = journal.bodies();
    let body = |region: &str| {
        format!(
            r#"{{"auth":{{"identity":{{"methods":["password"],"password":{{"user":{{"name":"user","password":"p\"w","domain":{{"name":"acc"}}}}}}}},"scope":{{"project":{{"name":"{region}","domain":{{"name":"acc"}}}}}}}}}}"#
        )
    };
    assert_eq!((&bodies[0], &bodies[3]), (&body("cn-north-4"), &body("cn-south-1")));
    assert_eq!(journal.headers("x-auth-token"), ["", "T0", "T0", "", "T3"]);
    assert!(journal.urls()[1].ends_with("/p0/thing") && journal.urls()[4].contains("cn-south-1"));
    assert!(journal.headers("authorization").iter().all(String::is_empty));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_sent_once() {
    let login = Arguments { user_id: Some("u".into()), password: Some("hunter2-long".into()), ..nobody() };
    let refusal =
        r#"{"error":{"code":401,"message":"The password hunter2-long is wrong.","title":"Unauthorized"}}"#;
    let (client, journal) = start(&login, move |_, _| Act::Respond(401, vec![], refusal.into()));
    let results = join_all((0..20).map(|_| client.get(&READ))).await;
    assert!(client.get(&READ).await.is_err());
    assert_eq!(journal.len(), 1);
    let detail = results[0].as_ref().err().unwrap().detail();
    assert!(detail.contains("did not accept the password of the configuration (`password`)"), "{detail}");
    assert!(detail.contains("Message: The password *** is wrong."), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn an_oidc_token_takes_three_steps_and_its_file_is_read_anew() {
    let oidc = AssumeRoleWithOidc {
        agency_name: Some("ag".into()),
        domain_id: Some("dom".into()),
        idp_id: Some("idp".into()),
        id_token_file: Some("/token".into()),
        ..AssumeRoleWithOidc::default()
    };
    let (client, journal) =
        start(&Arguments { assume_role_with_oidc: Some(oidc), ..nobody() }, |number, _| match number {
            0 => Act::Respond(201, vec![("x-subject-token", "FEDERATED".into())], "{}".into()),
            1 => temporary("TEMP", EXPIRY),
            2 => Act::ok(
                r#"{"credentials":{"access_key_id":"AGENCY","secret_access_key":"s","security_token":"t"}}"#,
            ),
            _ => Act::ok("{}"),
        });
    client.get(&READ).await.unwrap();
    assert_eq!(journal.headers("x-idp-id")[0], "idp");
    let bodies = journal.bodies();
    assert_eq!(bodies[0], r#"{"auth":{"id_token":{"id":"jwt"}}}"#);
    assert_eq!(bodies[1], r#"{"auth":{"identity":{"methods":["token"]}}}"#);
    assert_eq!(journal.headers("x-auth-token")[1], "FEDERATED");
    let signers = journal.headers("authorization");
    assert!(signers[2].contains("Access=TEMP,") && signers[3].contains("Access=AGENCY,"));
}

#[tokio::test(start_paused = true)]
async fn the_metadata_service_is_asked_the_second_way_then_the_first() {
    for (put, sent) in [(Act::ok as fn(&str) -> Act, "session"), (|_| Act::status(404), "")] {
        let (client, journal) = start(&nobody(), move |number, _| match number {
            0 => put("session"),
            1 => temporary("SERVER", EXPIRY),
            _ => Act::ok("{}"),
        });
        client.get(&READ).await.unwrap();
        let urls = journal.urls();
        assert_eq!(urls[0], "http://169.254.169.254/meta-data/latest/api/token");
        assert_eq!(urls[1], "http://169.254.169.254/openstack/latest/securitykey");
        assert_eq!(journal.headers("x-metadata-token")[1], sent);
        assert!(journal.headers("authorization")[2].contains("Access=SERVER,"));
    }
}

#[tokio::test(start_paused = true)]
async fn without_any_credentials_the_error_comes_within_seconds_and_says_what_to_set() {
    let (client, _) = start(&nobody(), |_, _| Act::never());
    let begun = Instant::now();
    let error = client.get(&READ).await.err().unwrap();
    assert_eq!(*error.kind(), Kind::NoCredentials);
    assert!(begun.elapsed() <= Duration::from_secs(5));
    assert!(
        error.detail().starts_with("No credentials found. Set HW_ACCESS_KEY and HW_SECRET_KEY. "),
        "{error}"
    );
    for name in ["`access_key`", "`profile`", "metadata service"] {
        assert!(error.detail().contains(name), "{}", error.detail());
    }
}

#[tokio::test(start_paused = true)]
async fn the_metadata_service_is_asked_again_after_a_reset_429_or_5xx() {
    let reset = || Act::Fail(TransportError::new(Kind::Interrupted, "The connection broke.", true));
    for hiccup in [reset as fn() -> Act, || Act::status(429), || Act::status(502)] {
        let (client, journal) = start(&nobody(), move |number, _| match number {
            0 | 2 => hiccup(),
            1 => Act::ok("session"),
            3 => temporary("SERVER", EXPIRY),
            _ => Act::ok("{}"),
        });
        let begun = Instant::now();
        client.get(&READ).await.unwrap();
        assert!(begun.elapsed() <= Duration::from_secs(5));
        assert!(journal.headers("authorization")[4].contains("Access=SERVER,"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_refuses_in_place_of_the_metadata_service_means_no_credentials() {
    for (status, kind, advice) in [
        (403, Kind::NoCredentials, "Something other than the metadata service may be answering"),
        (407, Kind::NoCredentials, "Something other than the metadata service may be answering"),
        (302, Kind::NoCredentials, "Something other than the metadata service may be answering"),
        (401, Kind::CredentialSource, "Check that an agency is assigned to this server"),
        (404, Kind::CredentialSource, "Check that an agency is assigned to this server"),
        (429, Kind::CredentialSource, "Try again later"),
        (500, Kind::CredentialSource, "Try again later"),
    ] {
        let (client, _) =
            start(&nobody(), move |_, _| Act::Respond(status, vec![], "<html>denied</html>".into()));
        let error = client.get(&READ).await.err().unwrap();
        assert_eq!(*error.kind(), kind, "{status}: {error}");
        let detail = error.detail();
        assert!(detail.starts_with("No credentials found. Set HW_ACCESS_KEY"), "{status}: {detail}");
        assert!(detail.contains(advice) && detail.contains("169.254.169.254"), "{status}: {detail}");
        assert!(detail.contains(&format!("HTTP status: {status}")), "{detail}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_metadata_service_without_a_key_is_no_wrong_key() {
    for act in [
        || Act::Respond(401, vec![], "Please configure Cloud Service Agency first".into()),
        || Act::ok("<html>"),
        || Act::ok(r#"{"credential":{"access":"A"}}"#),
        || temporary("A", "2024-01-15T09:30:45Z"),
        || temporary("A", "tomorrow"),
    ] as [fn() -> Act; 5]
    {
        let (client, _) =
            start(&nobody(), move |number, _| if number == 0 { Act::ok("session") } else { act() });
        let error = client.get(&READ).await.err().unwrap();
        assert!(matches!(error.kind(), Kind::CredentialSource | Kind::Decode { .. }), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_sent_once_whatever_the_number_of_regions() {
    let login = Arguments {
        user_name: Some("u".into()),
        password: Some("hunter2-long".into()),
        domain_name: Some("acc".into()),
        project_id: None,
        ..nobody()
    };
    let (client, journal) = start(&login, |_, _| Act::status(401));
    let reads = ["cn-north-4", "cn-south-1", "cn-east-3"]
        .map(|region| Get { scope: Scope { region: Some(region), ..READ.scope }, ..READ });
    let results = join_all(reads.iter().map(|read| client.get(read))).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|it| *it.kind() == Kind::Unauthorized)));
    assert_eq!(journal.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn answers_that_hold_secrets_are_not_quoted() {
    for body in [
        r#"{"credential":"planted"}"#,
        r#"{"credential":{"access":"A","secret":["planted"]}}"#,
        r#"{"credential":{"access":"A","secret":"planted","securitytoken":""}}"#,
    ] {
        let (client, _) =
            start(&nobody(), move |number, _| Act::ok(if number == 0 { "session" } else { body }));
        let error = client.get(&READ).await.err().unwrap();
        assert!(!error.detail().contains("planted"), "{error}");
        assert!(["`credential", "a field is empty"].iter().any(|it| error.detail().contains(it)), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_that_repeats_what_was_sent_is_masked_too() {
    let login = Arguments { user_id: Some("u".into()), password: Some("hunter2-long".into()), ..nobody() };
    for body in [
        r#"{"error_code":"X","error_msg":"The password hunter2-long is wrong."}"#,
        r#"{"token":"hunter2-long"}"#,
    ] {
        let (client, _) = start(&login, move |_, _| Act::Respond(201, vec![], body.into()));
        let error = client.get(&READ).await.err().unwrap();
        let detail = error.detail();
        assert!(!detail.contains("hunter2") && detail.contains("***"), "{detail}");
    }
}
