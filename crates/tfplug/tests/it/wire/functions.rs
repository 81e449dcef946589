//! Functions, which hosts call without any configuration.

use serde_json::json;
use tfplug::internals::Raw as _;
use tfplug::internals::tfplugin6::call_function::Request;
use tfplug::internals::tfplugin6::{DynamicValue, FunctionError};

use crate::support::{served, slashed, within};

#[tokio::test]
async fn values_come_back_as_they_went() {
    let (_plugin, host) = served().await;
    let typed = |ty, value| json!({"type": ty, "value": value});
    for (function, argument) in [
        ("echo", json!("text")),
        ("echo", json!("")),
        ("echo", json!(null)),
        ("echo", json!("\u{0}\u{1F4A7} \"quoted\"\n")),
        ("any", typed(json!("number"), json!(8883))),
        ("any", typed(json!("number"), json!(0.1))),
        ("any", typed(json!(["list", "string"]), json!(["a", null]))),
        ("any", typed(json!(["object", {"a": ["tuple", ["bool", "string"]]}]), json!({"a": [true, "x"]}))),
        ("any", json!(null)),
    ] {
        let result = within(host.call(function, std::slice::from_ref(&argument))).await.unwrap();
        assert_eq!(result, Ok(argument.clone()), "{function}");
    }
}

#[tokio::test]
async fn what_the_user_is_told() {
    let (plugin, host) = served().await;
    let msgpack = |bytes: &[u8]| DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() };
    for (name, arguments, argument, words) in [
        ("not_a_number", vec![msgpack(&[0xff])], Some(0), "It is below zero"),
        ("not_a_number", vec![msgpack(&[1])], None, "cannot be sent: NaN is not a number"),
        ("not_a_number", vec![msgpack(&[0xca, 0x3f, 0xc0, 0, 0])], Some(0), "must be a whole number"),
        ("not_a_number", vec![msgpack(&[0xc0])], Some(0), "must not be null"),
        ("not_a_number", vec![msgpack(&[0xd4, 0, 0])], Some(0), "not known before apply"),
        ("not_a_number", vec![msgpack(&[0xa1, b'x'])], Some(0), "is not a number"),
        ("not_a_number", vec![], None, "takes 1 argument, but received 0"),
        ("crash", vec![msgpack(&[1])], None, "takes 0 arguments, but received 1"),
        ("crash", vec![], None, "panicked at crates/tfplug/examples/unruly/main.rs:"),
        ("absent", vec![], None, "has no function \"absent\""),
    ] {
        let request = Request { name: name.to_owned(), arguments };
        let response = within(host.client().call_function(request)).await.unwrap().into_inner();
        let FunctionError { text, function_argument } = response.error.unwrap();
        assert!(slashed(&text).contains(words), "{name}: {text}");
        assert_eq!((function_argument, response.result), (argument, None), "{text}");
        assert!(!text.contains("payload"), "{text}");
    }
    assert!(!plugin.log().contains("payload"), "{}", plugin.log());
}

/// The host for tests passes on what it is given and what comes back.
#[tokio::test]
async fn an_error_tells_its_argument_and_no_argument_is_dropped() {
    let (_plugin, host) = served().await;
    let more = json!({"more": [true, null, 1.5, "x"]});
    for (arguments, argument, words) in [
        (&[json!(-1)][..], Some("from"), "from: It is below zero"),
        (&[json!(1), more], None, "The function takes 1 argument, but received 2"),
        (&[], None, "The function takes 1 argument, but received 0"),
    ] {
        let error = within(host.call("not_a_number", arguments)).await.unwrap().unwrap_err();
        assert_eq!(error.argument.as_deref(), argument);
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

/// `OpenTofu` sends nothing at all for null.
#[tokio::test]
async fn an_empty_value_is_null() {
    let (_plugin, host) = served().await;
    let request = Request { name: "echo".to_owned(), arguments: vec![DynamicValue::default()] };
    let response = host.client().call_function(request).await.unwrap().into_inner();
    assert_eq!(response.result.unwrap().msgpack, [0xc0]);
}
