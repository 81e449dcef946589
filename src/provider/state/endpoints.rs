//! Conversion of access addresses to endpoints: one for each access type, with URLs.

use std::collections::BTreeMap;

use super::attributes::Endpoint;
use super::note::Note;
use crate::iotda::AccessInfo;

/// Returns the URL schemes of an access type, with TLS and without, and the path of its WebSocket URL.
fn schemes(access_type: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match access_type {
        "APP_HTTPS" | "DEVICE_HTTPS" => ("https", "http", ""),
        "APP_AMQP" => ("amqps", "amqp", ""),
        "APP_MQTT" | "DEVICE_MQTT" => ("mqtts", "mqtt", "/mqtt"),
        "DEVICE_COAP" => ("coaps", "coap", ""),
        _ => return None,
    })
}

/// Returns one endpoint for each type. If a type occurs more than once, entries with a domain name and a port are
/// preferred, and among those the one that sorts first.
pub(super) fn endpoints(infos: &[AccessInfo], notes: &mut Vec<Note>) -> BTreeMap<String, Endpoint> {
    let mut endpoints: BTreeMap<String, Endpoint> = BTreeMap::new();
    for info in infos {
        let Some(access_type) = info.kind.as_deref().filter(|access_type| !access_type.is_empty()) else {
            continue;
        };
        let endpoint = endpoint(access_type, info);
        if let Some(taken) = endpoints.get(access_type) {
            let note = Note::AccessTypeTwice(access_type.to_owned());
            if !notes.contains(&note) {
                notes.push(note);
            }
            if rank(taken) <= rank(&endpoint) {
                continue;
            }
        }
        endpoints.insert(access_type.to_owned(), endpoint);
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
    let url = |scheme: &str, port: Option<i64>, path: &str| {
        let (host, port) = (host?, valid_port(port)?);
        let usual = matches!((scheme, port), ("https" | "wss", 443) | ("http", 80));
        Some(if usual {
            format!("{scheme}://{host}{path}")
        } else {
            format!("{scheme}://{host}:{port}{path}")
        })
    };
    Endpoint {
        host_port: host.zip(valid_port(info.port)).map(|(host, port)| format!("{host}:{port}")),
        url: schemes.and_then(|(tls, ..)| url(tls, info.port, "")),
        non_tls_url: schemes.and_then(|(_, plain, _)| url(plain, info.non_tls_port, "")),
        websocket_url: schemes.and_then(|(.., path)| url("wss", info.websocket_port, path)),
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
