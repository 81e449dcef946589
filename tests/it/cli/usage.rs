//! What the program says of its own command line.

use iotda_emulator::{Config, Emulator};

use super::{Run, run};

#[test]
fn a_wrong_command_line_is_one_line_and_where_to_find_help() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let long = "n".repeat(65);
    for (arguments, words) in [
        (&["read"][..], "set either --instance-id or --name"),
        (&["read", "--name", "a", "--instance-id", "b"], "set either --instance-id or --name"),
        (&["read", "--instance-id", "NOT-AN-ID"], "--instance-id: \"NOT-AN-ID\" is not an instance ID"),
        (&["read", "--name", ""], "--name: \"\" is not an instance name"),
        (&["read", "--name", &long], "is not an instance name: it must have 1 to 64 characters"),
        (&["read", "--name", "a", "--timeout", "soon"], "--timeout: \"soon\" is not a duration"),
        (&["read", "--name", "a", "--region", "X Y"], "--region: \"X Y\" is not a region"),
        (&["read", "--name", "a", "--field", ""], "--field: name a value"),
        (&["read", "--name", "a", "--name", "b"], "--name is set twice"),
        (&["read", "--nme", "a"], "invalid option '--nme'; did you mean --name?"),
        (&["read", "--regoin", "a"], "invalid option '--regoin'; did you mean --region?"),
        (&["read", "--everything"], "invalid option '--everything'\n"),
        (&["read", "--name"], "missing argument for option '--name'"),
        (&["doctor", "--name", "a"], "invalid option '--name'"),
        (&["doctor", "everything"], "unexpected argument \"everything\""),
        (&["doctor", "--timeout", "30"], "--timeout: \"30\" is not a duration"),
        (&["doctor", "--json=yes"], "unexpected argument for option '--json'"),
    ] {
        let Run { code, stdout, stderr } = run(&cloud, &[], arguments);
        let command = arguments[0];
        assert_eq!((code, &*stdout), (Some(2), ""), "{arguments:?}: {stderr}");
        let help = format!("\n\nFor more help, run: terraform-provider-iotda {command} --help\n");
        assert!(stderr.starts_with(&format!("error: {command}: ")), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words) && stderr.ends_with(&help), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 3, "{stderr}");
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
        (&["read", "-help"], &["--instance-id", "--field"]),
        (&["help", "read"], &["--instance-id", "--field"]),
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
