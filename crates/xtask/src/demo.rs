//! `cargo xtask demo`: the main job, without an account.

use std::process::Command;

use anyhow::{Context as _, bail};
use iotda_emulator::{Config, Emulator};
use tfplug::testing::terraform::Workspace;

use crate::command_line::no_options;
use crate::project;
use crate::terminal::print;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask demo

Builds the provider, starts the emulator, and applies examples/quickstart with the Terraform or OpenTofu of this
machine. It needs no account and leaves nothing behind but what cargo builds.
";

/// What the demo applies, below the root.
const EXAMPLE: &str = "examples/quickstart";

pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    no_options(parser)?;
    let terraform = project::terraform()?;
    let package = project::build(false)?;
    let cloud = Emulator::start(Config::default())?;
    let mut workspace = terraform.workspace(&package)?;
    let example = project::root()?.join(EXAMPLE);
    for file in std::fs::read_dir(&example).with_context(|| format!("{EXAMPLE} cannot be read"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "tf")
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            workspace.write(name, &std::fs::read_to_string(&path)?)?;
        }
    }
    for (name, value) in cloud.environment() {
        workspace.variable(&name, value);
    }
    let program = terraform.binary().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    print(&format!("An emulated cloud serves at {}; {program} reads {EXAMPLE} from it.", cloud.url()))?;
    for arguments in [&["init"][..], &["apply", "-auto-approve"]] {
        print(&format!("\n$ {program} {}", arguments.join(" ")))?;
        step(&workspace, arguments)?;
    }
    print(&format!(
        "
To type it yourself:

  cargo xtask install                                      # the provider, for {program}
  cargo run -p iotda-emulator -- --listen 127.0.0.1:8080   # leave it running; it prints the variables to export
  cd {EXAMPLE} && {program} init && {program} apply

With your own account, export HW_REGION_NAME, HW_ACCESS_KEY and HW_SECRET_KEY instead, and put the ID of your instance
into {EXAMPLE}/main.tf."
    ))
}

fn step(workspace: &Workspace, arguments: &[&str]) -> anyhow::Result<()> {
    let mut command: Command = workspace.command(arguments).into_std();
    let status = command.status().context("Terraform cannot be started")?;
    if !status.success() {
        bail!("`{}` failed", arguments.join(" "));
    }
    Ok(())
}
