//! Integration tests of the provider, one binary.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod cli;
mod client;
mod plugin;
mod sources;
mod support;
mod terraform;
