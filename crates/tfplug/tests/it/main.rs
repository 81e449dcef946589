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
mod functions;
mod handshake;
mod lifetime;
mod logs;
mod malformed;
mod mutual_tls;
mod reads;
mod socket;
mod support;
mod weather;
