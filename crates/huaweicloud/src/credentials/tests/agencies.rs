use futures_util::future::join_all;

use super::{EXPIRY, PROJECT, READ, nobody, start, temporary};
use crate::client::Client;
use crate::error::Kind;
use crate::settings::arguments::{Arguments, AssumeRole};
use crate::testing::{Act, Journal, arguments};

const ACCOUNTS: &str = r#"{"domains":[{"id":"acc1","name":"acc"}]}"#;

fn by_name(agency: &str, account: &str) -> AssumeRole {
    AssumeRole {
        agency_name: Some(agency.into()),
        domain_name: Some(account.into()),
        ..AssumeRole::default()
    }
}

fn by_id(agency: &str, account: &str) -> AssumeRole {
    AssumeRole { agency_name: Some(agency.into()), domain_id: Some(account.into()), ..AssumeRole::default() }
}

fn with_key(hops: Vec<AssumeRole>) -> Arguments {
    Arguments { project_id: Some(PROJECT.into()), assume_role: hops, ..arguments() }
}

fn with_password(hops: Vec<AssumeRole>) -> Arguments {
    let password = Some("hunter2".into());
    Arguments {
        user_id: Some("u".into()),
        password,
        domain_id: Some("acc1".into()),
        assume_role: hops,
        ..nobody()
    }
}

fn with_token(hops: Vec<AssumeRole>) -> Arguments {
    Arguments { token: Some("OWN".into()), assume_role: hops, ..nobody() }
}

fn sts_key(access: &str) -> Act {
    Act::ok(&format!(
        r#"{{"credentials":{{"access_key_id":"{access}","secret_access_key":"s","security_token":"t"}}}}"#
    ))
}

fn forbidden() -> Act {
    Act::Respond(403, vec![], r#"{"error_code":"IAM.0002","error_msg":"No."}"#.into())
}

fn token(text: &str) -> Act {
    Act::Respond(201, vec![("x-subject-token", text.into())], r#"{"token":{}}"#.into())
}

/// A cloud in which every request succeeds, with one response each.
fn cloud(arguments: &Arguments) -> (Client, Journal) {
    start(arguments, |number, outgoing| {
        let body = outgoing.body.as_deref().unwrap_or_default();
        let path = outgoing.url.splitn(4, '/').last().unwrap_or_default();
        match path {
            "v3/auth/domains" => Act::ok(ACCOUNTS),
            "v3/auth/tokens" => token("ACCOUNT"),
            "v3.0/OS-CREDENTIAL/securitytokens" if body.windows(11).any(|it| it == b"assume_role") => {
                temporary(&format!("AGENCY{number}"), EXPIRY)
            }
            "v3.0/OS-CREDENTIAL/securitytokens" => temporary("USER", EXPIRY),
            "v5/agencies/assume" => sts_key(&format!("STS{number}")),
            _ => Act::ok("{}"),
        }
    })
}

/// The requests before the read, by path.
fn asked(journal: &Journal) -> Vec<String> {
    let urls = journal.urls();
    let path = |url: &String| url.splitn(4, '/').last().unwrap_or_default().to_owned();
    urls.iter().map(path).take(urls.len() - 1).collect()
}

#[tokio::test(start_paused = true)]
async fn an_agency_by_account_id_is_assumed_through_sts_and_signed_as_the_vector() {
    let hop =
        AssumeRole { agency_name: Some("ag".into()), domain_id: Some("dom".into()), ..AssumeRole::default() };
    let arguments = Arguments { project_id: Some(PROJECT.into()), assume_role: vec![hop], ..arguments() };
    let key = r#"{"credentials":{"access_key_id":"TEMP","secret_access_key":"s","security_token":"t","expiration":"2024-01-15T10:30:45Z"}}"#;
    let (client, journal) = start(&arguments, |number, _| Act::ok(if number == 0 { key } else { "{}" }));
    client.get(&READ).await.unwrap();
    assert_eq!(journal.urls()[0], "https://sts.cn-north-4.myhuaweicloud.com/v5/agencies/assume");
    assert_eq!(journal.bodies()[0], r#"{"agency_session_name":"ag","agency_urn":"iam::dom:agency:ag"}"#);
    let [assumed, read] = journal.headers("authorization").try_into().unwrap();
    assert_eq!(
        assumed,
        "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=content-type;host;x-sdk-date, Signature=db9d58ddcc75f6d7c9492ed16d58612d55218b406b96d72c3a1974da0bfe2ae9"
    );
    assert!(read.starts_with(
        "SDK-HMAC-SHA256 Access=TEMP, SignedHeaders=host;x-project-id;x-sdk-date;x-security-token,"
    ));
}

#[tokio::test(start_paused = true)]
async fn a_signed_request_for_an_agency_names_the_callers_account_which_is_looked_up_once() {
    let (client, journal) = cloud(&with_key(vec![by_name("ag", "other")]));
    for result in join_all((0..10).map(|_| client.get(&READ))).await {
        result.unwrap();
    }
    let urls = journal.urls();
    assert_eq!(urls[0], "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/domains");
    assert_eq!(urls[1], "https://iam.cn-north-4.myhuaweicloud.com/v3.0/OS-CREDENTIAL/securitytokens");
    assert_eq!(urls.len(), 12);
    assert_eq!(journal.headers("x-domain-id")[..3], ["", "acc1", ""]);
    let signed = "Access=AccessKey, SignedHeaders=content-type;host;x-domain-id;x-sdk-date,";
    assert!(journal.headers("authorization")[1].contains(signed), "{:?}", journal.headers("authorization"));

    // The agency's key expires after an hour; the account does not change.
    tokio::time::advance(std::time::Duration::from_secs(3590)).await;
    client.get(&READ).await.unwrap();
    assert_eq!(journal.urls().iter().filter(|url| url.ends_with("/v3/auth/domains")).count(), 1);
    assert_eq!(journal.headers("x-domain-id")[12..], ["acc1", ""]);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_given_is_not_looked_up() {
    let arguments = Arguments { domain_id: Some("acc9".into()), ..with_key(vec![by_name("ag", "other")]) };
    let (client, journal) = cloud(&arguments);
    client.get(&READ).await.unwrap();
    assert_eq!(asked(&journal), ["v3.0/OS-CREDENTIAL/securitytokens"]);
    assert_eq!(journal.headers("x-domain-id")[0], "acc9");
    let (client, _) = start(&arguments, |_, _| forbidden());
    let detail = client.get(&READ).await.err().unwrap().detail();
    assert!(detail.contains("Also check `domain_id` (or HW_DOMAIN_ID, OS_DOMAIN_ID)"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_found_is_asked_for_by_its_argument() {
    for (act, kind) in [
        (Act::ok as fn(&str) -> Act, Kind::CredentialSource),
        (|_| Act::ok(r#"{"domains":[{"id":"a"},{"id":"b"}]}"#), Kind::CredentialSource),
        (|_| forbidden(), Kind::Forbidden),
    ] {
        let arguments = with_key(vec![by_name("ag", "other")]);
        let (client, journal) = start(&arguments, move |_, _| act(r#"{"domains":[]}"#));
        let error = client.get(&READ).await.err().unwrap();
        assert_eq!(*error.kind(), kind, "{error}");
        assert!(error.detail().contains("set `domain_id` (or HW_DOMAIN_ID, OS_DOMAIN_ID) to"), "{error}");
        assert_eq!(journal.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn lifetime_and_external_id_are_sent_to_the_sts() {
    let hop = AssumeRole { duration: Some(1800), external_id: Some("shared".into()), ..by_id("one", "acc2") };
    let (client, journal) = cloud(&with_key(vec![hop]));
    client.get(&READ).await.unwrap();
    let fields = r#""duration_seconds":1800,"external_id":"shared"}"#;
    assert!(journal.bodies()[0].ends_with(fields), "{}", journal.bodies()[0]);
}

#[tokio::test(start_paused = true)]
async fn a_chain_names_the_account_of_each_agency_before() {
    let hops = vec![by_id("one", "acc2"), by_name("two", "third"), by_name("three", "fourth")];
    let (client, journal) = cloud(&with_key(hops));
    client.get(&READ).await.unwrap();
    let v3 = "v3.0/OS-CREDENTIAL/securitytokens";
    assert_eq!(asked(&journal), ["v5/agencies/assume", v3, "v3/auth/domains", v3]);
    // Only the name of the account of `two` is known.
    assert_eq!(journal.headers("x-domain-id"), ["", "acc2", "", "acc1", ""]);
    let signers = journal.headers("authorization");
    for (signer, access) in signers.iter().zip(["AccessKey", "STS0", "AGENCY1", "AGENCY1", "AGENCY3"]) {
        assert!(signer.contains(&format!("Access={access},")), "{signer}");
    }
    let bodies = journal.bodies();
    assert_eq!(bodies[0], r#"{"agency_session_name":"one","agency_urn":"iam::acc2:agency:one"}"#);
    assert_eq!(
        bodies[1],
        r#"{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"two","domain_name":"third","duration_seconds":43200}}}}"#
    );
}

#[tokio::test(start_paused = true)]
async fn the_source_of_a_chain_is_named_from_its_end() {
    let arguments = with_key(vec![by_id("one", "acc2"), by_id("two", "acc3")]);
    let (client, _) = start(&arguments, |number, _| match number {
        0 | 1 => sts_key("TEMP"),
        _ => Act::status(403),
    });
    let error = client.get(&READ).await.err().unwrap();
    let words = "the agency two assumed with the agency one assumed with the access key of the configuration (`access_key`)";
    assert!(error.detail().contains(words), "{}", error.detail());
}

/// The configured project belongs to the agency's account, and agencies are not assumed for a project.
#[tokio::test(start_paused = true)]
async fn a_password_below_an_agency_becomes_a_token_of_the_account() {
    let (client, journal) = cloud(&with_password(vec![by_name("ag", "other")]));
    client.get(&READ).await.unwrap();
    assert_eq!(asked(&journal), ["v3/auth/tokens", "v3.0/OS-CREDENTIAL/securitytokens"]);
    let scope = r#""scope":{"domain":{"id":"acc1"}}}}"#;
    assert!(journal.bodies()[0].ends_with(scope), "{}", journal.bodies()[0]);
    assert_eq!(journal.headers("x-auth-token"), ["", "ACCOUNT", ""]);
    assert!(journal.headers("authorization")[2].contains("Access=AGENCY1,"));
    assert!(journal.urls()[2].contains(PROJECT));
}

#[tokio::test(start_paused = true)]
async fn a_password_below_an_agency_by_account_id_becomes_a_key_that_signs() {
    let (client, journal) = cloud(&with_password(vec![by_id("ag", "acc2")]));
    client.get(&READ).await.unwrap();
    let asked = asked(&journal);
    assert_eq!(asked, ["v3/auth/tokens", "v3.0/OS-CREDENTIAL/securitytokens", "v5/agencies/assume"]);
    assert_eq!(journal.bodies()[1], r#"{"auth":{"identity":{"methods":["token"]}}}"#);
    assert_eq!(journal.headers("x-auth-token"), ["", "ACCOUNT", "", ""]);
    assert!(journal.headers("authorization")[2].contains("Access=USER,"));
}

#[tokio::test(start_paused = true)]
async fn a_callers_token_below_an_agency_becomes_one_of_the_account() {
    let (client, journal) = cloud(&with_token(vec![by_name("ag", "other")]));
    client.get(&READ).await.unwrap();
    assert_eq!(asked(&journal), ["v3/auth/domains", "v3/auth/tokens", "v3.0/OS-CREDENTIAL/securitytokens"]);
    let exchange = r#"{"auth":{"identity":{"methods":["token"],"token":{"id":"OWN"}},"scope":{"domain":{"id":"acc1"}}}}"#;
    assert_eq!(journal.bodies()[1], exchange);
    assert_eq!(journal.headers("x-auth-token"), ["OWN", "", "ACCOUNT", ""]);

    let named = Arguments { domain_name: Some("acc".into()), ..with_token(vec![by_name("ag", "other")]) };
    let (client, journal) = cloud(&named);
    client.get(&READ).await.unwrap();
    assert!(
        journal.bodies()[0].ends_with(r#""scope":{"domain":{"name":"acc"}}}}"#),
        "{:?}",
        journal.bodies()
    );
}

#[tokio::test(start_paused = true)]
async fn a_callers_token_below_an_agency_by_account_id_becomes_a_key_that_signs() {
    let (client, journal) = cloud(&with_token(vec![by_id("ag", "acc2")]));
    client.get(&READ).await.unwrap();
    assert_eq!(asked(&journal), ["v3.0/OS-CREDENTIAL/securitytokens", "v5/agencies/assume"]);
    assert_eq!(journal.headers("x-auth-token"), ["OWN", "", ""]);
    assert!(journal.headers("authorization")[1].contains("Access=USER,"));
}

#[tokio::test(start_paused = true)]
async fn only_a_refused_password_is_said_to_lock_the_user() {
    for (refused, locks) in [(0, true), (1, false), (2, false)] {
        for hop in [by_name("ag", "other"), by_id("ag", "acc2")] {
            let (client, _) = start(&with_password(vec![hop]), move |number, outgoing| match number {
                _ if number == refused => Act::status(401),
                0 => token("ACCOUNT"),
                1 if outgoing.url.contains("securitytokens") => temporary("USER", EXPIRY),
                _ => sts_key("TEMP"),
            });
            let error = client.get(&READ).await.err().unwrap();
            assert_eq!(*error.kind(), Kind::Unauthorized);
            assert_eq!(error.detail().contains("lock the user"), locks, "{error}");
            assert!(!error.detail().contains("hunter2"), "{error}");
        }
    }
}
