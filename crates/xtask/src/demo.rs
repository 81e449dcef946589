//! `cargo xtask demo`: the main job, without an account.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use iotda_emulator::{Config, Emulator};

use crate::command_line::no_options;
use crate::project;
use crate::terminal::print;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask demo

Builds the provider, starts the emulator, and applies examples/quickstart with the Terraform or OpenTofu of this
machine. It needs no account. Only the build in target/ remains.
";

/// What the demo applies, below the root.
const EXAMPLE: &str = "examples/quickstart";

pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    no_options(parser)?;
    let terraform = project::terraform()?;
    let package = project::build(false)?;
    let started = Instant::now();
    let cloud = Emulator::start(Config::default())?;
    let mut workspace = terraform.workspace(&package)?;
    let configuration = configuration()?;
    workspace.write("main.tf", &configuration)?;
    for (name, value) in cloud.environment() {
        workspace.variable(&name, value);
    }
    if std::io::stdout().is_terminal() {
        // Without the `-no-color` that tests want.
        workspace.variable("TF_CLI_ARGS", "");
    }
    let host = name(terraform.binary());
    print(&format!(
        "\nAn emulated cloud serves at {}, with the sample instance of the API documentation. {EXAMPLE}/main.tf reads it:\n\n{}",
        cloud.url(),
        configuration.trim_end()
    ))?;

    print(&format!("\n$ {host} init"))?;
    let init = workspace.command(&["init"]).into_std().output().context("Terraform cannot be started")?;
    ensure!(init.status.success(), "`init` failed: {}", String::from_utf8_lossy(&init.stderr));
    print("(done)")?;
    let apply = ["apply", "-auto-approve"];
    print(&format!("\n$ {host} {}", apply.join(" ")))?;
    succeed(&mut workspace.command(&apply).into_std(), "apply")?;
    print(&format!("\n$ {} doctor", name(&package.binary)))?;
    succeed(project::with_cloud(&package.binary, cloud.environment()).arg("doctor"), "doctor")?;

    print(&format!(
        "
This took {:.1} s. Only the build in target/ remains.

To run it yourself:

  cargo xtask install                                      # the provider, for {host}
  cargo run -p iotda-emulator -- --listen 127.0.0.1:8080   # keep it running; it prints the variables to set
  cd {EXAMPLE} && {host} init && {host} apply

With your own account, set HW_REGION_NAME, HW_ACCESS_KEY and HW_SECRET_KEY instead, and put the ID of your instance
into {EXAMPLE}/main.tf.",
        started.elapsed().as_secs_f64()
    ))
}

fn configuration() -> anyhow::Result<String> {
    let file = project::root()?.join(EXAMPLE).join("main.tf");
    std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))
}

/// How a program is called.
fn name(binary: &Path) -> String {
    binary.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn succeed(command: &mut Command, name: &str) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("`{name}` cannot be started"))?;
    ensure!(status.success(), "`{name}` failed");
    Ok(())
}
