//! What the tests stand on: an emulator, a working directory with the provider installed, and goldens.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use iotda_emulator::{Account, Config, Emulator, Estate, Project, ids, synthetic_instance_id};
use iotda_provider::provider::IotdaProvider;
use serde_json::{Value as Json, json};
use tfplug::Provider;
use tfplug::testing::terraform::{Package, Run, Terraform, Workspace};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The instance that the API's documentation shows.
pub(crate) const EXAMPLE: &str =
    r#"data "iotda_instance" "this" { instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134" }"#;

/// A cloud of its own, and a working directory whose commands are pointed at it by the environment.
pub(crate) struct Stage {
    pub(crate) cloud: Emulator,
    pub(crate) terraform: Workspace,
}

impl Stage {
    /// The usual cloud and a configuration; none where there is no Terraform.
    pub(crate) async fn new(configuration: &str) -> Outcome<Option<Self>> {
        Self::with(Config::default(), configuration).await
    }

    pub(crate) async fn with(cloud: Config, configuration: &str) -> Outcome<Option<Self>> {
        let Some(mut terraform) = workspace(configuration).await? else { return Ok(None) };
        let cloud = Emulator::start(cloud)?;
        for (name, value) in cloud.environment() {
            terraform.variable(&name, value);
        }
        Ok(Some(Self { cloud, terraform }))
    }

    /// Replaces the configuration.
    pub(crate) fn configure(&self, configuration: &str) -> Outcome {
        self.terraform.write("main.tf", configuration)?;
        Ok(())
    }

    /// Plans, and gives the only message.
    pub(crate) async fn only(&self) -> Outcome<Diagnostic> {
        let mut found = self.diagnose().await?;
        assert_eq!(found.len(), 1, "{found:#?}");
        Ok(found.remove(0))
    }

    /// Plans, and nothing is said.
    pub(crate) async fn plans(&self) -> Outcome {
        let found = self.diagnose().await?;
        assert!(found.is_empty(), "{found:#?}");
        Ok(())
    }

    /// Plans, and gives what the provider and Terraform have to say about it. Nothing is remembered of other runs.
    pub(crate) async fn diagnose(&self) -> Outcome<Vec<Diagnostic>> {
        diagnostics(&self.terraform.run(&["plan", "-json"]).await?)
    }
}

/// Whether there is no Terraform, or one older than 1.`minor`, which a line on stderr says.
pub(crate) fn lacks(minor: u64) -> Outcome<bool> {
    let Some(terraform) = Terraform::locate()? else { return Ok(true) };
    let version = terraform.version()?;
    let present: u64 = version.split('.').nth(1).ok_or("it tells no minor version")?.parse()?;
    if present < minor {
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        writeln!(std::io::stderr().lock(), "SKIPPED {test}: {version} is older than 1.{minor}")?;
    }
    Ok(present < minor)
}

/// A working directory with the provider installed; none where there is no Terraform.
pub(crate) async fn workspace(configuration: &str) -> Outcome<Option<Workspace>> {
    let Some(terraform) = Terraform::locate()? else { return Ok(None) };
    let package = Package {
        binary: PathBuf::from(env!("CARGO_BIN_EXE_terraform-provider-iotda")),
        address: IotdaProvider::ADDRESS,
        version: IotdaProvider::VERSION,
    };
    let workspace = terraform.workspace(&package)?;
    if !configuration.contains("required_providers") {
        workspace.require_package()?;
    }
    workspace.write("main.tf", configuration)?;
    workspace.init().await?.succeeded()?;
    Ok(Some(workspace))
}

/// A message as Terraform passes it on.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    pub(crate) severity: String,
    pub(crate) summary: String,
    pub(crate) detail: String,
    /// The object it is about: `data.iotda_instance.this`.
    pub(crate) address: String,
    /// The line of the configuration that it points at, without its indentation.
    pub(crate) line: String,
}

/// The messages among the lines that `-json` writes.
pub(crate) fn diagnostics(run: &Run) -> Outcome<Vec<Diagnostic>> {
    let mut found = Vec::new();
    for line in run.stdout.lines() {
        let json: Json = serde_json::from_str(line)?;
        found.extend(json.get("diagnostic").map(Diagnostic::of));
    }
    Ok(found)
}

impl Diagnostic {
    pub(crate) fn of(json: &Json) -> Self {
        let text = |place: &str| {
            let text = json.pointer(place).and_then(Json::as_str).unwrap_or_default();
            text.trim().to_owned()
        };
        Self {
            severity: text("/severity"),
            summary: text("/summary"),
            detail: text("/detail"),
            address: text("/address"),
            line: text("/snippet/code"),
        }
    }

    /// Checks the summary, and parts of the detail.
    pub(crate) fn check(&self, summary: &str, parts: &[&str]) {
        assert!(self.summary == summary && self.says(parts), "not {summary:?} with {parts:?}: {self:#?}");
    }

    /// Whether the detail has all of these parts.
    pub(crate) fn says(&self, parts: &[&str]) -> bool {
        parts.iter().all(|part| self.detail.contains(part))
    }
}

/// A cloud whose only project holds so many synthetic instances and nothing else.
pub(crate) fn synthetic(count: usize) -> Config {
    let project = Project::new(ids::PROJECT_ID, "cn-north-4").synthetic(count);
    let account = Account::new(ids::ACCOUNT_ID, ids::ACCOUNT).access_key(ids::ACCESS_KEY, ids::SECRET_KEY);
    Config::default().estate(Estate::empty().account(account.project(project)))
}

/// The IDs of synthetic instances, as they are to come.
pub(crate) fn sorted_ids(count: usize) -> Json {
    let mut ids: Vec<_> = (0..count).map(|number| synthetic_instance_id(ids::PROJECT_ID, number)).collect();
    ids.sort();
    json!(ids)
}

/// A file below `tests/golden`.
pub(crate) fn golden_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// A golden that a person wrote.
pub(crate) fn golden(name: &str) -> Outcome<Json> {
    Ok(serde_json::from_slice(&std::fs::read(golden_path(name))?)?)
}

/// Whether what programs wrote is to be written anew, rather than compared.
pub(crate) fn is_blessed() -> bool {
    std::env::var_os("BLESS").is_some_and(|bless| bless == "1")
}

/// Compares with a file that a program wrote; with `BLESS=1` it is written anew.
pub(crate) fn assert_file(path: &Path, found: &str) -> Outcome {
    if is_blessed() {
        std::fs::write(path, found)?;
    }
    let kept = std::fs::read_to_string(path)?;
    assert!(kept == found, "{} is not what came, unless with BLESS=1:\n{found}", path.display());
    Ok(())
}

/// Compares with a golden that a program wrote; with `BLESS=1` it is written anew.
pub(crate) fn assert_golden(name: &str, found: &Json) -> Outcome {
    if is_blessed() {
        std::fs::write(golden_path(name), format!("{found:#}\n"))?;
    }
    let expected = golden(name)?;
    assert!(
        expected == *found,
        "tests/golden/{name} is not what came; if it is meant to change, run the test with BLESS=1.\n{found:#}"
    );
    Ok(())
}

/// What was secret in the requests so far: access keys, signatures and tokens.
pub(crate) fn secrets_sent(cloud: &Emulator) -> Vec<String> {
    let mut secrets = Vec::new();
    for request in cloud.requests() {
        let authorization = request.header("authorization").unwrap_or_default();
        let parts = ["Access=", "Signature="].map(|part| authorization.split(part).nth(1));
        secrets
            .extend(parts.into_iter().flatten().filter_map(|part| part.split(',').next()).map(str::to_owned));
        let names = ["x-auth-token", "x-security-token", "x-subject-token", "x-metadata-token"];
        secrets.extend(names.iter().filter_map(|name| request.header(name)).map(str::to_owned));
    }
    secrets
}

/// The secrets that a text contains.
pub(crate) fn found<'a>(secrets: &'a [String], text: &str) -> Vec<&'a String> {
    secrets.iter().filter(|secret| text.contains(secret.as_str())).collect()
}
