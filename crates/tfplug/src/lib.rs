//! Terraform providers in Rust.
