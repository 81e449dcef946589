//! Where the plugin listens.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tfplug::internals::Raw as _;

use crate::support::{signal, unruly, within};

#[tokio::test]
async fn the_socket_is_for_this_user_alone_and_goes_once_the_provider_is_configured() {
    let temporary = tempfile::tempdir().unwrap();
    let plugin = within(unruly().variable("TMPDIR", temporary.path()).start()).await.unwrap();
    let handshake = plugin.handshake().unwrap();
    let socket = PathBuf::from(&handshake.address);
    let directory = socket.parent().unwrap();
    assert_eq!((&*handshake.network, directory.parent()), ("unix", Some(temporary.path())));
    assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let host = within(plugin.connect()).await.unwrap();
    assert!(within(host.schema()).await.is_ok());
    assert!(within(plugin.connect()).await.unwrap().schema().await.is_ok());
    within(host.configure(&serde_json::json!({}))).await.unwrap();
    // A process that is killed then leaves nothing.
    within(async {
        while directory.exists() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(within(host.schema()).await.is_ok());
}

#[tokio::test]
async fn a_process_that_ends_takes_its_socket_along() {
    let temporary = tempfile::tempdir().unwrap();
    let mut plugin = within(unruly().variable("TMPDIR", temporary.path()).start()).await.unwrap();
    assert_eq!(temporary.path().read_dir().unwrap().count(), 1);
    signal(&plugin, "-TERM").await;
    assert_eq!(within(plugin.wait()).await.unwrap().code(), Some(143));
    assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_killed_process_left_is_removed_by_the_next() {
    let temporary = tempfile::tempdir().unwrap();
    let dead = temporary.path().join("tfplug-0123456789abcdef");
    std::fs::create_dir(&dead).unwrap();
    let long_ago = std::fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
    std::fs::File::open(&dead).unwrap().set_times(long_ago).unwrap();
    let plugin = within(unruly().variable("TMPDIR", temporary.path()).start()).await.unwrap();
    let _host = within(plugin.connect()).await.unwrap();
    within(async {
        while dead.exists() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(Path::new(&plugin.handshake().unwrap().address).exists());
}

#[tokio::test]
async fn a_temporary_directory_that_cannot_be_used_is_passed_over() {
    let runtime = tempfile::tempdir().unwrap();
    for (temporary, expected) in [("/nonexistent", runtime.path()), ("", runtime.path())] {
        let spawn = unruly().variable("TMPDIR", temporary).variable("XDG_RUNTIME_DIR", runtime.path());
        let plugin = within(spawn.start()).await.unwrap();
        assert!(Path::new(&plugin.handshake().unwrap().address).starts_with(expected), "{temporary:?}");
    }
    let plugin = unruly().variable("TMPDIR", "/nonexistent").without("XDG_RUNTIME_DIR").start();
    let plugin = within(plugin).await.unwrap();
    assert!(plugin.handshake().unwrap().address.starts_with("/tmp/tfplug-"));
}

#[tokio::test]
async fn the_host_may_say_where_sockets_go() {
    let (temporary, named) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let spawn =
        unruly().variable("TMPDIR", temporary.path()).variable("PLUGIN_UNIX_SOCKET_DIR", named.path());
    let plugin = within(spawn.start()).await.unwrap();
    assert!(Path::new(&plugin.handshake().unwrap().address).starts_with(named.path()));
    assert!(within(plugin.connect()).await.unwrap().schema().await.is_ok());
}

/// One port for each process: those of the range that are taken are passed over.
#[tokio::test]
async fn where_no_socket_can_be_a_loopback_port_of_the_range_is_taken() {
    let temporary = tempfile::tempdir().unwrap();
    let long = temporary.path().join("x".repeat(100));
    std::fs::create_dir(&long).unwrap();
    let file = temporary.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut plugins = Vec::new();
    for parent in [long, file, temporary.path().join("absent")] {
        let spawn = unruly().variable("PLUGIN_UNIX_SOCKET_DIR", &parent);
        let spawn = spawn.variable("PLUGIN_MIN_PORT", "23450").variable("PLUGIN_MAX_PORT", "23455");
        let plugin = within(spawn.start()).await.unwrap();
        let address = plugin.handshake().unwrap().address.clone();
        let port: u16 = address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
        assert!((23_450..=23_455).contains(&port), "{}: {address}", parent.display());
        assert!(within(plugin.connect()).await.unwrap().schema().await.is_ok());
        plugins.push(plugin);
    }
}
