//! Integration tests of the provider, one binary.
