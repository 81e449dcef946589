//! Lists, read to their end.

use huaweicloud::{Kind, Scope};
use iotda_emulator::{Answer, Config, Fault, Rule, ids};
use iotda_provider::iotda::ListFilter;

use super::{client, direct, emulator};

#[tokio::test]
async fn lists_are_read_to_their_end() {
    let cloud = emulator(Config::default().instances(1203));
    let client = client(&direct(&cloud));
    let all = client.within(Scope::default()).list(ListFilter::default()).await.unwrap();
    // The documentation's instance is one more.
    assert_eq!(all.len(), 1204);
    assert_eq!(cloud.request_count(), 3);
    let found = client
        .within(Scope::default())
        .list(ListFilter { name: Some("iotda_instance"), instance_type: None })
        .await
        .unwrap();
    assert!(found.iter().any(|instance| instance.instance_id.as_deref() == Some(ids::INSTANCE_ID)));
    let flavors = client.within(Scope::default()).flavors(Some("enterprise")).await.unwrap();
    assert!(
        !flavors.is_empty()
            && flavors.iter().all(|flavor| flavor.instance_type.as_deref() == Some("enterprise"))
    );
    assert!(client.within(Scope::default()).tasks(ids::INSTANCE_ID).await.is_ok());
}

#[tokio::test]
async fn pages_that_go_in_a_circle_are_an_error() {
    let cloud = emulator(Config::default());
    let page = r#"{"count":9,"marker":"m","instances":[{"instance_id":"a"}]}"#;
    cloud.fail(Rule::new(Fault::Answer(Answer::new(200).json(page))));
    let error =
        client(&direct(&cloud)).within(Scope::default()).list(ListFilter::default()).await.unwrap_err();
    assert!(
        matches!(error.kind(), Kind::Decode { .. }) && error.detail().contains("same marker twice"),
        "{error}"
    );
    assert_eq!(cloud.request_count(), 2);
}
