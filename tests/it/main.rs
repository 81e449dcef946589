//! Integration tests of the provider, one binary.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod acceptance;
mod arrows;
mod cli;
mod cloud;
mod discovery;
mod faults;
mod hygiene;
mod recipes;
mod redaction;
mod regression;
mod support;
mod ways_in;
