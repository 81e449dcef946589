//! Lists, read to their end.

use huaweicloud::Kind;
use iotda_emulator::{Answer, Config, Fault, Rule, ids};

use super::{client, direct, emulator, instances};

#[tokio::test]
async fn lists_are_read_to_their_end() {
    let cloud = emulator(Config::default().instances(1203));
    let client = client(&direct(&cloud));
    let api = instances(&client);
    let all = api.list(None, None).await.unwrap();
    // The documentation's instance is one more.
    assert_eq!(all.len(), 1204);
    assert_eq!(cloud.request_count(), 3);
    let found = api.list(Some("iotda_instance"), None).await.unwrap();
    assert!(found.iter().any(|instance| instance.instance_id.as_deref() == Some(ids::INSTANCE_ID)));
    let flavors = api.flavors(Some("enterprise")).await.unwrap();
    assert!(
        !flavors.is_empty()
            && flavors.iter().all(|flavor| flavor.instance_type.as_deref() == Some("enterprise"))
    );
    assert!(api.tasks(ids::INSTANCE_ID).await.is_ok());
}

#[tokio::test]
async fn pages_that_go_in_a_circle_are_an_error() {
    let cloud = emulator(Config::default());
    let page = r#"{"count":9,"marker":"m","instances":[{"instance_id":"a"}]}"#;
    cloud.fail(Rule::new(Fault::Answer(Answer::new(200).json(page))));
    let error = instances(&client(&direct(&cloud))).list(None, None).await.unwrap_err();
    assert!(
        matches!(error.kind(), Kind::Decode { .. }) && error.detail().contains("same marker twice"),
        "{error}"
    );
    assert_eq!(cloud.request_count(), 2);
}
