//! The provider block, led by its schema, up to settings that could be used. Input: the block in JSON (whatever is
//! left out is null), or in MessagePack.
#![no_main]

use std::sync::LazyLock;

use huaweicloud::{Arguments, Environment, Settings};
use iotda_provider::iotda::SERVICE;
use iotda_provider::provider::IotdaProvider;
use libfuzzer_sys::fuzz_target;
use tfplug::{AttributeValue as _, Object as _, Type, Value};

static TYPE: LazyLock<Type> = LazyLock::new(|| IotdaProvider::block().implied_type());

fuzz_target!(|input: &[u8]| {
    let value = match serde_json::from_slice(input) {
        Ok(json) => Value::from_json(&json, &TYPE),
        Err(_) => Value::from_msgpack(input, &TYPE),
    };
    let Ok(block) = value.and_then(IotdaProvider::from_value) else { return };
    if let Err(errors) = Settings::resolve(&Arguments::from(block), &Environment::empty(), &[SERVICE]) {
        assert!(!errors.is_empty());
    }
});
