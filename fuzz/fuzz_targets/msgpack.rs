//! A value of any type: what is read can be written, and is then read as the same. Input: a type in JSON, a line end,
//! MessagePack.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tfplug::{Type, Value};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some(split) = input.iter().position(|byte| *byte == b'\n') else { return Corpus::Reject };
    let (ty, bytes) = (&input[..split], &input[split + 1..]);
    let Ok(json) = serde_json::from_slice(ty) else { return Corpus::Reject };
    let Ok(ty) = Type::from_json(&json) else { return Corpus::Reject };
    if let Ok(value) = Value::from_msgpack(bytes, &ty) {
        let written = value.to_msgpack().expect("what was read can be written");
        let again = Value::from_msgpack(&written, &ty).expect("what was written can be read");
        assert_eq!(again, value);
        // JSON has no infinities, no unknown values and other texts for numbers: it only must not fail.
        let _ = Value::from_json(&value.to_json(), &ty);
    }
    Corpus::Keep
});
