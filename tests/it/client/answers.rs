//! The kinds of failures, and those that must not cost another read anything. `plugin::answers` has the table of all.

use std::time::Duration;

use huaweicloud::{Arguments, Kind};
use iotda_emulator::{Answer, Config, Fault, Rule};

use super::{client, direct, emulator, show};

#[tokio::test]
async fn each_failure_has_the_kind_that_programs_decide_by() {
    let body = |json: &'static str| Fault::Answer(Answer::new(200).json(json));
    let decode = |path: &str| Kind::Decode { path: path.into() };
    for (fault, kind) in [
        (Fault::Status(400), Kind::Rejected),
        (Fault::Status(503), Kind::Unavailable),
        (Fault::Redirect("https://login.example.org/x?t=secret".into()), Kind::Redirect),
        (Fault::Hang, Kind::Timeout),
        (Fault::ResetBeforeHeaders, Kind::Interrupted),
        (Fault::TruncatedBody, Kind::Interrupted),
        (Fault::Oversized(17 << 20), Kind::TooLarge),
        (Fault::MalformedJson, decode("")),
        (body("[]"), decode("")),
        (body(r#"{"access_infos":[{},{},{"port":"8883"}]}"#), decode("access_infos[2].port")),
    ] {
        let limit = if matches!(fault, Fault::Hang) { "1s" } else { "20s" };
        let cloud = emulator(Config::default().fault(Rule::new(fault.clone())));
        let once = Arguments { max_retries: Some(0), request_timeout: Some(limit.into()), ..direct(&cloud) };
        let error = show(&client(&once)).await.unwrap_err();
        assert_eq!((error.kind(), cloud.request_count()), (&kind, 1), "{fault:?}: {error}");
        assert!(!error.detail().contains("secret"), "{error}");
    }
    for (endpoint, kind) in [("http://127.0.0.1:1", Kind::Connect), ("https://iotda.invalid", Kind::Dns)] {
        let mut nowhere = Arguments { max_retries: Some(0), ..direct(&emulator(Config::default())) };
        nowhere.endpoints.insert("iotda_mgmt".into(), endpoint.into());
        assert_eq!(show(&client(&nowhere)).await.unwrap_err().kind(), &kind);
    }
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
async fn a_read_that_is_dropped_leaves_the_next_one_a_way() {
    let cloud = emulator(Config::default().fault(Rule::new(Fault::Hang).times(1)));
    let client = client(&direct(&cloud));
    let dropped = tokio::time::timeout(Duration::from_millis(200), show(&client)).await;
    assert!(dropped.is_err());
    show(&client).await.unwrap();
}
