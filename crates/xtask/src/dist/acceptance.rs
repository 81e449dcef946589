//! The real Terraform installs from the mirror that is written here, as the guide says, and the provider that it installs
//! works.

use std::path::PathBuf;

use iotda_emulator::{Config, Emulator};
use serde_json::json;
use tempfile::TempDir;
use tfplug::testing::terraform::{Terraform, Workspace};

use super::archive::Archive;
use super::files::VERSION;
use super::platform::Target;
use super::release::write_release;
use crate::project::{self, CONFIGURATION, MQTT};

#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
use server::FileServer;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Where the guide's mirrors are.
const DIRECTORY: &str = "/opt/terraform/mirror";
#[cfg(target_os = "linux")]
const URL: &str = "https://mirror.example.com/terraform/";

/// A release of the test build, and a working directory that does not yet know where to install from.
struct Stage {
    terraform: Workspace,
    _cloud: Emulator,
    release: TempDir,
    host: Archive,
    other: Archive,
}

impl Stage {
    /// None where there is no Terraform.
    fn new() -> Outcome<Option<Self>> {
        let Some(terraform) = Terraform::locate()? else { return Ok(None) };
        let package = project::build(false)?;
        let host = Target::host()?;
        let other = Target::of_platform(if host.is_windows() { "linux_arm" } else { "windows_arm64" })?;
        let host = Archive::of_binary(host, &std::fs::read(&package.binary)?)?;
        let other = Archive::of_binary(other, b"of a machine that is not here")?;
        let release = tempfile::tempdir()?;
        let archives = [host, other];
        write_release(release.path(), &archives, b"{}", &json!({}))?;
        let [host, other] = archives;

        let mut terraform = terraform.workspace(&package)?;
        let cloud = Emulator::start(Config::default())?;
        for (name, value) in cloud.environment() {
            terraform.variable(&name, value);
        }
        terraform.require_package()?.write("main.tf", CONFIGURATION)?;
        Ok(Some(Self { terraform, _cloud: cloud, release, host, other }))
    }

    fn mirror(&self) -> PathBuf {
        self.release.path().join("mirror")
    }

    /// Has Terraform install as the guide says, from somewhere else than the guide says.
    fn install_from(&mut self, kind: &str, place: &str, instead: &str) -> Outcome {
        let guide = std::fs::read_to_string(project::root()?.join("docs/guides/air-gapped.md"))?;
        let blocks = guide.split("```terraform\n").filter_map(|text| text.split_once("```"));
        let block =
            blocks.map(|(block, _)| block).find(|block| block.contains(kind)).ok_or("no such block")?;
        assert!(block.contains(&json!(place).to_string()), "{block}");
        let block = block.replace(&json!(place).to_string(), &json!(instead).to_string());
        let file = self.release.path().join("cli.tfrc");
        std::fs::write(&file, format!("disable_checkpoint = true\n{block}"))?;
        self.terraform.variable("TF_CLI_CONFIG_FILE", file);
        Ok(())
    }

    fn lock_file(&self) -> Outcome<String> {
        Ok(std::fs::read_to_string(self.terraform.path().join(".terraform.lock.hcl"))?)
    }

    /// What was installed is the archive's, not a link to the build; it is locked, plans and applies.
    async fn is_installed_and_works(&self) -> Outcome {
        let installed = self.terraform.path().join(format!(
            ".terraform/providers/registry.terraform.io/iotda-rs/iotda/{VERSION}/{}/terraform-provider-iotda_v{VERSION}{}",
            self.host.platform,
            std::env::consts::EXE_SUFFIX
        ));
        assert!(std::fs::symlink_metadata(&installed)?.is_file(), "{}", installed.display());
        assert!(self.lock_file()?.contains(&self.host.h1), "{} is not locked", self.host.h1);
        let plan = self.terraform.plan().await?;
        assert_eq!(plan.status.code(), Some(2), "{}", plan.prose());
        self.terraform.apply().await?.succeeded()?;
        assert_eq!(self.terraform.outputs().await?, json!({ "mqtt": MQTT }));
        self.terraform.plan().await?.succeeded()?;
        Ok(())
    }
}

#[tokio::test]
async fn terraform_installs_from_the_directory_locks_plans_and_applies() -> Outcome {
    let Some(mut stage) = Stage::new()? else { return Ok(()) };
    let mirror = stage.mirror().to_string_lossy().into_owned();
    stage.install_from("filesystem_mirror", DIRECTORY, &mirror)?;
    stage.terraform.init().await?.succeeded()?;
    stage.is_installed_and_works().await?;

    assert!(!stage.lock_file()?.contains(&stage.other.h1));
    let platforms = [&stage.host, &stage.other].map(|archive| format!("-platform={}", archive.platform));
    let [host, other] = platforms;
    let from = format!("-fs-mirror={mirror}");
    stage.terraform.run(&["providers", "lock", &from, &host, &other]).await?.succeeded()?;
    for Archive { platform, h1, .. } in [&stage.host, &stage.other] {
        assert!(stage.lock_file()?.contains(h1), "{platform}");
    }
    Ok(())
}

/// Go reads `SSL_CERT_FILE` on Linux only.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn terraform_installs_over_https_and_compares_the_hashes() -> Outcome {
    let Some(mut stage) = Stage::new()? else { return Ok(()) };
    let server = FileServer::start(stage.mirror(), "/terraform/").await?;
    let authority = stage.release.path().join("authority.pem");
    std::fs::write(&authority, &server.certificate_pem)?;
    stage.terraform.variable("SSL_CERT_FILE", authority);
    stage.install_from("network_mirror", URL, &server.url)?;
    stage.terraform.init().await?.succeeded()?;
    stage.is_installed_and_works().await?;

    // The archive gets another's hash.
    let file = stage.mirror().join(format!("registry.terraform.io/iotda-rs/iotda/{VERSION}.json"));
    let hashes = std::fs::read_to_string(&file)?;
    std::fs::write(file, hashes.replace(&stage.host.h1, &stage.other.h1))?;
    for name in [".terraform", ".terraform.lock.hcl"].map(|name| stage.terraform.path().join(name)) {
        if name.is_dir() { std::fs::remove_dir_all(name)? } else { std::fs::remove_file(name)? }
    }
    let refused = stage.terraform.init().await?.failed()?.prose();
    assert!(refused.contains("checksum"), "{refused}");
    Ok(())
}
