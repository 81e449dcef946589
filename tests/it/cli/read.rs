//! `read`: an instance without Terraform.

use iotda_emulator::{Config, Emulator, ids};
use serde_json::Value;

use super::{Run, run};

#[test]
fn an_instance_is_printed_for_people_and_for_programs() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let Run { code, stdout, stderr } = run(&cloud, &[], &["read", "--name", "iotda_instance"]);
    assert_eq!((code, &*stderr), (Some(0), ""));
    assert!(stdout.contains("    url: mqtts://example2.xxxx.com:8883\n"), "{stdout}");
    let Run { code, stdout, .. } = run(&cloud, &[], &["read", "--instance-id", ids::INSTANCE_ID, "--json"]);
    let state: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(state["endpoints"]["APP_HTTPS"]["url"], "https://example1.xxxx.com");
    assert_eq!(state["region"], "cn-north-4");
}

#[test]
fn what_goes_wrong_is_told_on_stderr_and_by_the_exit_code() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let id = ids::INSTANCE_ID;
    for (variables, arguments, words) in [
        (&[][..], &["read", "--name", "iotda"][..], "No instance has this name (--name)"),
        (&[], &["read", "--name", "iotda"], "\"iotda_instance\" (8561675c-d8a3-4956-9884-9cf9cbdd3134)"),
        (&[("HW_SECRET_KEY", "")], &["read", "--instance-id", id], "HW_SECRET_KEY"),
        (&[("HW_SECRET_KEY", "wrong-secret")], &["read", "--instance-id", id], "HTTP status: 401"),
    ] {
        let Run { code, stdout, stderr } = run(&cloud, variables, arguments);
        assert_eq!((code, &*stdout), (Some(1), ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("wrong-secret"), "{stderr}");
    }
}

/// What the cloud says reaches the terminal without what a terminal obeys, keys of maps and messages included.
#[test]
fn nothing_of_the_cloud_moves_the_terminal() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let instance = r#"{"instance_id":"0a","status":"NEW\u001b[31m","name":"n\u0007",
        "tags":[{"key":"\u001b]0;pwned\u0007","value":"v\u001b[0m"}]}"#;
    cloud.put_instance(ids::PROJECT_ID, instance).unwrap();
    for arguments in [
        &["read", "--instance-id", "0a"][..],
        &["read", "--instance-id", "0a", "--json"],
        &["read", "--instance-id", "0a", "--wait", "--timeout", "1s"],
        &["read", "--name", "n"],
    ] {
        let Run { stdout, stderr, .. } = run(&cloud, &[], arguments);
        let said = stdout + &stderr;
        assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{arguments:?}: {said:?}");
    }
}
