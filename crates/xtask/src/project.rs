//! Where this workspace is, and its binaries.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use iotda_provider::provider::IotdaProvider;
use tfplug::Provider as _;
use tfplug::testing::terraform::{Package, Terraform};

use crate::programs;

/// Reads the sample instance of the API documentation.
pub(crate) const CONFIGURATION: &str = r#"
data "iotda_instance" "this" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
}

output "mqtt" {
  value = data.iotda_instance.this.endpoints["DEVICE_MQTT"].host_port
}
"#;

/// What its output is.
pub(crate) const MQTT: &str = "example2.xxxx.com:8883";

/// The root of the workspace.
pub(crate) fn root() -> anyhow::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("this package lies two levels below the root")
}

/// A command of cargo's, in the workspace.
pub(crate) fn cargo() -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()?);
    // Variables in which cargo describes this program: build scripts that read them would build ring and all above it again.
    let own = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(own)) {
        command.env_remove(name);
    }
    Ok(command)
}

/// What a command prints, if it succeeds.
pub(crate) fn output(name: &str, command: &mut Command, arguments: &[&str]) -> anyhow::Result<String> {
    let output = command.args(arguments).output().with_context(|| format!("{name} cannot be started"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{name} {}` failed: {said}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

/// A program with the variables of an emulator, and none of the user's own for the cloud.
pub(crate) fn with_cloud(program: &Path, variables: Vec<(String, String)>) -> Command {
    let mut command = Command::new(program);
    let of_the_cloud = |name: &str| name.starts_with("HW_") || name.starts_with("OS_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_the_cloud)) {
        command.env_remove(name);
    }
    command.envs(variables);
    command
}

/// Builds the provider, in the profile that is asked for.
pub(crate) fn build(release: bool) -> anyhow::Result<Package> {
    let mut command = cargo()?;
    command.args(["build", "--package", "terraform-provider-iotda"]);
    if release {
        command.arg("--release");
    } else {
        // With this package's features, which are built already, so that no dependency is built twice.
        command.args(["--package", "xtask"]);
    }
    if !command.status().context("cargo cannot be started")?.success() {
        bail!("the provider could not be built");
    }
    let profile = if release { "release" } else { "debug" };
    let name = format!("terraform-provider-iotda{}", std::env::consts::EXE_SUFFIX);
    Ok(package(target()?.join(profile).join(name)))
}

/// The provider, with this binary.
pub(crate) fn package(binary: PathBuf) -> Package {
    Package { binary, address: IotdaProvider::ADDRESS, version: IotdaProvider::VERSION }
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root()?.join(directory),
        None => root()?.join("target"),
    })
}

/// The Terraform or OpenTofu of this machine, if it has one.
pub(crate) fn terraform_if_any() -> anyhow::Result<Option<Terraform>> {
    // Looked for here first: `locate` is for tests, and prints that one was skipped.
    let named = std::env::var_os("TF_ACC_TERRAFORM_PATH").is_some_and(|path| !path.is_empty());
    if !named && programs::find(&["terraform", "tofu"]).is_none() {
        return Ok(None);
    }
    Ok(Terraform::locate()?)
}

/// The Terraform or OpenTofu of this machine.
pub(crate) fn terraform() -> anyhow::Result<Terraform> {
    terraform_if_any()?.context(
        "neither `terraform` nor `tofu` was found. Install Terraform (https://developer.hashicorp.com/terraform/install) \
         or OpenTofu (https://opentofu.org/docs/intro/install), or name one in TF_ACC_TERRAFORM_PATH",
    )
}
