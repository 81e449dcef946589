//! Many reads in one process, with and without faults.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use iotda_emulator::{Config, Emulator, Fault, Rule, Throttle};
use serde_json::{Value as Json, json};
use tfplug::internals::Raw as _;
use tfplug::internals::tfplugin6::{DynamicValue, read_data_source};

use super::{Provider, SOURCES, cloud};

/// A figure of a process in bytes, by its name in `/proc/<id>/status`.
#[cfg(target_os = "linux")]
pub(super) fn memory(process: u32, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

/// Reads as a host does in a plan: the schema is asked for once, by [`Host::read`](tfplug::testing::Host::read).
async fn all_read(provider: &Provider, count: usize, at_a_time: usize) {
    let (name, arguments) = SOURCES[0];
    let first = provider.read(SOURCES[0]).await;
    assert!(!first.diagnostics.has_errors() && !first.state.is_null(), "{:?}", first.diagnostics);
    let schema =
        provider.host.schema().await.unwrap().data_source_schemas.remove(name).unwrap().block.unwrap();
    let mut config: Json = serde_json::from_str(arguments).unwrap();
    let names = schema.attributes.iter().map(|attribute| &attribute.name);
    for name in names.chain(schema.block_types.iter().map(|block| &block.type_name)) {
        config.as_object_mut().unwrap().entry(name).or_insert(Json::Null);
    }
    let config = DynamicValue { msgpack: Vec::new(), json: config.to_string().into() };
    let reads = stream::iter(1..count).map(|_| {
        let mut client = provider.host.client();
        let request = read_data_source::Request {
            type_name: name.to_owned(),
            config: Some(config.clone()),
            provider_meta: None,
            client_capabilities: None,
        };
        async move { client.read_data_source(request).await.unwrap().into_inner() }
    });
    let mut reads = reads.buffer_unordered(at_a_time);
    while let Some(read) = reads.next().await {
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        assert!(read.state.is_some_and(|state| state.msgpack.len() > 500));
    }
}

/// Ten at a time, as a host asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_reads_take_no_more_memory_and_connections_than_five_hundred() {
    let cloud = cloud(Config::default());
    let provider = Provider::quiet().await;
    provider.configure(&cloud, &json!({})).await;
    all_read(&provider, 500, 10).await;
    #[cfg(target_os = "linux")]
    let before = memory(provider.id(), "VmRSS:");
    all_read(&provider, 4_500, 10).await;
    assert_eq!(cloud.request_count(), 5_000);
    assert!(cloud.connections() <= 12, "{} connections", cloud.connections());
    #[cfg(target_os = "linux")]
    {
        let after = memory(provider.id(), "VmRSS:");
        assert!(after < before + (4 << 20), "{} KiB, then {} KiB", before >> 10, after >> 10);
    }
}

/// Every twentieth answer is a fault of some kind, and all reads come through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_once_with_faults_all_succeed() {
    let rare = |fault, seldom| Rule::new(fault).probability(seldom);
    let cloud = cloud(
        Config::default()
            .fault(rare(Fault::Status(503), 0.02))
            .fault(rare(Fault::Status(429), 0.01))
            .fault(rare(Fault::TruncatedBody, 0.01))
            .fault(rare(Fault::ResetInBody, 0.01))
            .fault(Rule::new(Fault::Latency(Duration::from_millis(100)))),
    );
    let provider = Provider::quiet().await;
    provider.configure(&cloud, &json!({"max_retries": 5})).await;
    all_read(&provider, 1_000, 200).await;
    let requests = cloud.request_count();
    assert!((1_010..1_200).contains(&requests), "{requests}");
    assert!(cloud.max_in_flight() > 100, "{} at once", cloud.max_in_flight());
}

/// A gateway that lets five requests a second pass and a plan that does not know it: Terraform reads ten at a time at most
/// unless told otherwise, and each of these is on its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_of_five_a_second_slows_reads_down_and_fails_none() {
    let cloud = Emulator::start(
        Config::default().instances(40).fault(Rule::new(Fault::Throttle(Throttle::new(5, 1)))),
    )
    .unwrap();
    let provider = Provider::quiet().await;
    provider.configure(&cloud, &json!({"max_retries": 0})).await;
    let (list, all) = tokio::join!(provider.read(("iotda_instances", "{}")), all_read(&provider, 40, 40));
    let () = all;
    assert!(!list.diagnostics.has_errors(), "{:?}", list.diagnostics);
    // Of the list a page and the details, and the reads: each refused three times at most, and most of them never.
    let (needed, sent) = (1 + 41 + 40, cloud.request_count());
    assert!((needed..2 * needed).contains(&sent), "{sent}");
}
