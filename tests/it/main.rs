//! Integration tests of the provider, one binary.

mod acceptance;
mod arrows;
mod cli;
mod cloud;
mod discovery;
mod hygiene;
mod recipes;
mod support;
mod ways_in;
