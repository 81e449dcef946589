//! What Pulumi's bridge sends, as its version 3.136.0 was recorded: everything that a program does not set is null, blocks
//! too, except that a block which may occur once is an empty list; nothing may be deferred. It shows diagnostics, and hides
//! calls that fail.

use tfplug::Value;
use tfplug::internals::Raw as _;
use tfplug::internals::tfplugin6::diagnostic::Severity;
use tfplug::internals::tfplugin6::{
    ClientCapabilities, Diagnostic, DynamicValue, configure_provider, read_data_source,
    validate_data_resource_config, validate_provider_config,
};
use tfplug::testing::Host;

use crate::support::{served, within};

const PROVIDER: [&str; 6] = ["early", "hop", "late", "mischief", "ports", "token"];
const READING: [&str; 6] = ["mischief", "number", "size", "step", "text", "texts"];

const CAPABILITIES: ClientCapabilities =
    ClientCapabilities { deferral_allowed: false, write_only_attributes_allowed: true };

/// An object of nulls, but for one attribute.
fn nulls(names: [&str; 6], name: &str, value: Value) -> DynamicValue {
    let mut values: std::collections::BTreeMap<_, _> =
        names.into_iter().map(|name| (name.to_owned(), Value::Null)).collect();
    values.insert(name.to_owned(), value);
    DynamicValue { msgpack: Value::Map(values).to_msgpack().unwrap(), json: Vec::new() }
}

async fn configure(host: &Host, config: DynamicValue) -> Vec<Diagnostic> {
    let request = validate_provider_config::Request { config: Some(config.clone()) };
    let validated = within(host.client().validate_provider_config(request)).await.unwrap().into_inner();
    let request = configure_provider::Request {
        terraform_version: "1.0.0+pulumi-terraform-bridge".to_owned(),
        config: Some(config),
        client_capabilities: Some(CAPABILITIES),
    };
    let configured = within(host.client().configure_provider(request)).await.unwrap().into_inner();
    [validated.diagnostics, configured.diagnostics].concat()
}

async fn read(host: &Host, config: DynamicValue) -> (Option<Value>, Vec<Diagnostic>) {
    let (type_name, config) = ("unruly_reading".to_owned(), Some(config));
    let request =
        validate_data_resource_config::Request { type_name: type_name.clone(), config: config.clone() };
    let validated = within(host.client().validate_data_resource_config(request)).await.unwrap().into_inner();
    let request = read_data_source::Request {
        type_name,
        config,
        provider_meta: None,
        client_capabilities: Some(CAPABILITIES),
    };
    let read = within(host.client().read_data_source(request)).await.unwrap().into_inner();
    let schema = host.schema().await.unwrap().data_source_schemas.remove("unruly_reading").unwrap();
    let ty = tfplug::internals::implied_type(&schema).unwrap();
    let state = read.state.map(|state| Value::from_msgpack(&state.msgpack, &ty).unwrap());
    (state, [validated.diagnostics, read.diagnostics].concat())
}

#[tokio::test]
async fn blocks_that_are_null_are_absent() {
    let (_plugin, host) = served().await;
    assert_eq!(configure(&host, nulls(PROVIDER, "early", Value::Null)).await, []);
    let (state, diagnostics) = read(&host, nulls(READING, "size", 2.into())).await;
    assert_eq!(diagnostics, []);
    let Some(Value::Map(state)) = state else { panic!("{state:?}") };
    assert_eq!((&state["text"], &state["step"]), (&Value::from("xx"), &Value::List(Vec::new())));
}

#[tokio::test]
async fn what_a_program_does_wrong_is_a_diagnostic_at_the_argument() {
    let (_plugin, host) = served().await;
    let large = Value::Number(format!("1{}", "0".repeat(300)).parse().unwrap());
    let lone_hop = Value::List(vec![Value::Map([("host".to_owned(), Value::Null)].into())]);
    for (name, value, words) in [
        (
            "ports",
            Value::List(vec![large.clone()]),
            "`ports[0]` must be at most 9223372036854775807, but is 1000",
        ),
        ("mischief", Value::from("odd"), "`mischief` must be one of"),
        ("hop", lone_hop, "must not be null"),
    ] {
        let errors = configure(&host, nulls(PROVIDER, name, value)).await;
        assert_eq!(errors.len(), 2, "both calls say so: {errors:?}");
        for error in errors {
            assert_eq!(error.severity(), Severity::Error);
            assert!(error.attribute.is_some() && error.detail.contains(words), "{name}: {error:?}");
        }
    }
    assert_eq!(configure(&host, nulls(PROVIDER, "early", Value::Null)).await, []);
    let (state, errors) = read(&host, nulls(READING, "size", large)).await;
    assert!(
        state.is_none()
            && errors.len() == 2
            && errors[0].detail.contains("`size` must be at most 9223372036854775807, but is 1000"),
        "{errors:?}"
    );
}

/// While it previews, Pulumi validates what a provider's configuration does not know yet, and neither configures nor reads.
#[tokio::test]
async fn an_unknown_configuration_is_valid() {
    let (_plugin, host) = served().await;
    for name in PROVIDER {
        let request =
            validate_provider_config::Request { config: Some(nulls(PROVIDER, name, Value::Unknown)) };
        let validated = within(host.client().validate_provider_config(request)).await.unwrap().into_inner();
        assert_eq!(validated.diagnostics, [], "{name}");
    }
}

/// The bridge would treat a warning that points at an argument as an error.
#[tokio::test]
async fn a_warning_of_a_read_points_at_no_argument() {
    let (_plugin, host) = served().await;
    assert_eq!(configure(&host, nulls(PROVIDER, "early", Value::Null)).await, []);
    let (state, diagnostics) = read(&host, nulls(READING, "mischief", "warn".into())).await;
    let [warning] = &diagnostics[..] else { panic!("{diagnostics:?}") };
    assert_eq!((warning.severity(), &*warning.summary), (Severity::Warning, "Careful"));
    assert!(state.is_some() && warning.attribute.is_none(), "{warning:?}");
}
