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
        (&[][..], &["read", "--instance-id", "NOT-AN-ID"][..], "(instance_id)"),
        (&[], &["read", "--instance-id", id, "--timeout", "soon"], "(timeouts.read)"),
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
