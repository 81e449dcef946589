//! Generated from `proto/*.proto`; `tests/it/codegen.rs` keeps the two the same.

#[path = "grpc.health.v1.rs"]
pub(crate) mod health;
pub(crate) mod plugin;
pub(crate) mod tfplugin6;
