//! What a host says in the environment, and what a peer shows on the connection. Input: a byte that says what it is,
//! then lines of NAME=VALUE, a certificate in PEM, a certificate and a signature, or a handshake line.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tfplug::internals::{environment, signature};
use tfplug::testing::Handshake;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((kind, rest)) = input.split_first() else { return Corpus::Reject };
    let text = String::from_utf8_lossy(rest);
    match kind {
        b'e' => {
            let find = |name: &str| {
                let found =
                    text.lines().find_map(|line| line.split_once('=').filter(|(known, _)| *known == name));
                found.map(|(_, value)| value.to_owned())
            };
            environment(find);
        }
        b'c' => {
            environment(|name| (name == "PLUGIN_CLIENT_CERT").then(|| text.clone().into_owned()));
        }
        b's' => {
            let split = rest.first().map_or(0, |length| usize::from(*length)).min(rest.len());
            signature(&rest[split..], &rest[..split]);
        }
        _ => {
            let _ = text.parse::<Handshake>();
        }
    }
    Corpus::Keep
});
