//! Messages that no host of good will sends: an error each, and the process lives.

use tfplug::internals::tfplugin6::diagnostic::Severity;
use tfplug::internals::tfplugin6::{
    Diagnostic, DynamicValue, call_function, configure_provider, read_data_source,
    validate_data_resource_config, validate_provider_config,
};
use tfplug::internals::{Raw as _, plugin};
use tfplug::testing::{Host, Plugin};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use crate::support::{configured, within};

/// What all methods that take a configuration say of it.
async fn answers(host: &Host, value: Option<DynamicValue>) -> [Vec<Diagnostic>; 4] {
    let mut client = host.client();
    let type_name = || "unruly_reading".to_owned();
    let request = validate_provider_config::Request { config: value.clone() };
    let validate = client.validate_provider_config(request).await.unwrap().into_inner().diagnostics;
    let request = configure_provider::Request {
        terraform_version: "1.11.4".to_owned(),
        config: value.clone(),
        client_capabilities: None,
    };
    let configure = client.configure_provider(request).await.unwrap().into_inner().diagnostics;
    let request = validate_data_resource_config::Request { type_name: type_name(), config: value.clone() };
    let validate_data = client.validate_data_resource_config(request).await.unwrap().into_inner().diagnostics;
    let request = read_data_source::Request {
        type_name: type_name(),
        config: value,
        provider_meta: None,
        client_capabilities: None,
    };
    let read = client.read_data_source(request).await.unwrap().into_inner();
    assert_eq!(read.state, None);
    [validate, configure, validate_data, read.diagnostics]
}

async fn lives(plugin: &Plugin, host: &Host) {
    // A configuration that failed has replaced the earlier one.
    assert!(within(host.configure(&serde_json::json!({}))).await.unwrap().is_empty());
    let read = within(host.read("unruly_reading", &serde_json::json!({}))).await.unwrap();
    assert!(read.diagnostics.is_empty(), "{}", read.diagnostics);
    assert!(!plugin.log().contains("panic"), "{}", plugin.log());
}

#[tokio::test]
async fn a_configuration_that_does_not_match_the_schema_is_an_error_for_the_user() {
    let (plugin, host) = configured().await;
    let msgpack = |msgpack: &[u8]| Some(DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() });
    let json = |json: &str| Some(DynamicValue { msgpack: Vec::new(), json: json.as_bytes().to_vec() });
    for (name, value) in [
        ("nothing at all", None),
        ("an empty value", Some(DynamicValue::default())),
        ("null", msgpack(&[0xc0])),
        ("unknown as a whole", msgpack(&[0xd4, 0, 0])),
        ("no object", msgpack(&[0x93, 1, 2, 3])),
        ("no attributes", msgpack(&[0x80])),
        ("a foreign attribute", msgpack(&[0x81, 0xa1, b'x', 0xc0])),
        ("a truncated map", msgpack(&[0x85, 0xa4, b's', b'i'])),
        ("a map that claims to be large", msgpack(&[0xdf, 0xff, 0xff, 0xff, 0xff])),
        ("a key that claims to be large", msgpack(&[0x81, 0xdb, 0xff, 0xff, 0xff, 0xff])),
        ("arrays in arrays", msgpack(&vec![0x91; 1 << 20])),
        ("maps in maps", msgpack(&vec![0x81; 1 << 20])),
        ("a marker that is never used", msgpack(&[0xc1])),
        ("JSON that is none", json("{")),
        ("JSON arrays in arrays", json(&"[".repeat(1 << 20))),
        ("JSON of another type", json("[]")),
        ("a foreign attribute in JSON", json(r#"{"x": 1}"#)),
        ("an attribute of another type in JSON", json(r#"{"mischief": {}}"#)),
    ] {
        for answer in within(answers(&host, value)).await {
            let [error] = &answer[..] else { panic!("{name}: {answer:?}") };
            assert_eq!(error.severity(), Severity::Error, "{name}");
            assert!(error.detail.len() < 500, "{name}: {}", error.detail);
        }
        lives(&plugin, &host).await;
    }
}

/// A value that brings its own type, which may be anything.
fn dynamic(ty: &str, value: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(ty.len()).unwrap().to_be_bytes();
    let length = if high == 0 { vec![0x92, 0xc4, low] } else { vec![0x92, 0xc5, high, low] };
    [&length, ty.as_bytes(), value].concat()
}

fn lists(depth: usize) -> String {
    format!("{}\"string\"{}", "[\"list\",".repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn a_dynamic_value_may_bring_any_type_and_is_refused() {
    let (plugin, host) = configured().await;
    // An array that claims four thousand million elements, in each of sixty levels, before a long rest.
    let bomb = [[0xdd, 0xff, 0xff, 0xff, 0xff].repeat(60), vec![0x90; 8 << 20]].concat();
    let nested = |depth: usize| dynamic("\"dynamic\"", &[]).repeat(depth);
    for (name, value) in [
        ("no type", vec![0x92, 1, 1]),
        ("a type that is no JSON", dynamic("[", &[1])),
        ("a type that is none", dynamic("\"integer\"", &[1])),
        ("a value of another type", dynamic("\"string\"", &[1])),
        ("a type nested too deeply", dynamic(&lists(200), &[0x91])),
        ("dynamic values in dynamic values", nested(10_000)),
        ("a type that ends the recursion of its parser", dynamic(&"[\"list\",".repeat(8_000), &[1])),
        ("lengths that lie", dynamic(&lists(60), &bomb)),
        (
            "too many values",
            dynamic(&lists(1), &[&[0xdd, 0, 0x50, 0, 0][..], &vec![0xc0; 0x50_0000]].concat()),
        ),
        ("a refinement that is too long", [vec![0xc9, 0, 1, 0, 0, 12], vec![0; 65_536]].concat()),
    ] {
        let value = DynamicValue { msgpack: value, json: Vec::new() };
        let request = call_function::Request { name: "any".to_owned(), arguments: vec![value] };
        let answer = within(host.client().call_function(request)).await.unwrap().into_inner();
        let error = answer.error.unwrap_or_else(|| panic!("{name} was taken"));
        assert!(error.text.len() < 500, "{name}: {}", error.text);
        lives(&plugin, &host).await;
    }
}

/// As deep as values may be, everything that handles them takes it.
#[tokio::test]
async fn the_deepest_value_passes() {
    let (plugin, host) = configured().await;
    let list = dynamic(&lists(60), &[&[0x91; 60][..], &[0xa1, b'x']].concat());
    let value = DynamicValue { msgpack: list.clone(), json: Vec::new() };
    let request = call_function::Request { name: "any".to_owned(), arguments: vec![value] };
    let answer = within(host.client().call_function(request)).await.unwrap().into_inner();
    assert_eq!((answer.error, answer.result.unwrap().msgpack), (None, list));
    lives(&plugin, &host).await;
}

/// Messages of other kinds, whose fields have other types than a read's.
#[tokio::test]
async fn a_message_of_another_kind_is_refused() {
    async fn refused<T: prost::Message + Default + 'static>(host: &Host, message: T) -> bool {
        let mut client = tonic::client::Grpc::<Channel>::new(host.channel());
        client.ready().await.unwrap();
        let path = PathAndQuery::from_static("/tfplugin6.Provider/ReadDataSource");
        let codec = ProstCodec::<T, plugin::Empty>::default();
        within(client.unary(tonic::Request::new(message), path, codec)).await.is_err()
    }
    let (plugin, host) = configured().await;
    assert!(
        refused(&host, plugin::ConnInfo { service_id: 7, ..Default::default() }).await,
        "a number as a name"
    );
    let not_utf8 = DynamicValue { msgpack: vec![0xff, 0xfe], json: Vec::new() };
    assert!(refused(&host, not_utf8).await, "a name that is not UTF-8");
    let not_a_message = DynamicValue { msgpack: Vec::new(), json: vec![0xff; 10] };
    assert!(refused(&host, not_a_message).await, "a configuration that is no message");
    lives(&plugin, &host).await;
}
