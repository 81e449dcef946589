//! Integration tests of the framework, one binary.

mod codegen;
