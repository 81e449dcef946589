//! The command line, for people and pipelines without Terraform.

use std::process::{Command, Output};

use iotda_emulator::{Config, Emulator, ids};
use serde_json::Value;

fn read(cloud: &Emulator, variables: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-iotda"));
    command.env_clear().envs(cloud.environment()).envs(variables.iter().copied()).args(arguments);
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn an_instance_is_printed_for_people_and_for_programs() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let (code, stdout, stderr) = read(&cloud, &[], &["read", "--name", "iotda_instance"]);
    assert_eq!((code, &*stderr), (Some(0), ""));
    assert!(stdout.contains("    url: mqtts://example2.xxxx.com:8883\n"), "{stdout}");
    let (code, stdout, _) = read(&cloud, &[], &["read", "--instance-id", ids::INSTANCE_ID, "--json"]);
    let state: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(state["endpoints"]["APP_HTTPS"]["url"], "https://example1.xxxx.com");
    assert_eq!(state["region"], "cn-north-4");
}

#[test]
fn what_goes_wrong_is_told_on_stderr_and_by_the_exit_code() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let id = ids::INSTANCE_ID;
    for (variables, arguments, code, words) in [
        (&[][..], &["read"][..], 2, "give either --instance-id or --name"),
        (&[], &["read", "--name", "a", "--instance-id", "b"], 2, "give either --instance-id or --name"),
        (&[], &["read", "--nme", "a"], 2, "--nme"),
        (&[], &["read", "--name"], 2, "--name"),
        (&[], &["read", "--instance-id", "NOT-AN-ID"], 1, "(instance_id)"),
        (&[], &["read", "--instance-id", id, "--timeout", "soon"], 1, "(timeouts.read)"),
        (&[], &["read", "--name", "iotda"], 1, "\"iotda_instance\" (8561675c-d8a3-4956-9884-9cf9cbdd3134)"),
        (&[("HW_SECRET_KEY", "")], &["read", "--instance-id", id], 1, "HW_SECRET_KEY"),
        (&[("HW_SECRET_KEY", "wrong-secret")], &["read", "--instance-id", id], 1, "HTTP status: 401"),
    ] {
        let (exit, stdout, stderr) = read(&cloud, variables, arguments);
        assert_eq!((exit, &*stdout), (Some(code), ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("wrong-secret"), "{stderr}");
    }
}

#[test]
fn help_is_help_and_a_host_is_never_taken_for_a_person() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let (code, stdout, _) = read(&cloud, &[], &["read", "--help"]);
    assert!(code == Some(0) && stdout.contains("Exit codes"), "{stdout}");
    let cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    let called = [("TF_PLUGIN_MAGIC_COOKIE", cookie), ("PLUGIN_MIN_PORT", "nonsense")];
    let (code, _, stderr) = read(&cloud, &called, &["read", "--help"]);
    assert!(code == Some(1) && stderr.contains("PLUGIN_MIN_PORT"), "{stderr}");
}
