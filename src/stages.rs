//! The stages of one read without its request, one by one: for benchmarks, and for budgets that tests hold.

use tfplug::{Type, Value};
use time::OffsetDateTime;

use crate::huaweicloud::{SecretString, signer};
use crate::iotda::Instance;
use crate::provider;

/// The `Authorization` of a read.
pub fn sign(path: &str, secret_key: &SecretString, time: OffsetDateTime) -> String {
    let date = signer::date(time);
    let headers = [
        ("host", "iotda-mgmt.cn-north-4.myhuaweicloud.com"),
        ("x-project-id", "0123456789abcdef0123456789abcdef"),
        ("x-sdk-date", &date),
    ];
    let request =
        signer::Request { method: "GET", path, query: "", headers: &headers, body: b"", date: &date };
    signer::sign("AccessKey", secret_key, &request)
}

/// The model of a body.
///
/// # Errors
/// What is wrong with the body.
pub fn decode(body: &[u8]) -> Result<Instance, String> {
    crate::huaweicloud::decode::object(body).map_err(|fault| fault.text)
}

/// The state of an instance.
pub fn flatten(instance: Instance) -> Value {
    provider::state_of(instance)
}

/// The type of that state.
pub fn state_type() -> Type {
    provider::state_type()
}

/// The bytes that the host gets.
///
/// # Errors
/// The value cannot be written.
pub fn encode(state: &Value) -> Result<Vec<u8>, String> {
    state.to_msgpack().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Allocations of each stage for a full enterprise instance. Fewer is always right; more wants a reason.
    #[test]
    fn a_read_allocates_no_more_than_it_did() {
        let body = include_bytes!("../tests/fixtures/instances/enterprise.json");
        let mut instance = None;
        let decode = allocation_counter::measure(|| instance = decode(body).ok());
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
