//! Integration tests of the provider, one binary.

mod acceptance;
mod cloud;
mod support;
