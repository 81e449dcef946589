//! For this project's benchmarks, budgets and fuzzers: the individual stages of one read, without its request. Not part
//! of the API.

use huaweicloud::SecretString;
use tfplug::{AttributeValue as _, Value};
use time::OffsetDateTime;

use crate::iotda::Instance;
use crate::provider::state::flatten;

#[cfg(fuzzing)]
pub use fuzzing::body;
/// Decodes a body into the model.
pub use huaweicloud::internals::decode;

/// Returns the `Authorization` header of a read.
pub fn sign(path: &str, secret_key: &SecretString, time: OffsetDateTime) -> String {
    let (host, project) = ("iotda-mgmt.cn-north-4.myhuaweicloud.com", "0123456789abcdef0123456789abcdef");
    huaweicloud::internals::sign(host, path, project, secret_key, time)
}

/// Returns the state of an instance.
pub fn flatten(instance: Instance) -> Value {
    flatten::instance(instance, "cn-north-4").0.into_value()
}

/// Encodes the bytes that the host receives.
///
/// # Errors
///
/// Returns an error if the value cannot be encoded.
pub fn encode(state: &Value) -> Result<Vec<u8>, String> {
    state.to_msgpack().map_err(|error| error.to_string())
}

/// Properties that must hold for any input.
#[cfg(fuzzing)]
#[allow(clippy::expect_used, reason = "fuzzers want to crash")]
mod fuzzing {
    use huaweicloud::internals::object;
    use tfplug::{AttributeValue as _, Object as _, Value};
    use url::Url;

    use crate::iotda::{Instance, InstanceFlavor, InstanceSummary, InstanceTask};
    use crate::provider::state::attributes::InstanceAttributes;
    use crate::provider::state::flatten;

    /// Decodes a body as each response that the API could have sent, and checks that a host can read the resulting
    /// state.
    pub fn body(body: &[u8]) {
        if let Some(instance) = object::<Instance>(body) {
            let (attributes, _notes) = flatten::instance(instance, "cn-north-4");
            for endpoint in attributes.endpoints.iter().flat_map(|endpoints| endpoints.values()) {
                for url in
                    [&endpoint.url, &endpoint.non_tls_url, &endpoint.websocket_url].into_iter().flatten()
                {
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
            served(flatten::summary(summary));
        }
        let _ = (object::<InstanceFlavor>(body), object::<InstanceTask>(body));
    }

    fn served(attributes: InstanceAttributes) {
        let ty = InstanceAttributes::block().implied_type();
        let value = attributes.into_value();
        let bytes = value.to_msgpack().expect("state can be written");
        assert_eq!(Value::from_msgpack(&bytes, &ty), Ok(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Allocations of each stage for a full enterprise instance. Fewer is always fine; more needs a reason.
    #[test]
    fn a_read_allocates_no_more_than_it_did() {
        let body = include_bytes!("../tests/fixtures/instances/enterprise.json");
        let mut instance = None;
        let decode = allocation_counter::measure(|| instance = decode::<Instance>(body).ok());
        let mut state = None;
        let flatten = allocation_counter::measure(|| state = instance.take().map(flatten));
        let state = state.unwrap();
        let encode = allocation_counter::measure(|| drop(encode(&state)));
        for (stage, counted, budget) in
            [("decode", decode, 210), ("flatten", flatten, 270), ("encode", encode, 6)]
        {
            assert!(counted.count_total <= budget, "{stage} allocates {} times", counted.count_total);
        }
    }
}
