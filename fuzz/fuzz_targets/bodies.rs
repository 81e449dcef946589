//! Bodies of the API, good and bad: errors in short and harmless words, or state that a host can read, with URLs that
//! name the host that the API named.
#![no_main]

use huaweicloud::internals::server_error;
use iotda_provider::internals::body;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    body(input);
    server_error(input);
});
