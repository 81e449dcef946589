//! How to get there: TLS and proxies.

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::arguments::ArgumentError;
use super::lookup::{Given, Lookup};
use crate::network::proxy::Proxies;
use crate::network::tls::Tls;

/// PEM text begins like this; anything else is a path.
const PEM: &str = "-----BEGIN";

pub(super) fn tls(lookup: &mut Lookup<'_>) -> Tls {
    let mut tls = Tls::default();
    tls.insecure = insecure(lookup);
    let arguments = lookup.arguments;
    if let Some(given) =
        lookup.text("cacert_file", arguments.cacert_file.as_deref(), &["OS_CACERT"], |_| None)
    {
        let trusted = load(lookup, &given, false).and_then(|pem| tls.trust(&pem));
        if let Err(reason) = trusted {
            let rule =
                format!("is not usable: {reason}. Give certificates in PEM format, by their path or as text");
            lookup.complain(&given.origin, "CA bundle not usable", &rule);
        }
    }
    let certificate = lookup.text("cert", arguments.cert.as_deref(), &["OS_CERT"], |_| None);
    let key = arguments.key.as_ref().map(ExposeSecret::expose_secret);
    let key = lookup
        .text("key", key, &["OS_KEY"], |_| None)
        .map(|given| (Zeroizing::new(given.value), given.origin));
    match (certificate, key) {
        (None, None) => {}
        (Some(given), None) => lookup.complain(
            &given.origin,
            "Client certificate not usable",
            "needs its private key: set `key` (or OS_KEY)",
        ),
        (None, Some((_, origin))) => lookup.complain(
            &origin,
            "Client certificate not usable",
            "needs its certificate: set `cert` (or OS_CERT)",
        ),
        (Some(certificate), Some((key, key_origin))) => {
            let key = Given { value: key.to_string(), origin: key_origin };
            let pair = load(lookup, &certificate, false).map_err(|reason| (reason, &certificate.origin));
            let pair = pair.and_then(|chain| {
                Ok((chain, load(lookup, &key, true).map_err(|reason| (reason, &key.origin))?))
            });
            let shown = pair.and_then(|(chain, key)| {
                tls.show(&chain, &key).map_err(|reason| (reason, &certificate.origin))
            });
            if let Err((reason, origin)) = shown {
                lookup.complain(origin, "Client certificate not usable", &format!("is not usable: {reason}"));
            }
            drop(Zeroizing::new(key.value));
        }
    }
    tls
}

pub(super) fn proxies(lookup: &mut Lookup<'_>) -> Proxies {
    let https = lookup.variable(&["HTTPS_PROXY", "https_proxy"]);
    let none = lookup.variable(&["NO_PROXY", "no_proxy"]);
    let texts = [&https, &none].map(|given| given.as_ref().map(|given| given.value.as_str()));
    let [https_text, none_text] = texts;
    Proxies::parse(https_text, none_text).unwrap_or_else(|rule| {
        if let Some(given) = &https {
            lookup.complain(&given.origin, "Invalid proxy", &format!("is not usable: {rule}"));
        }
        Proxies::default()
    })
}

fn insecure(lookup: &mut Lookup<'_>) -> bool {
    let insecure = lookup.arguments.insecure.unwrap_or_else(|| {
        let Some(given) = lookup.variable(&["HW_INSECURE", "OS_INSECURE"]) else { return false };
        match given.value.trim() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            _ => {
                lookup.complain(&given.origin, "Invalid insecure", "must be true or false");
                false
            }
        }
    });
    if insecure {
        let detail = "Certificates of servers are not checked, so anyone on the way can read the credentials and change the answers. For a private authority use `cacert_file`.";
        lookup.warnings.push(ArgumentError::at("insecure", "TLS certificates are not checked", detail));
    }
    insecure
}

fn load(lookup: &Lookup<'_>, given: &Given, secret: bool) -> Result<Zeroizing<Vec<u8>>, String> {
    if given.value.contains(PEM) {
        return Ok(Zeroizing::new(given.value.clone().into_bytes()));
    }
    lookup.environment.read(&given.value).map_err(|error| {
        // What was meant as the text of a key must not be repeated as if it were a path.
        if secret {
            format!("the file cannot be read: {error}")
        } else {
            format!("the file {} cannot be read: {error}", given.value)
        }
    })
}
