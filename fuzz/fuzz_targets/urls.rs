//! Endpoints, ids, markers and names on their way into a URL. Input, by lines: the endpoint, then segments, then after
//! an empty line keys and values in turn.
#![no_main]

use huaweicloud::internals::url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (place, query) = input.split_once("\n\n").unwrap_or((input, ""));
    let mut lines = place.split('\n');
    let endpoint = lines.next().unwrap_or_default();
    let segments: Vec<&str> = lines.collect();
    let query: Vec<&str> = query.split('\n').collect();
    let pairs: Vec<(&str, &str)> = query.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    url(endpoint, &segments, &pairs);
});
