//! Types in JSON: what is read is written as it was meant.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplug::Type;

fuzz_target!(|input: &[u8]| {
    let Ok(json) = serde_json::from_slice(input) else { return };
    if let Ok(ty) = Type::from_json(&json) {
        assert_eq!(Type::from_json(&ty.to_json()), Ok(ty.clone()));
        let _ = (ty.has_dynamic(), ty.friendly_name());
    }
});
