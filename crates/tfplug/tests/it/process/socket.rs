//! Where the plugin listens.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::support::{signal, unruly, within};
use tfplug::internals::Raw as _;

#[tokio::test]
async fn the_socket_is_for_this_user_alone_and_goes_with_the_process() {
    for way in ["Shutdown", "-TERM"] {
        let temporary = tempfile::tempdir().unwrap();
        let mut plugin = within(unruly().variable("TMPDIR", temporary.path()).start()).await.unwrap();
        let handshake = plugin.handshake().unwrap();
        let socket = PathBuf::from(&handshake.address);
        let directory = socket.parent().unwrap();
        assert_eq!((&*handshake.network, directory.parent()), ("unix", Some(temporary.path())));
        assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        if way == "Shutdown" {
            within(within(plugin.connect()).await.unwrap().shutdown()).await.unwrap();
        } else {
            signal(&plugin, way).await;
        }
        let code = within(plugin.wait()).await.unwrap().code();
        assert_eq!(code, Some(if way == "Shutdown" { 0 } else { 143 }));
        assert_eq!(temporary.path().read_dir().unwrap().count(), 0, "{way} leaves nothing behind");
    }
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
        let spawn = unruly().variable("TMPDIR", &parent);
        let spawn = spawn.variable("PLUGIN_MIN_PORT", "23450").variable("PLUGIN_MAX_PORT", "23455");
        let plugin = within(spawn.start()).await.unwrap();
        let address = plugin.handshake().unwrap().address.clone();
        let port: u16 = address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
        assert!((23_450..=23_455).contains(&port), "{}: {address}", parent.display());
        assert!(within(plugin.connect()).await.unwrap().schema().await.is_ok());
        plugins.push(plugin);
    }
}
