//! `read`: an instance without Terraform.

use iotda_emulator::{Config, Emulator, StatusStep, ids};
use serde_json::{Value, json};

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

/// Pipelines want one value, without a parser of JSON.
#[test]
fn one_field_is_printed_alone() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for (arguments, expected) in [
        (&["--field", "endpoints.DEVICE_MQTT.host_port"][..], "example2.xxxx.com:8883\n"),
        (&["-field=endpoints.DEVICE_MQTT.host_port", "-json"], "\"example2.xxxx.com:8883\"\n"),
        (&["--field", "flavor"], "size: 1\ntype: iotda.standard.s1\n"),
        (&["--field", "access_infos.0.type"], "APP_AMQP\n"),
    ] {
        let Run { code, stdout, stderr } =
            run(&cloud, &[], &[&["read", "-name", "iotda_instance"], arguments].concat());
        assert_eq!((code, &*stdout, &*stderr), (Some(0), expected, ""), "{arguments:?}");
    }
    for (field, words) in [
        ("endpoints.DEVICE_HTTPS", "there is no `endpoints.DEVICE_HTTPS`: endpoints has APP_AMQP, APP_HTTPS"),
        ("additional_params", "`additional_params` is null"),
    ] {
        let Run { code, stdout, stderr } =
            run(&cloud, &[], &["read", "--name", "iotda_instance", "--field", field]);
        assert_eq!((code, &*stdout), (Some(1), ""), "{field}");
        assert!(stderr.contains(words), "{field}: {stderr}");
    }
}

/// A wait may take half an hour, and its timeout has another name here than in a configuration.
#[test]
fn a_wait_shows_its_progress_and_names_the_options() {
    let cloud = Emulator::start(Config::default()).unwrap();
    cloud.script_status(ids::PROJECT_ID, ids::INSTANCE_ID, [StatusStep::new("CREATING", 1)]).unwrap();
    let task = json!({ "task_id": "t1", "type": "CREATE", "status": "RUNNING", "progress": 40 });
    cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, [task]).unwrap();
    let read = ["read", "--instance-id", ids::INSTANCE_ID, "--wait", "--timeout", "2s"];
    let Run { code, stdout, stderr } = run(&cloud, &[], &read);
    assert_eq!((code, &*stdout), (Some(1), ""), "{stderr}");
    assert!(stderr.starts_with("waiting: CREATING, task CREATE RUNNING 40 %, 0 s elapsed\n"), "{stderr}");
    assert!(stderr.contains("Set a longer timeout with `--timeout`"), "{stderr}");
    let Run { stderr, .. } = run(&cloud, &[], &["read", "--instance-id", ids::INSTANCE_ID]);
    assert!(stderr.contains("To wait until it is ACTIVE, use `--wait`."), "{stderr}");
}

/// The environment may lack a region where the command line has one.
#[test]
fn a_region_of_the_command_line_is_enough() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let read = ["read", "--name", "iotda_instance", "--region", "cn-north-4", "--field", "region"];
    let Run { code, stdout, stderr } = run(&cloud, &[("HW_REGION_NAME", "")], &read);
    assert_eq!((code, &*stdout, &*stderr), (Some(0), "cn-north-4\n", ""));
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
