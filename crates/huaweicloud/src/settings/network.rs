//! Network settings: TLS and proxies.

use secrecy::ExposeSecret;
use url::Url;
use zeroize::Zeroizing;

use super::arguments::ArgumentError;
use super::catalog::{CACERT_FILE, CERT, HTTPS_PROXY, INSECURE, KEY, NO_PROXY};
use super::environment::BYTE_ORDER_MARK;
use super::given::Given;
use super::lookup::Lookup;
use crate::endpoints::{Endpoints, IAM, STS, Service};
use crate::network::proxy::Proxies;
use crate::network::tls::Tls;

/// Prefix of PEM text; anything else is a path.
const PEM: &str = "-----BEGIN";

pub(super) fn tls(lookup: &mut Lookup<'_>) -> Tls {
    let mut tls = Tls::default();
    tls.insecure = insecure(lookup);
    if let Some(given) = lookup.text(CACERT_FILE, lookup.arguments.cacert_file.as_deref()) {
        let trusted = load(lookup, &given, false).and_then(|pem| tls.trust(&pem));
        if let Err(reason) = trusted {
            let rule = format!(
                "is not usable: {reason}. Set it to certificates in PEM format, as a path or as text"
            );
            lookup.reject(&given, "CA bundle not usable", &rule);
        }
    }
    client_certificate(lookup, &mut tls);
    tls
}

fn client_certificate(lookup: &mut Lookup<'_>, tls: &mut Tls) {
    const SUMMARY: &str = "Client certificate not usable";
    let certificate = lookup.text(CERT, lookup.arguments.cert.as_deref());
    let key = lookup.text(KEY, lookup.arguments.key.as_ref().map(ExposeSecret::expose_secret));
    match (&certificate, &key) {
        (None, None) => {}
        (Some(given), None) => {
            lookup.complain(&given.source, SUMMARY, &format!("requires its private key: set {KEY}"));
        }
        (None, Some(given)) => {
            lookup.complain(&given.source, SUMMARY, &format!("requires its certificate: set {CERT}"));
        }
        (Some(certificate), Some(key)) => {
            let chain = load(lookup, certificate, false).map_err(|reason| (reason, &certificate.source));
            let shown = chain.and_then(|chain| {
                let key = load(lookup, key, true).map_err(|reason| (reason, &key.source))?;
                tls.show(&chain, &key).map_err(|reason| (reason, &certificate.source))
            });
            if let Err((reason, source)) = shown {
                lookup.complain(source, SUMMARY, &format!("is not usable: {reason}"));
            }
        }
    }
    drop(key.map(|key| Zeroizing::new(key.value)));
}

/// Returns the proxies for requests to these services, and to those that supply credentials.
pub(super) fn proxies(
    lookup: &mut Lookup<'_>,
    services: &[Service],
    endpoints: &Endpoints,
    region: Option<&str>,
) -> Proxies {
    let [https, none] = [HTTPS_PROXY, NO_PROXY].map(|names| lookup.variable(names));
    let [https_text, none_text] =
        [&https, &none].map(|given| given.as_ref().map(|given| given.value.as_str()));
    Proxies::parse(https_text, none_text).unwrap_or_else(|rule| {
        // What only loopback addresses and exceptions are left for is never used.
        let any = Proxies::parse(Some("http://proxy.invalid"), none_text).unwrap_or_default();
        let is_used = |service: Service| {
            let url = region.and_then(|region| endpoints.of(service, region).ok());
            let url = url.and_then(|endpoint| Url::parse(&endpoint.url("/", "")).ok());
            url.is_none_or(|url| any.of(&url).is_some())
        };
        let is_used = services.iter().copied().chain([IAM, STS]).any(is_used);
        if let Some(given) = https.as_ref().filter(|_| is_used) {
            lookup.reject(given, "Invalid proxy", &format!("is not usable: {rule}"));
        }
        Proxies::default()
    })
}

fn insecure(lookup: &mut Lookup<'_>) -> bool {
    let insecure = lookup.arguments.insecure.unwrap_or_else(|| {
        let Some(given) = lookup.variable(INSECURE.variables) else { return false };
        match given.value.trim() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            _ => {
                lookup.reject(&given, "Invalid insecure", "must be true or false");
                false
            }
        }
    });
    if insecure {
        let detail = "Server certificates are not verified: anyone on the network path can read the credentials and alter responses. To trust a private CA, use `cacert_file`.";
        lookup.warnings.push(ArgumentError::at("insecure", "TLS certificates are not checked", detail));
    }
    insecure
}

fn load(lookup: &Lookup<'_>, given: &Given, secret: bool) -> Result<Zeroizing<Vec<u8>>, String> {
    if given.value.contains(PEM) {
        let text = given.value.trim_start_matches(BYTE_ORDER_MARK);
        return Ok(Zeroizing::new(text.as_bytes().to_vec()));
    }
    // A value intended as the text of a key must not be repeated as if it were a path.
    let file = if secret { "the file" } else { &format!("the file {}", given.value) };
    lookup.environment.read(&given.value).map_err(|error| format!("{file} cannot be read: {error}"))
}
