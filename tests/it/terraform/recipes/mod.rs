//! The examples and the guides, run as they stand.

pub(super) mod document;
mod examples;
mod guides;

use iotda_emulator::Config;
use iotda_emulator::ids::{ACCESS_KEY, SECRET_KEY};
use tfplug::testing::terraform::Terraform;

use crate::support::{Outcome, Stage, lacks};

/// A file's name and text.
pub(crate) type File = (String, String);

/// Variables of the examples that have no default.
const VARIABLES: [(&str, &str); 3] = [
    ("TF_VAR_access_key", ACCESS_KEY),
    ("TF_VAR_secret_key", SECRET_KEY),
    ("TF_VAR_device_secret", "secret"),
];

/// A cloud, and a working directory with these files, among them `main.tf`. None where there is no Terraform, or one that is
/// older than 1.`minor`.
pub(crate) async fn stage(files: &[File], minor: u64) -> Outcome<Option<Stage>> {
    if lacks(minor)? {
        return Ok(None);
    }
    let main = files.iter().find(|(name, _)| name == "main.tf").ok_or("there is no main.tf")?;
    let Some(mut stage) = Stage::with(Config::default(), &main.1).await? else { return Ok(None) };
    for (name, text) in files {
        stage.terraform.write(name, text)?;
    }
    for (name, value) in VARIABLES {
        stage.terraform.variable(name, value);
    }
    Ok(Some(stage))
}

/// Whether it is OpenTofu that is run, whose words differ.
fn is_tofu() -> Outcome<bool> {
    Ok(Terraform::locate()?.is_some_and(|terraform| terraform.is_tofu()))
}
