//! Calls beyond reads and functions.

use serde_json::json;
use tfplug::internals::health::health_check_response::ServingStatus;
use tfplug::internals::health::health_client::HealthClient;
use tfplug::internals::health::{HealthCheckRequest, HealthCheckResponse};
use tfplug::internals::{Raw as _, plugin, tfplugin6};
use tfplug::testing::Host;
use tonic::Code;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;

use crate::support::{configured, served, within};

/// Status of a call of a method that may not exist.
async fn code(host: &Host, path: &'static str) -> Code {
    let mut client = tonic::client::Grpc::<Channel>::new(host.channel());
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<plugin::Empty, plugin::Empty>::default();
    let request = tonic::Request::new(plugin::Empty {});
    let answer = within(client.unary(request, PathAndQuery::from_static(path), codec)).await;
    answer.map_or_else(|status| status.code(), |_| Code::Ok)
}

#[tokio::test]
async fn each_method_is_answered_as_hosts_expect() {
    let (_plugin, host) = served().await;
    for path in [
        "/tfplugin6.Provider/GetMetadata",
        "/tfplugin6.Provider/GetProviderSchema",
        "/tfplugin6.Provider/GetFunctions",
        "/tfplugin6.Provider/GetResourceIdentitySchemas",
        "/tfplugin6.Provider/StopProvider",
    ] {
        assert_eq!(code(&host, path).await, Code::Ok, "{path}");
    }
    for path in [
        "/tfplugin6.Provider/PlanResourceChange",
        "/tfplugin6.Provider/OpenEphemeralResource",
        "/tfplugin6.Provider/ListResource",
        "/tfplugin6.Provider/NoSuchMethod",
        "/tfplugin5.Provider/GetSchema",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ] {
        assert_eq!(code(&host, path).await, Code::Unimplemented, "{path}");
    }
}

#[tokio::test]
async fn metadata_schema_and_functions_agree() {
    let (_plugin, host) = served().await;
    let schema = host.schema().await.unwrap();
    let metadata =
        host.client().get_metadata(tfplugin6::get_metadata::Request {}).await.unwrap().into_inner();
    let functions =
        host.client().get_functions(tfplugin6::get_functions::Request {}).await.unwrap().into_inner();
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
    assert!(schema.server_capabilities.unwrap().get_provider_schema_optional);
    assert_eq!(metadata.data_sources.len(), schema.data_source_schemas.len());
    assert!(metadata.data_sources.iter().all(|it| schema.data_source_schemas.contains_key(&it.type_name)));
    assert_eq!(metadata.functions.len(), schema.functions.len());
    assert_eq!(functions.functions, schema.functions);
}

#[tokio::test]
async fn the_schema_says_what_the_struct_says() {
    let (_plugin, host) = served().await;
    let block = host.schema().await.unwrap().provider.unwrap().block.unwrap();
    assert_eq!(block.description, "A provider that misbehaves on request.");
    let attribute = |name: &str| block.attributes.iter().find(|it| it.name == name).unwrap();
    assert!(attribute("token").sensitive && !attribute("late").sensitive);
    assert!(block.attributes.iter().all(|it| it.optional && !it.required && !it.computed));
    assert_eq!(attribute("ports").r#type, br#"["list","number"]"#);
    let hop = &block.block_types[0];
    assert_eq!((&*hop.type_name, hop.min_items, hop.max_items), ("hop", 0, 2));
    assert!(hop.block.as_ref().unwrap().attributes[0].required);
}

#[tokio::test]
async fn the_health_check_knows_the_plugin() {
    let (_plugin, host) = served().await;
    let mut client = HealthClient::new(host.channel());
    let request = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let status = |answer: HealthCheckResponse| answer.status();
    for service in ["plugin", ""] {
        let answer = client.check(request(service)).await.unwrap().into_inner();
        assert_eq!(status(answer), ServingStatus::Serving);
    }
    assert_eq!(client.check(request("absent")).await.unwrap_err().code(), Code::NotFound);
    for (service, expected) in [("plugin", ServingStatus::Serving), ("absent", ServingStatus::ServiceUnknown)]
    {
        let mut watch = client.watch(request(service)).await.unwrap().into_inner();
        assert_eq!(within(watch.message()).await.unwrap().map(status), Some(expected), "{service}");
    }
}

#[tokio::test]
async fn twenty_mebibytes_pass_both_ways() {
    const SIZE: usize = 20 << 20;
    let (_plugin, host) = configured().await;
    let read = within(host.read("unruly_reading", &json!({"size": SIZE}))).await.unwrap();
    assert_eq!(read.state["text"].as_str().map(str::len), Some(SIZE));
    let text = json!("y".repeat(SIZE));
    let echoed = within(host.call("echo", std::slice::from_ref(&text))).await.unwrap();
    assert!(echoed == Ok(text));
}

#[tokio::test]
async fn many_calls_run_at_once() {
    let (_plugin, host) = configured().await;
    let reads = (0..50).map(|size| {
        let host = host.clone();
        tokio::spawn(async move { host.read("unruly_reading", &json!({"size": size})).await })
    });
    for (size, read) in reads.collect::<Vec<_>>().into_iter().enumerate() {
        let read = within(read).await.unwrap().unwrap();
        assert_eq!(read.state["text"].as_str().map(str::len), Some(size));
    }
}

/// Hosts that know the schema skip asking each process for it.
#[tokio::test]
async fn no_call_relies_on_an_earlier_one() {
    let (_plugin, host) = served().await;
    let config =
        Some(tfplugin6::DynamicValue { msgpack: Vec::new(), json: br#"{"mischief": "forbidden"}"#.to_vec() });
    let type_name = "unruly_reading".to_owned();
    let request = tfplugin6::validate_data_resource_config::Request { type_name, config };
    let answer = host.client().validate_data_resource_config(request).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics.len(), 1);
    assert_eq!(answer.diagnostics[0].detail, "`mischief`: it is forbidden.");
}
