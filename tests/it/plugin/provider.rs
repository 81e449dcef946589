//! The provider's process, spoken to as a host does.
#![expect(clippy::unwrap_used, reason = "a helper of tests that cannot go on says so by panicking")]

use std::time::Duration;

use iotda_emulator::{Config, Emulator, ids};
use serde_json::{Value as Json, json};
use tfplug::testing::{Host, Plugin, Read, Spawn};
use tfplug::{Diagnostic, Severity};

use crate::support::{Outcome, secrets_sent};

/// The provider's process and a connection to it. It logs all there is to log.
pub(super) struct Provider {
    pub(super) plugin: Plugin,
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

    /// A cloud, and a provider that its environment has configured.
    pub(super) async fn with_cloud(config: Config) -> Outcome<(Emulator, Self)> {
        let cloud = Emulator::start(config)?;
        let provider = Self::configured_by(&cloud).await?;
        Ok((cloud, provider))
    }

    /// One that the environment of a cloud has configured. Its log is at level INFO.
    pub(super) async fn configured_by(cloud: &Emulator) -> Outcome<Self> {
        Self::in_environment(cloud.environment()).await
    }

    /// One that these variables have configured.
    pub(super) async fn in_environment(variables: Vec<(String, String)>) -> Outcome<Self> {
        let spawn = Spawn::new(env!("CARGO_BIN_EXE_terraform-provider-iotda"))?.variable("TF_LOG", "INFO");
        let spawn = variables.into_iter().fold(spawn, |spawn, (name, value)| spawn.variable(&name, value));
        let provider = Self::spawned(spawn).await;
        let diagnostics = provider.host.configure(&json!({})).await?;
        assert!(!diagnostics.has_errors(), "{diagnostics:?}");
        Ok(provider)
    }

    async fn spawned(spawn: Spawn) -> Self {
        let plugin = spawn.start().await.unwrap();
        let host = plugin.connect().await.unwrap();
        Self { plugin, host }
    }

    /// For `/proc`.
    #[cfg(target_os = "linux")]
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

    /// Starts a cloud, and configures the provider for it.
    pub(super) async fn cloud(&self, config: Config, more: &Json) -> Emulator {
        let cloud = super::cloud(config);
        self.configure(&cloud, more).await;
        cloud
    }

    /// Reads whatever comes of it.
    pub(super) async fn read(&self, (name, arguments): (&str, &str)) -> Read {
        let arguments = serde_json::from_str(arguments).unwrap();
        let reading = self.host.read(name, &arguments);
        tokio::time::timeout(Duration::from_mins(1), reading)
            .await
            .unwrap_or_else(|_| panic!("{name} never ends"))
            .unwrap()
    }

    /// Reads what has to succeed, without a warning.
    pub(super) async fn state(&self, source: &str, config: &Json) -> Outcome<Json> {
        let Read { state, diagnostics, .. } = self.host.read(source, config).await?;
        assert!(diagnostics.is_empty(), "{config}: {diagnostics:?}");
        Ok(state)
    }

    /// Reads what has to succeed with one warning.
    pub(super) async fn warned(&self, source: &str, config: &Json) -> Outcome<(Json, Diagnostic)> {
        let Read { state, diagnostics, .. } = self.host.read(source, config).await?;
        let mut diagnostics = diagnostics.into_iter();
        let warning = diagnostics.next().ok_or_else(|| format!("no warning about {config}"))?;
        assert_eq!((warning.severity, diagnostics.next()), (Severity::Warning, None), "{config}");
        Ok((state, warning))
    }

    /// Reads what has to fail with one error.
    pub(super) async fn refused(&self, source: &str, config: &Json) -> Outcome<Diagnostic> {
        let Read { state, diagnostics, .. } = self.host.read(source, config).await?;
        assert_eq!(state, Json::Null, "{config}");
        let mut diagnostics = diagnostics.into_iter();
        let error = diagnostics.next().ok_or_else(|| format!("{config} was not refused"))?;
        assert_eq!(diagnostics.next(), None, "{config}");
        Ok(error)
    }

    /// Lets it end, and looks through all that it wrote for what was secret, and for signs of a crash.
    pub(super) async fn ends_without_a_trace_of(mut self, cloud: &Emulator) {
        self.host.shutdown().await.unwrap();
        drop(self.host);
        assert!(self.plugin.wait().await.unwrap().success());
        let log = self.plugin.log_to_end().await;
        assert!(log.contains("response received") || log.contains("request failed"), "{log}");
        let mut secrets = vec![ids::ACCESS_KEY.to_owned(), ids::SECRET_KEY.to_owned()];
        secrets.extend(secrets_sent(cloud));
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
