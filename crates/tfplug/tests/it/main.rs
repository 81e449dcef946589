//! Integration tests of the framework, one binary.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod codegen;
mod derive;
/// A sample, as the one below.
#[path = "../../examples/inventory/main.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program of its own")]
mod inventory;
mod process;
/// The sample with its own tests. As an example that is tested, cargo would build no binary of it for `weather`.
#[path = "../../examples/weather/main.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program of its own")]
mod sample;
mod support;
/// A sample, as the one above.
#[path = "../../examples/text/main.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program of its own")]
mod text;
mod weather;
mod wire;
