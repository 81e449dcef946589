//! What comes of each failure, by kind and words.

use std::time::Duration;

use huaweicloud::{Arguments, Error, Kind};
use iotda_emulator::{Answer, Config, Emulator, Fault, Rule, ids};
use iotda_provider::iotda::Instance;
use tokio::time::Instant;

use super::{client, direct, emulator, instances, show, show_within};

/// One read that meets a fault every time, without retries.
async fn meets(fault: Fault) -> Error {
    let limit = if matches!(fault, Fault::Hang | Fault::EndlessBody) { "1s" } else { "20s" };
    let cloud = emulator(Config::default().fault(Rule::new(fault.clone())));
    let arguments = Arguments { max_retries: Some(0), request_timeout: Some(limit.into()), ..direct(&cloud) };
    // Too many requests are waited for as long as the read has time.
    let patience = if matches!(fault, Fault::Status(429)) { 1 } else { 20 };
    show_within(&client(&arguments), Duration::from_secs(patience)).await.unwrap_err()
}

async fn survives(cloud: &Emulator) -> Result<Instance, Error> {
    show(&client(&direct(cloud))).await
}

#[tokio::test]
async fn every_failure_has_its_kind_and_words() {
    let html = || Answer::new(200).html("<html><title>Sign in</title></html>");
    for (fault, kind, words) in [
        (Fault::Status(400), Kind::Rejected, "HTTP status: 400"),
        (Fault::Status(429), Kind::Throttled, "too many requests"),
        (Fault::Status(500), Kind::Unavailable, "HTTP status: 500"),
        (Fault::Status(503), Kind::Unavailable, "HTML page"),
        (
            Fault::Redirect("https://login.example.org/x?t=secret".into()),
            Kind::Redirect,
            "redirects to login.example.org",
        ),
        (Fault::Hang, Kind::Timeout, "`request_timeout`"),
        (Fault::ResetBeforeHeaders, Kind::Interrupted, "broke before"),
        (Fault::ResetAfterHeaders, Kind::Interrupted, "broke before"),
        (Fault::ResetInBody, Kind::Interrupted, "broke before"),
        (Fault::TruncatedBody, Kind::Interrupted, "broke before"),
        (Fault::MalformedJson, Kind::Decode { path: String::new() }, "truncated"),
        (Fault::Oversized(17 << 20), Kind::TooLarge, "16 MiB"),
        (Fault::GzipBomb(17 << 20), Kind::TooLarge, "16 MiB"),
        (Fault::Answer(html()), Kind::Decode { path: String::new() }, "HTML page"),
        (Fault::Answer(Answer::new(200)), Kind::Decode { path: String::new() }, "empty"),
        (Fault::Answer(Answer::new(200).json("[]")), Kind::Decode { path: String::new() }, "array"),
        (
            Fault::Answer(Answer::new(200).json(r#"{"access_infos":[{},{},{"port":"8883"}]}"#)),
            Kind::Decode { path: "access_infos[2].port".into() },
            "`access_infos[2].port`",
        ),
    ] {
        let name = format!("{fault:?}").chars().take(60).collect::<String>();
        let error = meets(fault).await;
        assert_eq!(*error.kind(), kind, "{name}: {error}");
        assert!(error.detail().contains(words), "{name}: {error}");
        assert!(!error.detail().contains("secret"), "{name}: {error}");
    }
}

#[tokio::test]
async fn what_passes_is_survived() {
    for fault in [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(429),
        Fault::ResetBeforeHeaders,
        Fault::ResetInBody,
        Fault::TruncatedBody,
    ] {
        let cloud = emulator(Config::default().fault(Rule::new(fault.clone()).times(1)));
        survives(&cloud).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(cloud.request_count(), 2, "{fault:?}");
    }
    let compressed = emulator(Config::default().fault(Rule::new(Fault::Gzip)));
    survives(&compressed).await.unwrap();
}

/// Rejected keys are locked after five failures.
#[tokio::test]
async fn a_rejected_key_is_not_sent_again_because_the_body_was_lost() {
    for fault in [Fault::ResetInBody, Fault::TruncatedBody] {
        let cloud = emulator(Config::default().fault(Rule::new(fault.clone())));
        let client = client(&Arguments { secret_key: Some("wrong".into()), ..direct(&cloud) });
        for _ in 0..2 {
            let error = show(&client).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.status()),
                (&Kind::Unauthorized, Some(401)),
                "{fault:?}: {error}"
            );
        }
        assert_eq!(cloud.request_count(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn an_endless_body_ends_with_the_attempt() {
    let error = meets(Fault::EndlessBody).await;
    assert!(matches!(error.kind(), Kind::TooLarge | Kind::Timeout), "{error}");
}

#[tokio::test]
async fn an_unknown_instance_names_region_and_project() {
    let cloud = emulator(Config::default());
    let unknown = instances(&client(&direct(&cloud))).show("00000000-0000-0000-0000-000000000000").await;
    let error = unknown.unwrap_err();
    assert_eq!((error.kind(), error.summary()), (&Kind::NotFound, "Not found"));
    assert!(
        error.detail().contains(&format!("region cn-north-4 and project {}", ids::PROJECT_ID)),
        "{error}"
    );
    assert!(error.detail().contains("instance 00000000-0000"), "{error}");
}

#[tokio::test]
async fn a_missing_permission_names_the_action() {
    let cloud = emulator(Config::default());
    let foreign = Arguments { project_id: Some(ids::PARTNER_PROJECT_ID.into()), ..direct(&cloud) };
    let error = show(&client(&foreign)).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Forbidden);
    assert!(
        error.detail().contains("`iotda:instance:query`") && error.detail().contains("IOTDA.000021"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_endpoint_is_told_from_a_missing_instance() {
    let cloud = emulator(Config::default());
    let mut elsewhere = direct(&cloud);
    elsewhere.endpoints.insert("iotda_mgmt".into(), format!("{}/prefix", cloud.url()));
    let error = show(&client(&elsewhere)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (&Kind::WrongEndpoint, Some("APIGW.0101")));
    assert!(error.detail().contains("`iotda_mgmt`"), "{error}");
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_host() {
    let cloud = emulator(Config::default());
    let mut nowhere = Arguments { max_retries: Some(0), ..direct(&cloud) };
    nowhere.endpoints.insert("iotda_mgmt".into(), "http://127.0.0.1:1".into());
    let error = show(&client(&nowhere)).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Connect);
    assert!(error.detail().contains("127.0.0.1:1 refused the connection"), "{error}");
    nowhere.endpoints.insert("iotda_mgmt".into(), "https://iotda.invalid".into());
    let error = show(&client(&nowhere)).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Dns);
    assert!(error.detail().contains("iotda.invalid") && error.detail().contains("`endpoints`"), "{error}");
}

#[tokio::test]
async fn a_read_that_is_dropped_leaves_the_next_one_a_way() {
    let cloud = emulator(Config::default().fault(Rule::new(Fault::Hang).times(1)));
    let client = client(&direct(&cloud));
    let dropped = tokio::time::timeout(Duration::from_millis(200), show(&client)).await;
    assert!(dropped.is_err());
    show(&client).await.unwrap();
}

#[tokio::test]
async fn the_deadline_ends_a_wait_at_once() {
    let wait = Answer::new(503).header("retry-after", "3600");
    let cloud = emulator(Config::default().fault(Rule::new(Fault::Answer(wait))));
    let begun = Instant::now();
    let error = show_within(&client(&direct(&cloud)), Duration::from_secs(30)).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(error.detail().contains("asks to wait 3600 s"), "{error}");
}
