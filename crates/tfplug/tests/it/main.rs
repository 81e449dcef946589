//! Integration tests of the framework, one binary.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod by_hand;
mod calls;
mod codegen;
mod compile_fail;
mod debug;
mod derive;
mod described;
mod floods;
mod functions;
mod handshake;
mod lifetime;
mod logs;
mod malformed;
mod mutual_tls;
mod reads;
/// The sample with its own tests. As an example that is tested, cargo would build no binary of it for `weather`.
#[path = "../../examples/weather/main.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program of its own")]
mod sample;
mod socket;
mod spawning;
mod support;
mod weather;
