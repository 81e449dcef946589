//! Exactly one peer is let in.

use tfplug::internals::Raw as _;
use tfplug::testing::{Identity, Plugin, Spawn};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{on_a_port, unruly, within};

const HOST: (&str, &str) =
    (include_str!("../../fixtures/host-p521.crt"), include_str!("../../fixtures/host-p521.key"));
const STRANGER: (&str, &str) =
    (include_str!("../../fixtures/stranger-p521.crt"), include_str!("../../fixtures/stranger-p521.key"));

fn identity((certificate, key): (&str, &str)) -> Identity {
    Identity::from_pem(certificate, key).unwrap()
}

fn generated(algorithm: &'static rcgen::SignatureAlgorithm) -> Identity {
    let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
    let parameters = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    identity((&parameters.self_signed(&key).unwrap().pem(), &key.serialize_pem()))
}

/// A plugin that a host started with this identity.
async fn started_by(identity: &Identity) -> Plugin {
    within(on_a_port().identity(identity.clone()).start()).await.unwrap()
}

/// Whether a call receives a response: with TLS 1.3 a client learns only then that its certificate is rejected.
async fn answers(plugin: &Plugin, identity: Option<&Identity>, protocols: &[&[u8]]) -> bool {
    match within(plugin.connect_offering(identity, protocols)).await {
        Ok(host) => within(host.schema()).await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn the_host_is_let_in_whatever_its_key() {
    for (name, identity) in [
        ("P-521, as Terraform has it", identity(HOST)),
        ("P-256", generated(&rcgen::PKCS_ECDSA_P256_SHA256)),
        ("P-384", generated(&rcgen::PKCS_ECDSA_P384_SHA384)),
        ("Ed25519", generated(&rcgen::PKCS_ED25519)),
    ] {
        let plugin = started_by(&identity).await;
        assert!(answers(&plugin, Some(&identity), &[b"h2"]).await, "{name}: {}", plugin.log());
    }
}

#[tokio::test]
async fn nobody_else_is_let_in() {
    let (host, stranger) = (identity(HOST), identity(STRANGER));
    let p256 = generated(&rcgen::PKCS_ECDSA_P256_SHA256);
    for (name, intruder) in [
        ("a stranger's certificate", Some(stranger.clone())),
        ("a stranger's certificate on another curve", Some(p256.clone())),
        ("the host's certificate with a stranger's key", Some(host.with_key_of(&stranger))),
        ("the host's certificate with a key on another curve", Some(host.with_key_of(&p256))),
        ("no certificate", None),
    ] {
        let mut plugin = started_by(&host).await;
        assert!(!answers(&plugin, intruder.as_ref(), &[b"h2"]).await, "{name}");
        within(plugin.logged("refused a connection that is not the host's")).await.unwrap();
        assert!(answers(&plugin, Some(&host), &[b"h2"]).await, "{name}: and the host is still let in");
    }
}

#[tokio::test]
async fn the_host_may_leave_the_application_protocol_open_but_not_ask_for_another() {
    let host = identity(HOST);
    let plugin = started_by(&host).await;
    for (protocols, accepted) in
        [(&[][..], true), (&[&b"h2"[..]][..], true), (&[b"http/1.1", b"h2"], true), (&[b"http/1.1"], false)]
    {
        assert_eq!(answers(&plugin, Some(&host), protocols).await, accepted, "{protocols:?}");
    }
}

/// The bytes that a plugin sends in response to some bytes, until it closes the connection.
async fn answer(plugin: &Plugin, bytes: &[u8]) -> Vec<u8> {
    let mut connection = within(plugin.open()).await.unwrap();
    // The plugin may close the connection in the middle.
    let _ = connection.write_all(bytes).await;
    let _ = connection.shutdown().await;
    let mut answer = Vec::new();
    let _ = within(connection.read_to_end(&mut answer)).await;
    answer
}

/// What a client that knows TLS 1.2 only says first.
fn hello_of_tls_1_2() -> Vec<u8> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let mut client =
        rustls::ClientConnection::new(std::sync::Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut hello = Vec::new();
    client.write_tls(&mut hello).unwrap();
    hello
}

#[tokio::test]
async fn what_is_no_tls_1_3_gets_an_alert_at_most() {
    let host = identity(HOST);
    let plugin = started_by(&host).await;
    for (name, bytes) in [
        ("TLS 1.2", hello_of_tls_1_2()),
        ("plaintext HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        ("plaintext HTTP/1.1", b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec()),
        ("zeros", vec![0; 1_000]),
        ("a record that never ends", [&[22, 3, 1, 0x40, 0][..], &[1; 100]].concat()),
        ("nothing", Vec::new()),
    ] {
        let answer = answer(&plugin, &bytes).await;
        // An alert is a record of type 21, of two bytes.
        assert!(matches!(answer[..], [] | [21, _, _, 0, 2, 2, _]), "{name}: {answer:?}");
    }
    assert_eq!(answer(&plugin, &hello_of_tls_1_2()).await.last(), Some(&70), "protocol_version");
    assert!(answers(&plugin, Some(&host), &[b"h2"]).await);
}

#[tokio::test]
async fn silent_connections_hold_nobody_up() {
    for (spawn, has_port) in [(unruly(), false), (on_a_port(), true)] {
        let plugin = within(spawn.start()).await.unwrap();
        let before = if has_port { Some(within(plugin.connect()).await.unwrap()) } else { None };
        let mut silent = Vec::new();
        for _ in 0..200 {
            silent.push(within(plugin.open()).await.unwrap());
        }
        if let Some(before) = before {
            assert!(within(before.schema()).await.is_ok(), "a connection that was there before");
        }
        let after = within(plugin.connect()).await.unwrap();
        assert!(within(after.schema()).await.is_ok(), "a connection that came after");
    }
}

#[tokio::test]
async fn without_a_certificate_the_host_asks_for_plaintext() {
    let spawns: [Spawn; 2] = [unruly().plaintext(), unruly().plaintext().variable("PLUGIN_CLIENT_CERT", "")];
    for spawn in spawns {
        let plugin = within(spawn.start()).await.unwrap();
        assert!(plugin.handshake().unwrap().certificate.is_empty());
        assert!(answers(&plugin, None, &[]).await);
    }
}
