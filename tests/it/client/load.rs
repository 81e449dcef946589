//! Many reads through one client: how many requests and connections they cost.

use std::time::Duration;

use futures_util::future::join_all;
use huaweicloud::Arguments;
use iotda_emulator::{Config, Fault, Metadata, MetadataMode, Rule, ids};

use super::{arguments, client, direct, emulator, nobody, paths, show};

#[tokio::test]
async fn without_one_a_single_lookup_serves_all_reads() {
    let cloud = emulator(Config::default());
    let client = client(&arguments(&cloud));
    let results = join_all((0..20).map(|_| show(&client))).await;
    assert!(results.iter().all(Result::is_ok));
    let paths = paths(&cloud);
    assert_eq!((paths[0].as_str(), paths.len()), ("/v3/projects", 21));
    assert_eq!(cloud.requests()[0].query, "name=cn-north-4");
}

#[tokio::test]
async fn twenty_parallel_reads_with_a_wrong_key_cost_one_request_and_say_the_same() {
    let cloud = emulator(Config::default());
    for project_id in [Some(ids::PROJECT_ID.to_owned()), None] {
        cloud.clear_requests();
        let wrong = Arguments { secret_key: Some("wrong".into()), project_id, ..arguments(&cloud) };
        let client = client(&wrong);
        let results = join_all((0..20).map(|_| show(&client))).await;
        assert_eq!(cloud.request_count(), 1);
        let details: Vec<String> = results.into_iter().map(|result| result.unwrap_err().detail()).collect();
        assert!(details.iter().all(|detail| *detail == details[0]));
        assert!(details[0].contains("the access key of the configuration (`access_key`)"), "{}", details[0]);
        assert!(details[0].contains("Error code: APIGW.0301"), "{}", details[0]);
        assert!(!details[0].contains(ids::ACCESS_KEY), "{}", details[0]);
    }
    // The key is not locked: its owner still reads.
    assert!(show(&super::client(&direct(&cloud))).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_reads_across_an_expiry_cause_one_renewal() {
    let metadata = Metadata { mode: MetadataMode::V2Required, ..Metadata::default() };
    let cloud = emulator(Config::default().metadata(metadata));
    let renewals = || paths(&cloud).iter().filter(|path| path.ends_with("/securitykey")).count();
    // Three quarters of this life the key is fresh.
    cloud.set_lifetime(Some(Duration::from_secs(8)));
    let project = Arguments { project_id: Some(ids::PROJECT_ID.into()), ..nobody(&cloud) };
    let client = client(&project);
    show(&client).await.unwrap();
    assert_eq!(renewals(), 1);
    cloud.set_lifetime(Some(Duration::from_hours(1)));
    cloud.fail(Rule::new(Fault::Latency(Duration::from_millis(5))));
    // Reads go on until well past the expiry.
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(8) {
        let results = join_all((0..100).map(|_| show(&client))).await;
        assert!(results.iter().all(Result::is_ok));
    }
    assert!(cloud.request_count() > 1000);
    assert_eq!(renewals(), 2);
}
