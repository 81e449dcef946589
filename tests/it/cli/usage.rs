//! What the program says of its own command line.

use iotda_emulator::{Config, Emulator};

use super::{Run, run};

#[test]
fn a_wrong_command_line_is_told_with_the_usage_of_its_command() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for (arguments, words) in [
        (&["read"][..], "error: read: give either --instance-id or --name"),
        (&["read", "--name", "a", "--instance-id", "b"], "error: read: give either --instance-id or --name"),
        (
            &["read", "--instance-id", "NOT-AN-ID"],
            "error: read: --instance-id: The value must be an instance ID",
        ),
        (
            &["read", "--name", "a", "--timeout", "soon"],
            "error: read: --timeout: The value must be a duration",
        ),
        (&["read", "--name", "a", "--region", "X Y"], "error: read: --region: The value must be a region"),
        (&["read", "--name", "a", "--name", "b"], "error: read: --name is given twice"),
        (&["read", "--nme", "a"], "error: read: invalid option '--nme'"),
        (&["read", "--name"], "error: read: missing argument for option '--name'"),
        (&["doctor", "--name", "a"], "error: doctor: invalid option '--name'"),
        (&["doctor", "everything"], "error: doctor: unexpected argument \"everything\""),
        (&["doctor", "--timeout", "30"], "error: doctor: --timeout must be a duration"),
        (&["doctor", "--json=yes"], "error: doctor: unexpected argument for option '--json'"),
    ] {
        let Run { code, stdout, stderr } = run(&cloud, &[], arguments);
        assert_eq!((code, &*stdout), (Some(2), ""), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with(words), "{arguments:?}: {stderr}");
        let usage = format!("Usage: terraform-provider-iotda {} ", arguments[0]);
        assert!(stderr.contains(&usage), "{arguments:?}: {stderr}");
    }
    assert_eq!(cloud.request_count(), 0);
}

#[test]
fn help_lists_the_commands_and_each_command_its_options() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for (arguments, parts) in [
        (&["--help"][..], &["--debug", "\nread    ", "\ndoctor  "][..]),
        (&["read", "--help"], &["--instance-id", "--wait", "Exit codes"]),
        (&["doctor", "-h"], &["--region", "--timeout", "Exit codes"]),
    ] {
        let Run { code, stdout, stderr } = run(&cloud, &[], arguments);
        assert_eq!((code, &*stderr), (Some(0), ""), "{arguments:?}");
        assert!(parts.iter().all(|part| stdout.contains(part)), "{arguments:?}: {stdout}");
    }
}

#[test]
fn a_host_is_never_taken_for_a_person() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    let called = [("TF_PLUGIN_MAGIC_COOKIE", cookie), ("PLUGIN_MIN_PORT", "nonsense")];
    for command in ["read", "doctor"] {
        let Run { code, stderr, .. } = run(&cloud, &called, &[command, "--help"]);
        assert!(code == Some(1) && stderr.contains("PLUGIN_MIN_PORT"), "{stderr}");
    }
}
