//! Data sources that go wrong, and hosts that change their mind.

use serde_json::{Value as Json, json};
use tfplug::internals::{Raw as _, tfplugin6};
use tfplug::testing::{Host, Read};
use tfplug::{Severity, Value};

use crate::support::{configured, on_a_port, served, slashed, within};

async fn read(host: &Host, config: Json) -> Read {
    within(host.read("unruly_reading", &config)).await.unwrap()
}

/// `error Summary: Detail` or `error Summary (path): Detail`, one a line.
fn told(diagnostics: &tfplug::Diagnostics) -> String {
    let told = diagnostics.iter().map(|diagnostic| {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let path = diagnostic.path.as_ref().map_or_else(String::new, |path| format!(" ({path})"));
        format!("{severity} {}{path}: {}", diagnostic.summary, diagnostic.detail)
    });
    told.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_the_user_is_told() {
    let (_plugin, host) = configured().await;
    for (config, words) in [
        (json!({"mischief": "fail"}), "error Not found: There is no such thing."),
        (json!({"mischief": "warn"}), "warning Careful (mischief): This is a warning."),
        (
            json!({"mischief": "forbidden"}),
            "error Invalid argument value (mischief): `mischief`: it is forbidden.",
        ),
        (json!({"mischief": "nan"}), "error Invalid value from the provider: "),
        (
            json!({"size": 1.5}),
            "error Invalid argument value (size): `size` must be a whole number, but is 1.5.",
        ),
        (
            json!({"texts": ["a", null]}),
            "error Invalid argument value (texts[1]): `texts[1]` must not be null.",
        ),
    ] {
        let read = read(&host, config.clone()).await;
        assert!(told(&read.diagnostics).starts_with(words), "{config}: {}", told(&read.diagnostics));
        assert_eq!(read.state.is_null(), read.diagnostics.has_errors(), "{config}");
    }
}

#[tokio::test]
async fn a_read_gives_back_its_arguments_with_what_it_computed() {
    let (_plugin, host) = configured().await;
    let read = read(&host, json!({"size": 3, "texts": ["a"]})).await;
    let state =
        json!({"mischief": null, "size": 3, "texts": ["a"], "text": "xxx", "number": 0.0, "step": []});
    assert_eq!((read.state, read.deferred), (state, false));
}

/// `terraform validate` asks with whatever is known by then.
#[tokio::test]
async fn arguments_are_validated_without_a_configuration_and_before_all_is_known() {
    let (_plugin, host) = served().await;
    let validated = within(host.validate("unruly_reading", &json!({"mischief": "forbidden"}))).await.unwrap();
    assert_eq!(told(&validated), "error Invalid argument value (mischief): `mischief`: it is forbidden.");
    let names = ["mischief", "number", "size", "step", "text", "texts"];
    let mut config: std::collections::BTreeMap<_, _> =
        names.into_iter().map(|name| (name.to_owned(), Value::Null)).collect();
    config.insert("size".to_owned(), Value::Unknown);
    let validated = within(host.validate_value("unruly_reading", &Value::Map(config))).await.unwrap();
    assert!(validated.is_empty(), "{validated:?}");
}

#[tokio::test]
async fn a_panic_is_told_by_its_place_and_never_by_its_payload() {
    for mischief in ["panic", "timeout panic", "validator panic"] {
        let (mut plugin, host) = configured().await;
        let read = read(&host, json!({"mischief": mischief})).await;
        let told = slashed(&told(&read.diagnostics));
        assert!(told.contains("he provider panicked at crates/tfplug/examples/unruly/main.rs:"), "{told}");
        assert!(told.contains("registry.terraform.io/example/unruly 1.2.3") || mischief.starts_with("val"));
        within(plugin.logged("the provider panicked")).await.unwrap();
        let log = plugin.log();
        assert_eq!(log.matches(r#""@message":"the provider panicked""#).count(), 1, "{log}");
        assert!(!told.contains("payload") && !log.contains("payload"), "{told}\n{log}");
        assert!(!log.contains("panic: "), "hosts would report a crash: {log}");
        assert!(!self::read(&host, json!({})).await.diagnostics.has_errors(), "the process lives");
    }
}

#[tokio::test]
async fn a_panic_while_configuring_is_told_too() {
    let (mut plugin, host) = served().await;
    let told = slashed(&told(&within(host.configure(&json!({"mischief": "panic"}))).await.unwrap()));
    assert!(
        told.starts_with("error The provider panicked: The provider panicked at crates/tfplug/"),
        "{told}"
    );
    assert!(told.contains("while being configured"), "{told}");
    within(plugin.logged("the provider panicked")).await.unwrap();
    assert!(!told.contains("payload") && !plugin.log().contains("payload"));
    assert!(within(host.configure(&json!({}))).await.unwrap().is_empty(), "the process lives");
}

/// What ends alone is no crash, and what it says is nobody's business.
#[tokio::test]
async fn a_panic_of_a_task_or_thread_of_the_providers_is_told_to_the_log_alone() {
    for mischief in ["task panic", "thread panic"] {
        let (mut plugin, host) = configured().await;
        let read = read(&host, json!({"mischief": mischief})).await;
        assert_eq!((&read.state["text"], read.diagnostics.is_empty()), (&json!("true"), true), "{mischief}");
        within(plugin.logged("a task of the provider panicked")).await.unwrap();
        let log = slashed(&plugin.log());
        assert_eq!(log.matches("a task of the provider panicked").count(), 1, "{log}");
        assert!(log.contains("crates/tfplug/examples/unruly/main.rs:"), "{log}");
        assert!(!log.contains("panic: ") && !log.contains("payload"), "{log}");
    }
}

#[tokio::test]
async fn what_a_configuration_is_told() {
    let (_plugin, host) = served().await;
    for (config, words) in [
        (json!({"mischief": "fail"}), "error Refused: It was asked to refuse."),
        (json!({"mischief": "warn"}), "warning Host: 1.11.4"),
        (
            json!({"mischief": "other"}),
            "error Invalid argument value (mischief): `mischief` must be one of `panic`, `warn` or `fail`, but is \"other\".",
        ),
        (
            json!({"ports": [1, 1.5]}),
            "error Invalid argument value (ports[1]): `ports[1]` must be a whole number, but is 1.5.",
        ),
        (json!({"ports": [null]}), "error Invalid argument value (ports[0]): `ports[0]` must not be null."),
        (
            json!({"hop": [{"host": "a"}, {"host": "b"}, {"host": "c"}]}),
            "error Too many blocks (hop): `hop`: at most 2 blocks can be set, but there are 3.",
        ),
    ] {
        let diagnostics = within(host.configure(&config)).await.unwrap();
        assert_eq!(told(&diagnostics), words, "{config}");
    }
}

#[tokio::test]
async fn a_read_before_the_configuration_is_refused() {
    let (_plugin, host) = served().await;
    let told = told(&read(&host, json!({})).await.diagnostics);
    assert!(told.starts_with("error The provider is not configured: "), "{told}");
}

#[tokio::test]
async fn an_unknown_data_source_is_named() {
    let (_plugin, host) = configured().await;
    let request = tfplugin6::read_data_source::Request {
        type_name: "unruly_absent".to_owned(),
        config: None,
        provider_meta: None,
        client_capabilities: None,
    };
    let response = host.client().read_data_source(request).await.unwrap().into_inner();
    assert_eq!(response.diagnostics.len(), 1);
    let detail = &response.diagnostics[0].detail;
    assert!(detail.contains("has no data source \"unruly_absent\""), "{detail}");
}

/// A provider configuration that holds only this.
fn configuration(name: &str, value: Value) -> Value {
    let nulls = ["mischief", "late", "early", "ports", "token"];
    let mut values: std::collections::BTreeMap<_, _> =
        nulls.into_iter().map(|name| (name.to_owned(), Value::Null)).collect();
    values.insert("hop".to_owned(), Value::List(Vec::new()));
    values.insert(name.to_owned(), value);
    Value::Map(values)
}

/// Whether the Rust type has a place for "unknown" or not, the user sees the same.
#[tokio::test]
async fn reads_wait_for_a_configuration_that_is_not_known_yet() {
    let unknown_host = || Value::Map([("host".to_owned(), Value::Unknown)].into());
    for (argument, value, path) in [
        ("late", Value::Unknown, "`late`"),
        ("early", Value::Unknown, "`early`"),
        ("ports", Value::List(vec![Value::Unknown]), "`ports[0]`"),
        ("hop", Value::List(vec![unknown_host()]), "`hop[0].host`"),
        ("hop", Value::Unknown, "`hop`"),
    ] {
        let (_plugin, mut host) = served().await;
        let configured = host.configure_value(&configuration(argument, value)).await.unwrap();
        assert!(configured.is_empty(), "{argument}: {configured:?}");

        let refused = read(&host, json!({})).await;
        let told = told(&refused.diagnostics);
        assert!(told.contains(&format!("{path} of the provider \"unruly\" is not known")), "{told}");
        assert!(!refused.deferred && refused.state.is_null());

        host.deferral_allowed = true;
        let deferred = read(&host, json!({"size": 2})).await;
        assert!(deferred.deferred && deferred.diagnostics.is_empty(), "{deferred:?}");
        let Value::Map(state) = &deferred.value else { panic!("{deferred:?}") };
        let expected = [
            ("mischief", Value::Null),
            ("number", Value::Unknown),
            ("size", Value::Number(tfplug::Number::Int(2))),
            ("step", Value::List(Vec::new())),
            ("text", Value::Unknown),
            ("texts", Value::Null),
        ];
        assert_eq!(*state, expected.map(|(name, value)| (name.to_owned(), value)).into());
    }
}

/// A host that allows it may ask for a read whose arguments are not known yet.
#[tokio::test]
async fn a_read_whose_arguments_are_not_known_is_postponed_where_that_is_allowed() {
    let (_plugin, host) = configured().await;
    let names = ["mischief", "number", "size", "step", "text", "texts"];
    let mut config: std::collections::BTreeMap<_, _> =
        names.into_iter().map(|name| (name.to_owned(), Value::Null)).collect();
    config.insert("texts".to_owned(), [Value::Unknown].into_iter().collect());
    let config = tfplugin6::DynamicValue { msgpack: Value::Map(config).to_msgpack().unwrap(), json: vec![] };
    for allowed in [true, false] {
        let request = tfplugin6::read_data_source::Request {
            type_name: "unruly_reading".to_owned(),
            config: Some(config.clone()),
            provider_meta: None,
            client_capabilities: Some(tfplugin6::ClientCapabilities {
                deferral_allowed: allowed,
                write_only_attributes_allowed: false,
            }),
        };
        let response = within(host.client().read_data_source(request)).await.unwrap().into_inner();
        let reason = response.deferred.map(|deferred| deferred.reason());
        if allowed {
            assert_eq!(reason, Some(tfplugin6::deferred::Reason::ResourceConfigUnknown));
            assert!(response.diagnostics.is_empty() && response.state.is_some());
        } else {
            assert_eq!((reason, response.state), (None, None));
            let detail = &response.diagnostics[0].detail;
            assert_eq!(detail, "`texts[0]` is not known before apply.");
            assert_eq!(response.diagnostics[0].attribute.as_ref().unwrap().steps.len(), 2);
        }
    }
}

#[tokio::test]
async fn stop_cancels_the_reads_that_run_and_no_later_one() {
    let (mut plugin, host) = configured().await;
    let blocked = || {
        let host = host.clone();
        tokio::spawn(async move { host.read("unruly_reading", &json!({"mischief": "block"})).await })
    };
    let (first, second) = (blocked(), blocked());
    within(plugin.logged_times("the read waits", 2)).await.unwrap();
    within(host.stop()).await.unwrap();
    for read in [first, second] {
        let told = told(&within(read).await.unwrap().unwrap().diagnostics);
        assert!(told.starts_with("error Read cancelled: Reading unruly_reading was cancelled"), "{told}");
    }
    within(plugin.logged_times("the read was dropped", 2)).await.unwrap();
    assert!(read(&host, json!({})).await.diagnostics.is_empty(), "the process serves on");
}

#[tokio::test]
async fn a_request_that_the_host_resets_is_cancelled_alone() {
    let (mut plugin, host) = configured().await;
    let blocked = || {
        let host = host.clone();
        tokio::spawn(async move { host.read("unruly_reading", &json!({"mischief": "block"})).await })
    };
    let (given_up, running) = (blocked(), blocked());
    within(plugin.logged_times("the read waits", 2)).await.unwrap();
    given_up.abort();
    within(plugin.logged("the read was dropped")).await.unwrap();
    assert!(read(&host, json!({})).await.diagnostics.is_empty(), "the connection is still there");
    assert!(!running.is_finished());
    within(host.stop()).await.unwrap();
    let told = told(&within(running).await.unwrap().unwrap().diagnostics);
    assert!(told.starts_with("error Read cancelled"), "{told}");
}

#[tokio::test]
async fn a_connection_that_ends_cancels_its_reads() {
    let mut plugin = within(on_a_port().start()).await.unwrap();
    let host = within(plugin.connect()).await.unwrap();
    host.configure(&json!({})).await.unwrap();
    let other = within(plugin.connect()).await.unwrap();
    let reading =
        tokio::spawn(async move { other.read("unruly_reading", &json!({"mischief": "block"})).await });
    within(plugin.logged("the read waits")).await.unwrap();
    reading.abort();
    within(plugin.logged("the read was dropped")).await.unwrap();
    assert!(read(&host, json!({})).await.diagnostics.is_empty());
}
