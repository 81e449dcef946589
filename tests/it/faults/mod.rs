//! What goes wrong between the provider and the cloud: every fault with every data source, over the plugin connection.
//! Each outcome is the right value or a diagnostic, and nothing is asked more often than said here.
#![expect(clippy::unwrap_used, reason = "a helper of tests that cannot go on says so by panicking")]

mod load;
mod network;
mod pages;
mod roads;
mod table;
mod terraform;
mod words;

use std::collections::HashMap;
use std::time::Duration;

use iotda_emulator::{Config, Emulator, ids};
use serde_json::{Value as Json, json};
use tfplug::testing::{Host, Plugin, Read, Spawn};
use tfplug::{Diagnostic, Severity};

/// A data source with its arguments: one that reads one thing, and those that read lists.
pub(super) const SOURCES: [(&str, &str); 5] = [
    ("iotda_instance", r#"{"instance_id": "8561675c-d8a3-4956-9884-9cf9cbdd3134"}"#),
    ("iotda_instance", r#"{"name": "iotda_instance"}"#),
    ("iotda_instances", "{}"),
    ("iotda_instance_flavors", "{}"),
    ("iotda_instance_tasks", r#"{"instance_id": "8561675c-d8a3-4956-9884-9cf9cbdd3134"}"#),
];

/// An emulator with few instances, and nothing else that could wait.
pub(super) fn cloud(config: Config) -> Emulator {
    Emulator::start(config.instances(3)).unwrap()
}

/// The provider's process and a connection to it. It logs all there is to log.
pub(super) struct Provider {
    plugin: Plugin,
    pub(super) host: Host,
}

impl Provider {
    pub(super) async fn start() -> Self {
        Self::with_variable("NO_PROXY", "").await
    }

    /// One whose environment has one variable more.
    pub(super) async fn with_variable(name: &str, value: &str) -> Self {
        let spawn = Spawn::new(env!("CARGO_BIN_EXE_terraform-provider-iotda")).unwrap();
        Self::spawned(spawn.variable("TF_LOG", "TRACE").variable(name, value)).await
    }

    /// One that keeps its log short.
    pub(super) async fn quiet() -> Self {
        Self::spawned(Spawn::new(env!("CARGO_BIN_EXE_terraform-provider-iotda")).unwrap()).await
    }

    async fn spawned(spawn: Spawn) -> Self {
        let plugin = spawn.start().await.unwrap();
        let host = plugin.connect().await.unwrap();
        Self { plugin, host }
    }

    pub(super) fn id(&self) -> u32 {
        self.plugin.id().unwrap()
    }

    /// Configures it for a cloud; `more` overrides and adds arguments.
    pub(super) async fn configure(&self, cloud: &Emulator, more: &Json) {
        let mut config = json!({
            "region": "cn-north-4",
            "access_key": ids::ACCESS_KEY,
            "secret_key": ids::SECRET_KEY,
            "project_id": ids::PROJECT_ID,
            "endpoints": {"iotda_mgmt": cloud.url(), "iam": cloud.url()},
            "cacert_file": cloud.ca_pem(),
            "max_retries": 1,
        });
        for (name, value) in more.as_object().unwrap() {
            config[name] = value.clone();
        }
        let diagnostics = self.host.configure(&config).await.unwrap();
        assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    }

    pub(super) async fn read(&self, (name, arguments): (&str, &str)) -> Read {
        let arguments = serde_json::from_str(arguments).unwrap();
        let reading = self.host.read(name, &arguments);
        tokio::time::timeout(Duration::from_mins(1), reading)
            .await
            .unwrap_or_else(|_| panic!("{name} never ends"))
            .unwrap()
    }

    /// Lets it end, and looks through all that it wrote for what was secret, and for signs of a crash.
    pub(super) async fn ends_without_a_trace_of(mut self, cloud: &Emulator) {
        self.host.shutdown().await.unwrap();
        drop(self.host);
        assert!(self.plugin.wait().await.unwrap().success());
        let log = self.plugin.log_to_end().await;
        assert!(log.contains("request answered") || log.contains("request failed"), "{log}");
        let mut secrets = vec![ids::ACCESS_KEY.to_owned(), ids::SECRET_KEY.to_owned()];
        for request in cloud.requests() {
            let signature = request.header("authorization").and_then(|it| it.split_once("Signature="));
            secrets.extend(signature.map(|(_, signature)| signature.to_owned()));
        }
        for secret in secrets.iter().map(String::as_str).chain(["panic"]) {
            assert!(!log.contains(secret), "{secret} is in the log");
        }
    }
}

/// The one error of a read.
pub(super) fn error_of(read: &Read) -> &Diagnostic {
    let mut errors = read.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let error = errors.next().unwrap_or_else(|| panic!("there is no error: {:?}", read.diagnostics));
    assert!(errors.next().is_none() && read.state.is_null(), "{:?}", read.diagnostics);
    harmless(error);
    error
}

/// Whatever a server says, the user's terminal takes it, and it fits on the screen.
pub(super) fn harmless(diagnostic: &Diagnostic) {
    let text = format!("{}{}", diagnostic.summary, diagnostic.detail);
    let bad = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!text.contains(bad), "{text:?}");
    assert!(text.len() < 6_000, "{} bytes: {:?}", text.len(), text.chars().take(200).collect::<String>());
}

/// What a source gives where nothing goes wrong, and how many requests that takes.
pub(super) async fn baselines() -> HashMap<(&'static str, &'static str), (Json, usize)> {
    let provider = Provider::start().await;
    let cloud = cloud(Config::default());
    provider.configure(&cloud, &json!({})).await;
    let mut found = HashMap::new();
    for source in SOURCES {
        cloud.clear_requests();
        let read = provider.read(source).await;
        assert!(read.diagnostics.iter().all(|it| it.severity == Severity::Warning), "{:?}", read.diagnostics);
        found.insert(source, (read.state, cloud.request_count()));
    }
    found
}
