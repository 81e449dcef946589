//! `cargo xtask install`: a build where Terraform and OpenTofu find it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::command_line::no_options;
use crate::project;
use crate::terminal::print;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask install

Builds the provider for release and copies it to ~/.terraform.d/plugins (on Windows %APPDATA%\\terraform.d\\plugins),
which Terraform and OpenTofu search before a registry.
";

pub(crate) fn run(parser: &mut lexopt::Parser) -> anyhow::Result<()> {
    no_options(parser)?;
    print("Building for release, which takes some minutes the first time…")?;
    let package = project::build(true)?;
    let mut replaced = false;
    let mirror = plugins()?;
    let places = package.places(&mirror);
    for place in &places {
        std::fs::create_dir_all(place.parent().unwrap_or(&mirror))?;
        if place.exists() {
            replaced |= std::fs::read(place)? != std::fs::read(&package.binary)?;
            set_aside(place).with_context(|| format!("{} cannot be replaced", place.display()))?;
        }
        std::fs::copy(&package.binary, place)
            .with_context(|| format!("{} cannot be written", place.display()))?;
        print(&format!("Installed {}", place.display()))?;
    }
    let source = package.address.split_once('/').map_or(package.address, |(_, path)| path);
    print(&format!(
        "\nFor a configuration:\n\nterraform {{\n  required_providers {{\n    iotda = {{\n      source  = \"{source}\"\n      \
         version = \"{}\"\n    }}\n  }}\n}}",
        package.version
    ))?;
    if replaced {
        print(
            "\nAn earlier build was replaced. Working directories that used it will report a checksum mismatch: remove the \
             provider's block from their .terraform.lock.hcl, and run `init` again.",
        )?;
    }
    let [place, _] = &places;
    print(&format!("\nTo run `read` and `doctor` yourself, {}", command_line_hint(place)))
}

/// How the program becomes a command of the shell.
fn command_line_hint(place: &Path) -> String {
    if cfg!(windows) {
        return format!("call it by its path:\n\n  & '{}' doctor", place.display());
    }
    format!(
        "link the program into a directory of your PATH, such as:\n\n  ln -sf '{}' ~/.local/bin/terraform-provider-iotda",
        place.display()
    )
}

/// Frees the name of a plugin, which may be running: it then cannot be overwritten, and on Windows not removed either.
fn set_aside(place: &Path) -> std::io::Result<()> {
    // The directory of the version: whatever is beside the plugin is part of the package.
    let aside = place.ancestors().nth(2).unwrap_or(place).join("replaced");
    std::fs::rename(place, &aside)?;
    match std::fs::remove_file(&aside) {
        // The next run replaces it.
        Err(_) if cfg!(windows) => Ok(()),
        removed => removed,
    }
}

/// The directory in which both look for plugins by default.
fn plugins() -> anyhow::Result<PathBuf> {
    if cfg!(windows) {
        let data = std::env::var_os("APPDATA").context("APPDATA is not set")?;
        return Ok(PathBuf::from(data).join("terraform.d").join("plugins"));
    }
    let home = std::env::home_dir().context("there is no home directory")?;
    Ok(home.join(".terraform.d").join("plugins"))
}
