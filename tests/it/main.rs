//! Integration tests of the provider, one binary.

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
