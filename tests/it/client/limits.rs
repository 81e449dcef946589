//! Limits of the system that the program meets.

use std::process::Command;

/// The program with so many descriptors, at an address that refuses connections or by a name that nobody has.
fn read(descriptors: u32, endpoint: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_terraform-provider-iotda");
    let output = Command::new("sh")
        .args(["-c", "ulimit -n \"$0\" && exec \"$1\" read --instance-id 0a --timeout 5s"])
        .args([&descriptors.to_string(), program])
        .env_clear()
        .envs([
            ("HW_REGION_NAME", "cn-north-4"),
            ("HW_ACCESS_KEY", "ACCESSKEY"),
            ("HW_SECRET_KEY", "planted-secret-key"),
            ("HW_PROJECT_ID", "0123456789abcdef0123456789abcdef"),
            ("HW_IOTDA_MGMT_ENDPOINT", endpoint),
            ("HW_MAX_RETRIES", "0"),
        ])
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn too_few_descriptors_are_named_and_never_a_panic() {
    for endpoint in ["https://127.0.0.1:1", "https://iotda.invalid"] {
        let mut named = 0;
        for descriptors in 5..=20 {
            let (code, stderr) = read(descriptors, endpoint);
            if stderr.contains("error while loading shared libraries") {
                continue;
            }
            assert_eq!(code, Some(1), "{descriptors}: {stderr}");
            assert!(!stderr.contains("panicked"), "{descriptors}: {stderr}");
            if stderr.contains("refused the connection") || stderr.contains("Host name not resolved") {
                assert!(descriptors >= 9, "{descriptors}: {stderr}");
            } else {
                assert!(stderr.contains("`ulimit -n`"), "{descriptors}: {stderr}");
                named += 1;
            }
        }
        assert!((4..14).contains(&named), "{named}");
    }
}
