//! `cargo xtask install`: a build where Terraform and OpenTofu find it.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::{print, project};

pub(crate) fn run() -> anyhow::Result<()> {
    let package = project::build(true)?;
    let mirror = plugins()?;
    for place in package.places(&mirror) {
        std::fs::create_dir_all(place.parent().unwrap_or(&mirror))?;
        // A plugin that runs cannot be overwritten, but its name can go to another file.
        if place.exists() {
            std::fs::remove_file(&place)?;
        }
        std::fs::copy(&package.binary, &place)
            .with_context(|| format!("{} cannot be written", place.display()))?;
        print(&format!("Installed {}", place.display()))?;
    }
    let source = package.address.split_once('/').map_or(package.address, |(_, path)| path);
    print(&format!(
        "\nFor a configuration:\n\nterraform {{\n  required_providers {{\n    iotda = {{\n      source  = \"{source}\"\n      \
         version = \"{}\"\n    }}\n  }}\n}}",
        package.version
    ))
}

/// The directory that both look into without being told.
fn plugins() -> anyhow::Result<PathBuf> {
    if cfg!(windows) {
        let data = std::env::var_os("APPDATA").context("APPDATA is not set")?;
        return Ok(PathBuf::from(data).join("terraform.d").join("plugins"));
    }
    let home = std::env::home_dir().context("there is no home directory")?;
    Ok(home.join(".terraform.d").join("plugins"))
}
