//! Defects that were found and mended, each with the test that would have caught it. Those that a table holds by now are
//! there: pages in `plugin::pages`, the words of servers in `plugin::text`, signals and dying hosts in `lifetime` and
//! values that claim to be large in `malformed`, both of the crate `tfplug`.

use iotda_emulator::{Answer, Config, Fault, Rule, ids};
use serde_json::json;

use super::{Provider, SOURCES, cloud, error_of};

/// Sixteen MiB of small objects became more than a gigabyte before anyone looked at them.
#[tokio::test]
async fn an_array_longer_than_any_is_refused() {
    let provider = Provider::start().await;
    for (count, refused) in [(10_000, false), (10_001, true)] {
        let tags = vec![json!({"key": "a", "value": "b"}); count];
        let answer =
            Answer::new(200).json(json!({"instance_id": ids::INSTANCE_ID, "tags": tags}).to_string());
        let cloud = cloud(Config::default().fault(Rule::new(Fault::Answer(answer))));
        provider.configure(&cloud, &json!({})).await;
        let read = provider.read(SOURCES[0]).await;
        assert_eq!(read.diagnostics.has_errors(), refused, "{count}");
        if refused {
            assert!(error_of(&read).detail.contains("`tags`"), "{:?}", read.diagnostics);
        }
    }
}

/// A body was cut before its secrets were masked, so that the first half of one could stay.
#[tokio::test]
async fn half_a_secret_is_not_shown_either() {
    let provider = Provider::start().await;
    for cut in 1..12 {
        let body = format!("no{}{} more", " ".repeat(4 * 1024 - 2 - cut), ids::ACCESS_KEY);
        let answer = Answer::new(400).body("text/plain", body);
        let cloud = cloud(Config::default().fault(Rule::new(Fault::Answer(answer))));
        provider.configure(&cloud, &json!({})).await;
        let read = provider.read(SOURCES[0]).await;
        let error = error_of(&read);
        assert!(error.detail.contains("Message: no"), "{error:?}");
        assert!(!error.detail.contains("EM"), "{cut}: {error:?}");
    }
}

/// What the schema takes and the Rust type does not was an error of the protocol, which hosts show as a crash.
#[tokio::test]
async fn a_number_that_does_not_fit_is_told_at_its_argument() {
    let provider = Provider::quiet().await;
    for number in ["1.5", "1e300", "-1", "1e19"] {
        let config = json!({"region": "cn-north-4", "max_retries": number});
        let diagnostics = provider.host.configure(&config).await.unwrap();
        let error = diagnostics.iter().next().unwrap();
        let path = error.path.as_ref().map(ToString::to_string);
        assert_eq!(path.as_deref(), Some("max_retries"), "{number}: {error:?}");
    }
}

/// No defect, but how one would look: what a server gives to be sent back to it leads nowhere else.
#[tokio::test]
async fn a_marker_that_is_a_path_stays_a_value() {
    let provider = Provider::start().await;
    let cloud = cloud(Config::default());
    let marker = "../../../v3/projects?name=x&limit=1#";
    let page = json!({"count": 9, "marker": marker, "instances": [{"instance_id": "0a"}]}).to_string();
    cloud.fail(Rule::new(Fault::Answer(Answer::new(200).json(page))).times(1));
    provider.configure(&cloud, &json!({})).await;
    provider.read(("iotda_instances", r#"{"include_details": false}"#)).await;
    let requests = cloud.requests();
    assert_eq!((requests.len(), &requests[0].path), (2, &requests[1].path));
    assert!(
        requests[1].query.contains("marker=..%2F..%2F..%2Fv3%2Fprojects%3Fname%3Dx%26limit%3D1%23&")
            || requests[1].query.ends_with("limit%3D1%23")
    );
}
