//! Started by a person, and started by a host that makes no sense.

use crate::support::{end_of, unruly, within};
use tfplug::internals::Raw as _;

#[tokio::test]
async fn without_the_cookie_it_says_what_it_is() {
    for spawn in [
        unruly().without("TF_PLUGIN_MAGIC_COOKIE"),
        unruly().variable("TF_PLUGIN_MAGIC_COOKIE", "of another program"),
        unruly().variable("TF_PLUGIN_MAGIC_COOKIE", ""),
    ] {
        let ended = end_of(&spawn).await;
        assert_eq!((ended.code, &*ended.stdout), (Some(1), ""));
        assert!(ended.stderr.contains("is a Terraform and OpenTofu plugin"), "{}", ended.stderr);
        assert!(ended.stderr.contains("registry.terraform.io/example/unruly"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_person_may_ask_for_the_version_and_for_help() {
    for (argument, answer) in [
        ("--version", "terraform-provider-unruly 1.2.3\n"),
        ("-version", "terraform-provider-unruly 1.2.3\n"),
        ("--help", "terraform-provider-unruly 1.2.3 is a Terraform and OpenTofu plugin"),
        ("-h", "terraform-provider-unruly 1.2.3 is a Terraform and OpenTofu plugin"),
    ] {
        let ended = end_of(&unruly().without("TF_PLUGIN_MAGIC_COOKIE").argument(argument)).await;
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{argument}");
        assert!(ended.stdout.starts_with(answer), "{argument}: {}", ended.stdout);
    }
    let ended = end_of(&unruly().without("TF_PLUGIN_MAGIC_COOKIE").argument("--verbose")).await;
    assert_eq!((ended.code, &*ended.stdout), (Some(2), ""));
    assert!(ended.stderr.starts_with("error: unknown argument `--verbose`"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_host_that_calls_is_served_whatever_the_arguments() {
    for argument in ["--version", "--help", "--debug", "nonsense"] {
        let plugin = within(unruly().argument(argument).start()).await.unwrap();
        let host = within(plugin.connect()).await.unwrap();
        assert!(host.schema().await.unwrap().provider.is_some(), "{argument}");
    }
}

#[tokio::test]
async fn variables_that_make_no_sense_are_named() {
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    for (name, value) in [
        ("PLUGIN_CLIENT_CERT", "rubbish"),
        ("PLUGIN_CLIENT_CERT", broken),
        ("PLUGIN_MIN_PORT", "ten thousand"),
        ("PLUGIN_MIN_PORT", "0"),
        ("PLUGIN_MIN_PORT", "25001"),
        ("PLUGIN_MAX_PORT", "65536"),
    ] {
        let ended = end_of(&unruly().variable(name, value)).await;
        assert_eq!(ended.code, Some(1), "{name}={value}");
        let start = "registry.terraform.io/example/unruly 1.2.3 cannot start: the variable PLUGIN_";
        assert!(ended.stdout.starts_with(start), "hosts show the first line: {}", ended.stdout);
        assert!(ended.stdout.lines().count() == 1 && !ended.stdout.contains('|'), "{}", ended.stdout);
        assert_eq!(ended.stderr.trim_end(), format!("[ERROR] {}", ended.stdout.trim_end()));
    }
}

/// A certificate that cannot be read is not the same as none: that would mean plaintext.
#[cfg(unix)]
#[tokio::test]
async fn a_certificate_that_is_no_text_does_not_turn_tls_off() {
    use std::os::unix::ffi::OsStringExt as _;
    let ended =
        end_of(&unruly().variable("PLUGIN_CLIENT_CERT", std::ffi::OsString::from_vec(vec![0xff, 0xfe])))
            .await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stdout.contains("PLUGIN_CLIENT_CERT"), "{}", ended.stdout);
}

/// Both ways to listen, and why neither is one.
#[cfg(unix)]
#[tokio::test]
async fn where_nothing_can_be_listened_on_both_reasons_are_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let spawn = unruly().variable("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent");
    let ended = end_of(&spawn.variable("PLUGIN_MIN_PORT", &*port).variable("PLUGIN_MAX_PORT", &*port)).await;
    assert_eq!(ended.code, Some(1));
    let reasons =
        ["no socket in /nonexistent (No such file or directory", &format!("no port from {port} to {port} (")];
    for reason in reasons {
        assert!(ended.stdout.contains(reason), "{}", ended.stdout);
    }
}

/// A machine that is short of descriptors: the limit is named, and nothing panics.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn without_descriptors_it_says_so() {
    for limit in 4..=12 {
        let shell = tfplug::testing::Spawn::new("/bin/sh").unwrap().argument("-c");
        let script = format!("ulimit -n {limit}; exec \"$0\"");
        let ended = end_of(&shell.argument(script).argument(crate::support::example("unruly"))).await;
        assert_eq!(ended.code, Some(1), "{limit}: {}", ended.stderr);
        assert!(
            ended.stdout.contains("cannot start: the limit on open files is too low"),
            "{limit}: {}",
            ended.stdout
        );
    }
}
