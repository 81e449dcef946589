//! The host for tests, with processes that are no plugins. None of them may hang a test.
#![cfg(unix)]

use tfplug::internals::Raw as _;
use tfplug::testing::{HostError, Spawn};

use crate::support::{unruly, within};

fn shell(script: &str) -> Spawn {
    Spawn::new("/bin/sh").unwrap().argument("-c").argument(script)
}

async fn failure(spawn: Spawn) -> HostError {
    within(spawn.start()).await.expect_err("it is no plugin")
}

/// The classic: a line of the provider's own before the handshake. The process waits for a host and would do so for ever.
#[tokio::test]
async fn a_line_before_the_handshake_is_shown_and_the_process_is_killed() {
    let error = failure(shell("echo 'Hello!'; exec tail -f /dev/null")).await.to_string();
    assert!(
        error.starts_with(r#"the handshake line "Hello!\n" does not have six fields; it was killed"#),
        "{error}"
    );
}

#[tokio::test]
async fn a_process_that_ends_before_the_handshake_is_told_by_its_exit_code_and_its_last_words() {
    let error = failure(shell("echo 'no such library' >&2; exit 3")).await.to_string();
    let expected =
        "stdout was closed before the handshake; it ended with exit status: 3 and wrote: no such library\n";
    assert_eq!(error, expected);
}

/// The clock stands still, and goes on to the limit when nothing else happens.
#[tokio::test(start_paused = true)]
async fn a_process_that_says_nothing_is_not_waited_for_for_ever() {
    let error = shell("exec tail -f /dev/null").start().await.expect_err("it is no plugin").to_string();
    assert!(error.starts_with("there was no handshake line within 60s; it was killed"), "{error}");
}

#[tokio::test]
async fn a_line_without_an_end_is_cut() {
    let error = failure(shell("exec cat /dev/zero")).await.to_string();
    assert!(
        error.contains("has no end; it was killed"),
        "{}",
        error.chars().rev().take(200).collect::<String>()
    );
}

#[tokio::test]
async fn a_line_of_the_log_that_does_not_come_is_not_waited_for_for_ever() {
    let mut plugin = within(unruly().variable("TF_LOG", "trace").start()).await.unwrap();
    let host = within(plugin.connect()).await.unwrap();
    within(host.schema()).await.unwrap();
    within(plugin.logged("served request")).await.unwrap();
    tokio::time::pause();
    let error = plugin.logged_times("served request", 1_000).await.unwrap_err().to_string();
    assert!(error.starts_with(r#""served request" was not logged 1000 times, but: {"#), "{error}");
    assert!(error.contains("GetProviderSchema"), "{error}");
}
