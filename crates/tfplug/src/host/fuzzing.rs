//! A way in for the fuzzers, which check what must hold for any input.
#![allow(missing_docs, reason = "for fuzzers")]

use rustls::pki_types::CertificateDer;
use tracing::level_filters::LevelFilter;

use super::environment::Offer;
use super::tls;
use crate::log::Levels;

/// Reads the environment of a process as the start does; true where the plugin would have served.
pub fn environment(variable: impl Fn(&str) -> Option<String>) -> bool {
    let _ = Levels::from_environment("fuzzed", LevelFilter::WARN, &variable);
    let Ok(offer) = Offer::from_environment(variable) else { return false };
    assert!(*offer.ports.start() > 0 && !offer.ports.is_empty());
    offer.certificate.is_none_or(|certificate| tls::identity(certificate).is_ok())
}

/// Checks a signature with the key of a certificate, both from a peer: there is none to be had by chance.
pub fn signature(certificate: &[u8], signature: &[u8]) {
    let certificate = CertificateDer::from(certificate.to_vec());
    assert!(tls::verify_p521(b"what was never signed", &certificate, signature).is_err());
}
