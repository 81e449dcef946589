//! Configurations of data sources and the provider, and calls of the function, as a host sends them: the whole way
//! through the service. Input: a byte that says what for, then MessagePack or JSON.
#![no_main]

use std::sync::LazyLock;

use iotda_provider::provider::IotdaProvider;
use libfuzzer_sys::{Corpus, fuzz_target};
use tfplug::internals::Raw as _;
use tfplug::internals::tfplugin6::{
    DynamicValue, call_function, validate_data_resource_config, validate_provider_config,
};
use tfplug::testing::Host;
use tokio::runtime::Runtime;

const NAMES: [&str; 5] = [
    "iotda_instance",
    "iotda_instances",
    "iotda_instance_flavors",
    "iotda_instance_task",
    "iotda_instance_tasks",
];

const INVALID_ARGUMENT: i32 = 3;

static SERVED: LazyLock<(Runtime, Host)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let host = runtime.block_on(Host::embed::<IotdaProvider>()).expect("the provider is served");
    (runtime, host)
});

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((kind, bytes)) = input.split_first() else { return Corpus::Reject };
    let json = |json: &[u8]| DynamicValue { msgpack: Vec::new(), json: json.to_vec() };
    let msgpack = |msgpack: &[u8]| DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() };
    let value = if bytes.starts_with(b"{") { json(bytes) } else { msgpack(bytes) };
    let (runtime, host) = &*SERVED;
    runtime.block_on(async {
        let mut client = host.client();
        let texts = match *kind {
            b'p' => {
                let request = validate_provider_config::Request { config: Some(value) };
                let answer = client.validate_provider_config(request).await;
                answer.map(|answer| answer.into_inner().diagnostics)
            }
            b'f' => {
                let arguments = vec![value, json(b"\"a\""), json(b"\"b\""), json(b"true")];
                let request = call_function::Request { name: "mqtt_credentials".to_owned(), arguments };
                client.call_function(request).await.map(|_| Vec::new())
            }
            kind => {
                let type_name = NAMES[usize::from(kind) % NAMES.len()].to_owned();
                let request = validate_data_resource_config::Request { type_name, config: Some(value) };
                let answer = client.validate_data_resource_config(request).await;
                answer.map(|answer| answer.into_inner().diagnostics)
            }
        };
        match texts {
            Ok(diagnostics) => assert!(diagnostics.iter().all(|it| !it.summary.is_empty())),
            // A host of good will sends no such thing; anything else would be a panic that was caught.
            Err(status) => assert_eq!(status.code() as i32, INVALID_ARGUMENT, "{status}"),
        }
    });
    Corpus::Keep
});
