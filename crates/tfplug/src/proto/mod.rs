//! Generated from `proto/*.proto`; `tests/it/codegen.rs` keeps the two the same.

#[path = "grpc.health.v1.rs"]
pub mod health;
pub mod plugin;
pub mod tfplugin6;
