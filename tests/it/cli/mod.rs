//! The command line, for people and pipelines without Terraform.

mod doctor;
mod read;
mod usage;

use std::process::{Command, Output};

use iotda_emulator::Emulator;

/// A command that has ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs the program in the emulator's environment, with variables that come on top; an empty one counts as unset.
fn run(cloud: &Emulator, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-iotda"));
    // Windows' sockets need it.
    let system = std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root));
    command
        .env_clear()
        .envs(system)
        .envs(cloud.environment())
        .envs(variables.iter().copied())
        .args(arguments);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
    Run { code: status.code(), stdout, stderr }
}
