//! A working directory, and a mirror from which `init` installs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::super::HostError;
use super::Run;

/// A provider's binary, as a registry would offer it.
#[derive(Clone, Debug)]
pub struct Package {
    /// Path of the binary.
    pub binary: PathBuf,
    /// Address of the provider: `registry.terraform.io/acme/wx`.
    pub address: &'static str,
    /// Version of the provider, without a leading `v`.
    pub version: &'static str,
}

/// A separate working directory, removed when dropped.
#[derive(Debug)]
pub struct Workspace {
    terraform: PathBuf,
    package: Package,
    variables: BTreeMap<String, OsString>,
    root: TempDir,
}

/// Variables that commands inherit from the environment of the tests: the paths of programs and temporary files.
const INHERITED: [&str; 5] = ["PATH", "TMPDIR", "SystemRoot", "TEMP", "TMP"];

impl Workspace {
    pub(super) fn new(terraform: PathBuf, package: Package) -> Result<Self, HostError> {
        let root = tempfile::Builder::new().prefix("acc-").tempdir()?;
        let workspace = Self { terraform, package, variables: BTreeMap::new(), root };
        let [mirror, home] = ["mirror", "home"].map(|name| workspace.root.path().join(name));
        std::fs::create_dir_all(workspace.path())?;
        std::fs::create_dir_all(home)?;
        let binary = std::path::absolute(&workspace.package.binary)?;
        for place in workspace.package.places(&mirror) {
            std::fs::create_dir_all(place.parent().unwrap_or(&mirror))?;
            link(&binary, &place)?;
        }
        // A JSON string is also a string of the configuration language.
        let mirror = json!(mirror.to_string_lossy());
        let configuration = format!(
            "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = {mirror}\n  }}\n}}\n"
        );
        std::fs::write(workspace.cli_configuration(), configuration)?;
        Ok(workspace)
    }

    fn cli_configuration(&self) -> PathBuf {
        self.root.path().join("cli.tfrc")
    }

    /// Returns the path of the working directory.
    pub fn path(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// Sets an environment variable of later commands.
    pub fn variable(&mut self, name: &str, value: impl Into<OsString>) -> &mut Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Unsets a variable that was set here.
    pub fn without(&mut self, name: &str) -> &mut Self {
        self.variables.remove(name);
        self
    }

    /// Writes a file below the working directory.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<&Self, HostError> {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        std::fs::write(&path, text)?;
        Ok(self)
    }

    /// Writes `versions.tf`, which requires the package.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn require_package(&self) -> Result<&Self, HostError> {
        let Package { address, version, .. } = self.package;
        let name = self.package.name();
        // As users write it, so that OpenTofu requires the provider from its own default registry.
        let source = address.strip_prefix("registry.terraform.io/").unwrap_or(address);
        self.write(
            "versions.tf",
            &format!(
                "terraform {{\n  required_providers {{\n    {name} = {{\n      source  = \"{source}\"\n      \
                 version = \"{version}\"\n    }}\n  }}\n}}\n"
            ),
        )
    }

    /// Returns a command, for callers that start it themselves. Of the tests' environment it inherits only the paths of
    /// programs and temporary files.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.terraform);
        command.args(arguments).current_dir(self.path()).env_clear();
        let inherited = INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        command
            .envs(inherited)
            .env("HOME", self.root.path().join("home"))
            .env("TF_CLI_CONFIG_FILE", self.cli_configuration())
            .env("TF_CLI_ARGS", "-no-color")
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_INPUT", "0")
            .envs(&self.variables);
        command
    }

    /// Runs a command until it ends, whatever its status.
    ///
    /// # Errors
    /// Returns an error if the command does not start, or hangs.
    pub async fn run(&self, arguments: &[&str]) -> Result<Run, HostError> {
        Run::of(self.command(arguments), arguments).await
    }

    /// Runs `init`, which installs the package from the mirror.
    ///
    /// # Errors
    /// Returns the errors of [`run`](Self::run).
    pub async fn init(&self) -> Result<Run, HostError> {
        self.run(&["init"]).await
    }

    /// Runs `validate`.
    ///
    /// # Errors
    /// Returns the errors of [`run`](Self::run).
    pub async fn validate(&self) -> Result<Run, HostError> {
        self.run(&["validate"]).await
    }

    /// Runs `plan`. The exit status is 0 without changes, and 2 with changes.
    ///
    /// # Errors
    /// Returns the errors of [`run`](Self::run).
    pub async fn plan(&self) -> Result<Run, HostError> {
        self.run(&["plan", "-detailed-exitcode", "-out=plan.bin"]).await
    }

    /// Returns the plan that [`plan`](Self::plan) created, in Terraform's JSON form.
    ///
    /// # Errors
    /// Returns an error if there is none.
    pub async fn planned(&self) -> Result<Json, HostError> {
        self.run(&["show", "-json", "plan.bin"]).await?.succeeded()?.json()
    }

    /// Runs `apply`, without confirmation.
    ///
    /// # Errors
    /// Returns the errors of [`run`](Self::run).
    pub async fn apply(&self) -> Result<Run, HostError> {
        self.run(&["apply", "-auto-approve"]).await
    }

    /// Returns the values of all outputs by name, including sensitive ones.
    ///
    /// # Errors
    /// Returns an error if the command fails.
    pub async fn outputs(&self) -> Result<Json, HostError> {
        let outputs = self.run(&["output", "-json"]).await?.succeeded()?.json()?;
        let values = outputs.as_object().into_iter().flatten();
        Ok(values
            .map(|(name, output)| (name.clone(), output.get("value").cloned().unwrap_or_default()))
            .collect())
    }

    /// Runs `test`.
    ///
    /// # Errors
    /// Returns the errors of [`run`](Self::run).
    pub async fn test(&self) -> Result<Run, HostError> {
        self.run(&["test"]).await
    }

    /// Returns the schema of the package, as `providers schema -json` prints it.
    ///
    /// # Errors
    /// Returns an error if the command fails.
    pub async fn schema(&self) -> Result<Json, HostError> {
        let schemas = self.run(&["providers", "schema", "-json"]).await?.succeeded()?.json()?;
        let schema = schemas.get("provider_schemas").and_then(Json::as_object);
        let schema = schema.and_then(|schemas| schemas.values().next());
        schema.cloned().ok_or_else(|| HostError::new("there is no provider schema"))
    }
}

impl Package {
    /// Returns the provider's name, the last part of the address.
    fn name(&self) -> &'static str {
        self.address.rsplit('/').next().unwrap_or(self.address)
    }

    /// Returns the paths of the binary in an unpacked mirror, one for each of its [`addresses`].
    pub fn places(&self, mirror: &Path) -> [PathBuf; 2] {
        let (name, version, suffix) = (self.name(), self.version, std::env::consts::EXE_SUFFIX);
        addresses(self.address).map(|address| {
            let directory = mirror.join(address).join(version).join(platform());
            directory.join(format!("terraform-provider-{name}_v{version}{suffix}"))
        })
    }
}

/// Returns the addresses under which a mirror has to offer a provider: its own, and the one at the default host of
/// OpenTofu for configurations that name none.
pub fn addresses(address: &str) -> [String; 2] {
    let (_, path) = address.split_once('/').unwrap_or(("", address));
    [address.to_owned(), format!("registry.opentofu.org/{path}")]
}

/// Links the binary rather than copying it: debug builds are large. Also, on Linux a file that was just written cannot
/// be executed while a process that another thread is starting holds it open.
fn link(binary: &Path, link: &Path) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::symlink(binary, link);
    #[cfg(not(unix))]
    return std::fs::hard_link(binary, link).or_else(|_| std::fs::copy(binary, link).map(|_| ()));
}

/// Returns the platform as in the file names of releases.
fn platform() -> String {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        os => os,
    };
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        architecture => architecture,
    };
    format!("{os}_{architecture}")
}
