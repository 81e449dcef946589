//! A way in for the fuzzers, which check what must hold for any input.
#![allow(clippy::expect_used, missing_docs, reason = "for fuzzers, which want to crash")]

use tfplug::{Object as _, Value, derive};
use url::Url;

use super::state::attributes::InstanceAttributes;
use super::state::flatten;
use crate::huaweicloud::fuzzing::object;
use crate::iotda::{Instance, InstanceFlavor, InstanceSummary, InstanceTask};

/// Reads a body as whatever the API could have meant, and makes state of it that a host can read.
pub fn body(body: &[u8]) {
    if let Some(instance) = object::<Instance>(body) {
        let (attributes, _notes) = flatten::instance(instance);
        for endpoint in attributes.endpoints.iter().flat_map(|endpoints| endpoints.values()) {
            for url in [&endpoint.url, &endpoint.non_tls_url, &endpoint.websocket_url].into_iter().flatten() {
                let read = Url::parse(url).expect("a URL is one");
                assert_eq!(
                    read.host_str(),
                    endpoint.domain_name.as_deref().map(str::to_lowercase).as_deref(),
                    "{url}"
                );
            }
        }
        served(attributes);
    }
    if let Some(summary) = object::<InstanceSummary>(body) {
        served(flatten::summary(&summary));
    }
    let _ = (object::<InstanceFlavor>(body), object::<InstanceTask>(body));
}

fn served(attributes: InstanceAttributes) {
    let ty = InstanceAttributes::block().implied_type();
    let value = derive::into_value(attributes);
    let bytes = value.to_msgpack().expect("state can be written");
    assert_eq!(Value::from_msgpack(&bytes, &ty), Ok(value));
}
