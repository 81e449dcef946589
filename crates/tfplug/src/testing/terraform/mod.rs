//! The real Terraform or OpenTofu, for acceptance tests.
//!
//! ```no_run
//! # use tfplug::testing::{HostError, terraform::{Package, Terraform}};
//! # async fn example() -> Result<(), HostError> {
//! let Some(terraform) = Terraform::locate()? else { return Ok(()) };
//! let package =
//!     Package { binary: "target/debug/wx".into(), address: "registry.terraform.io/acme/wx", version: "0.1.0" };
//! let mut workspace = terraform.workspace(&package)?;
//! workspace.require_package()?.write("main.tf", "output \"boiling\" { value = provider::wx::celsius(212) }")?;
//! workspace.variable("WX_TOKEN", "secret").init().await?.succeeded()?;
//! workspace.apply().await?.succeeded()?;
//! assert_eq!(workspace.outputs().await?["boiling"], 100);
//! # Ok(())
//! # }
//! ```
//!
//! Without Terraform, [`Terraform::locate`] returns `None` and a test passes without having run. Two counts distinguish
//! such a run from a real one: [`Terraform::runs`] within a test binary, and across several the file that the variable
//! `TF_ACC_RUNS` names, to which every command adds a line with its arguments, its exit status and its time.

mod run;
mod workspace;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

pub use run::Run;
pub use workspace::{Package, Workspace, addresses};

use super::HostError;

/// A Terraform or OpenTofu binary on this machine.
#[derive(Clone, Debug)]
pub struct Terraform {
    binary: PathBuf,
}

impl Terraform {
    /// Finds the binary that `TF_ACC_TERRAFORM_PATH` names, else `terraform`, else `tofu`. Without any of them, a test
    /// has to be skipped; a line on stderr reports it.
    ///
    /// # Errors
    /// Returns an error if `TF_ACC_TERRAFORM_PATH` does not name a file, or if there is no binary and `CI` is set,
    /// where nothing is skipped.
    pub fn locate() -> Result<Option<Self>, HostError> {
        if let Some(named) = std::env::var_os("TF_ACC_TERRAFORM_PATH").filter(|path| !path.is_empty()) {
            // Each run has its own working directory.
            let binary = std::path::absolute(named)?;
            if binary.is_file() {
                return Ok(Some(Self { binary }));
            }
            let binary = binary.display();
            return Err(HostError::new(format!("TF_ACC_TERRAFORM_PATH names {binary}, which is not a file")));
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = ["terraform", "tofu"].into_iter().find_map(|name| {
            let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            std::env::split_paths(&path).map(|directory| directory.join(&name)).find(|file| file.is_file())
        });
        if let Some(binary) = found {
            return Ok(Some(Self { binary }));
        }
        let missing = "neither terraform nor tofu is in PATH, and TF_ACC_TERRAFORM_PATH is not set";
        if std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false") {
            return Err(HostError::new(missing));
        }
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        // Not `eprintln`, which test runners suppress when a test passes. Errors are ignored: without stderr they
        // cannot be reported.
        let _ = writeln!(std::io::stderr().lock(), "SKIPPED {test}: {missing}");
        Ok(None)
    }

    /// Returns the path of the binary.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Returns the version that it reports: `1.11.4`.
    ///
    /// # Errors
    /// Returns an error if it does not run, or prints something else.
    pub fn version(&self) -> Result<String, HostError> {
        let mut command = std::process::Command::new(&self.binary);
        command.args(["version", "-json"]);
        // OpenTofu prints warnings about a person's settings before the JSON.
        let names = std::env::vars_os().map(|(name, _)| name);
        for name in names.filter(|name| name.to_string_lossy().starts_with("TF_")) {
            command.env_remove(name);
        }
        let output = command.output()?;
        let said: serde_json::Value =
            serde_json::from_slice(&output.stdout).map_err(HostError::from_error)?;
        let version = said.get("terraform_version").and_then(serde_json::Value::as_str);
        version.map(str::to_owned).ok_or_else(|| HostError::new("it did not print its version"))
    }

    /// Returns whether it is OpenTofu, whose messages and mocks differ in places.
    pub fn is_tofu(&self) -> bool {
        self.binary.file_stem().is_some_and(|name| name == "tofu")
    }

    /// Creates an empty working directory in which `init` finds only the package.
    ///
    /// # Errors
    /// Returns an error if the directory cannot be created.
    pub fn workspace(&self, package: &Package) -> Result<Workspace, HostError> {
        Workspace::new(self.binary.clone(), package.clone())
    }

    /// Returns the number of commands that this process has run to completion so far.
    pub fn runs() -> usize {
        run::RUNS.load(Ordering::Relaxed)
    }
}
