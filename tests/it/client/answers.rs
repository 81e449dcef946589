//! Failures that must not cost another read anything. `plugin::answers` has the table of all failures.

use std::time::Duration;

use huaweicloud::{Arguments, Kind};
use iotda_emulator::{Config, Fault, Rule};

use super::{client, direct, emulator, show};

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
