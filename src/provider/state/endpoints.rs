//! Conversion of access addresses to endpoints: one for each access type, with URLs.

use std::collections::BTreeMap;

use super::attributes::Endpoint;
use super::note::Note;
use crate::iotda::AccessInfo;

/// URL schemes of an access type, with TLS and without.
struct Schemes {
    tls: &'static str,
    plain: &'static str,
    websocket_path: &'static str,
}

fn schemes(access_type: &str) -> Option<Schemes> {
    let (tls, plain, websocket_path) = match access_type {
        "APP_HTTPS" | "DEVICE_HTTPS" => ("https", "http", ""),
        "APP_AMQP" => ("amqps", "amqp", ""),
        "APP_MQTT" | "DEVICE_MQTT" => ("mqtts", "mqtt", "/mqtt"),
        "DEVICE_COAP" => ("coaps", "coap", ""),
        _ => return None,
    };
    Some(Schemes { tls, plain, websocket_path })
}

/// Returns one endpoint for each type. If a type occurs more than once, entries with a domain name and a port are
/// preferred, and among those the one that sorts first.
pub(super) fn endpoints(infos: &[AccessInfo], notes: &mut Vec<Note>) -> BTreeMap<String, Endpoint> {
    let mut endpoints = BTreeMap::new();
    for info in infos {
        let Some(access_type) = info.kind.as_deref().filter(|access_type| !access_type.is_empty()) else {
            continue;
        };
        let endpoint = endpoint(access_type, info);
        match endpoints.get_mut(access_type) {
            None => {
                endpoints.insert(access_type.to_owned(), endpoint);
            }
            Some(taken) => {
                let note = Note::AccessTypeTwice(access_type.to_owned());
                if !notes.contains(&note) {
                    notes.push(note);
                }
                if rank(&endpoint) < rank(taken) {
                    *taken = endpoint;
                }
            }
        }
    }
    endpoints
}

/// Returns the sort key; the smallest is preferred. Keys differ only for different endpoints, so the API's order has no
/// influence.
fn rank(endpoint: &Endpoint) -> impl Ord {
    /// Sorts missing values last.
    fn last<T>(value: Option<T>) -> (bool, Option<T>) {
        (value.is_none(), value)
    }
    (
        endpoint.host_port.is_none(),
        last(endpoint.domain_name.as_deref()),
        last(endpoint.port),
        last(endpoint.non_tls_port),
        last(endpoint.websocket_port),
        [&endpoint.private_addresses, &endpoint.public_address, &endpoint.ipv6_address],
    )
}

fn endpoint(access_type: &str, info: &AccessInfo) -> Endpoint {
    let host = info.host_name();
    let schemes = schemes(access_type);
    let url = |scheme: Option<&str>, port: Option<i64>, path: &str| {
        let (scheme, host, port) = (scheme?, host?, valid_port(port)?);
        let usual = matches!((scheme, port), ("https" | "wss", 443) | ("http", 80));
        Some(if usual {
            format!("{scheme}://{host}{path}")
        } else {
            format!("{scheme}://{host}:{port}{path}")
        })
    };
    let tls = schemes.as_ref().map(|schemes| schemes.tls);
    let plain = schemes.as_ref().map(|schemes| schemes.plain);
    let (websocket, path) =
        schemes.as_ref().map_or((None, ""), |schemes| (Some("wss"), schemes.websocket_path));
    Endpoint {
        host_port: host.zip(valid_port(info.port)).map(|(host, port)| format!("{host}:{port}")),
        url: url(tls, info.port, ""),
        non_tls_url: url(plain, info.non_tls_port, ""),
        websocket_url: url(websocket, info.websocket_port, path),
        domain_name: info.domain_name.clone(),
        port: info.port,
        non_tls_port: info.non_tls_port,
        websocket_port: info.websocket_port,
        private_addresses: info.private_addresses.clone().unwrap_or_default(),
        public_address: info.public_address.clone().unwrap_or_default(),
        ipv6_address: info.ipv6_address.clone().unwrap_or_default(),
    }
}

fn valid_port(port: Option<i64>) -> Option<u16> {
    port.and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0)
}

#[cfg(test)]
#[path = "endpoints_tests.rs"]
mod tests;
