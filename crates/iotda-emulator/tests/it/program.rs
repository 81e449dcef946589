//! The program, as a shell has it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use iotda_emulator::ids;

use crate::client::{Call, Key};

const PROGRAM: &str = env!("CARGO_BIN_EXE_iotda-emulator");

fn output(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

/// A running program, which ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It fails for a child that has ended, as it is meant to.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn it_serves_until_it_is_ended() {
    let arguments = ["--quiet", "--instances", "4"];
    let mut running = Running(Command::new(PROGRAM).args(arguments).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").unwrap().parse().unwrap();
    let list = Call::get(format!("/v5/iot/{}/iotda-instances", ids::PROJECT_ID)).signed(&Key::demo());
    assert_eq!(list.try_send(address).unwrap().json()["count"], 5);

    // Windows has no signal that one process could send to another.
    #[cfg(unix)]
    {
        let interrupted = Command::new("kill").args(["-INT", &running.0.id().to_string()]).status().unwrap();
        assert!(interrupted.success());
        assert!(running.0.wait().unwrap().success());
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    let help = output(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--scenario FILE"));
    let version = output(&["-V"]);
    assert_eq!(
        String::from_utf8_lossy(&version.stdout),
        format!("iotda-emulator {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn mistakes_end_it_with_code_2() {
    let folder = std::env::temp_dir().join(format!("iotda-emulator-program-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let scenario = folder.join("bad.json");
    std::fs::write(&scenario, r#"{ "accounts": [{ "id": "a" }] }"#).unwrap();
    let bad_scenario = output(&["--scenario", scenario.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&bad_scenario.stderr);
    assert!(said.contains("bad.json: accounts[0]: missing field `name`"), "{said}");
    for refused in [bad_scenario, output(&["--nonsense"])] {
        assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(2), b"".as_slice()));
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_is_a_mistake() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let odd = OsStr::from_bytes(b"\xff");
    for arguments in [[odd].as_slice(), &[OsStr::new("--listen"), odd], &[OsStr::from_bytes(b"--\xff")]] {
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && !said.contains("panicked"), "{said}");
    }
}
