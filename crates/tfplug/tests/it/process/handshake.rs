//! The one line on stdout.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tfplug::internals::Raw as _;
use tfplug::testing::{Handshake, Spawn};

use crate::support::{served, unruly, within};

/// The line, byte for byte.
fn line(spawn: &Spawn) -> String {
    let temporary = tempfile::tempdir().unwrap();
    let spawn = spawn.clone().variable("TMPDIR", temporary.path());
    let mut child =
        spawn.command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    line
}

#[test]
fn the_line_has_six_fields_and_a_certificate_without_padding() {
    let line = line(&unruly());
    let fields: Vec<_> = line.strip_suffix('\n').unwrap().split('|').collect();
    assert_eq!((fields.len(), fields[0], fields[1], fields[4]), (6, "1", "6", "grpc"), "{line}");
    let certificate = STANDARD_NO_PAD.decode(fields[5]).unwrap();
    // Hosts take 50 characters and less for no certificate.
    assert!(!fields[5].contains('=') && certificate.len() > 50);
    assert_eq!(certificate[0], 0x30, "DER begins with a sequence");
    let again = line.parse::<Handshake>().unwrap();
    assert_eq!((again.network.as_str(), again.certificate), (fields[2], certificate));
}

#[test]
fn without_tls_the_last_field_is_empty() {
    for spawn in [unruly().plaintext(), unruly().plaintext().variable("PLUGIN_CLIENT_CERT", "")] {
        assert!(line(&spawn).ends_with("|grpc|\n"));
    }
}

#[tokio::test]
async fn protocol_6_is_taken_wherever_the_host_lists_it() {
    for versions in ["5,6", "6,5", "6"] {
        let mut plugin =
            within(unruly().variable("PLUGIN_PROTOCOL_VERSIONS", versions).start()).await.unwrap();
        within(within(plugin.connect()).await.unwrap().shutdown()).await.unwrap();
        assert_eq!(within(plugin.log_to_end()).await, "", "{versions}");
    }
}

/// The host reads the version in the line and refuses; the user finds the reason in its log.
#[tokio::test]
async fn a_host_of_protocol_5_alone_is_told_so() {
    let mut plugin = within(unruly().variable("PLUGIN_PROTOCOL_VERSIONS", "5").start()).await.unwrap();
    within(plugin.logged("speaks plugin protocol 6, and this host only 5")).await.unwrap();
}

#[tokio::test]
async fn nothing_follows_the_line() {
    let (mut plugin, host) = served().await;
    host.schema().await.unwrap();
    within(host.shutdown()).await.unwrap();
    drop(host);
    assert_eq!(within(plugin.rest_of_stdout()).await.unwrap(), "");
    assert!(within(plugin.wait()).await.unwrap().success());
}

#[test]
fn every_process_has_a_certificate_of_its_own() {
    let certificate = |line: String| line.rsplit('|').next().map(str::to_owned);
    assert_ne!(certificate(line(&unruly())), certificate(line(&unruly())));
}

/// A host that is gone before it reads the line leaves a pipe that nobody reads.
#[test]
fn a_closed_stdout_is_an_error() {
    let mut command = unruly().command();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    drop(command);
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(log.starts_with("[ERROR] registry.terraform.io/example/unruly 1.2.3 cannot start: "), "{log}");
}
