//! Integration tests of the provider, one binary.

mod acceptance;
mod support;
mod cloud;
