//! The real Terraform, the provider's binary and an emulator: what users see.

mod answers;
mod bodies;
mod example;
mod language;
mod network;
mod settings;
mod unknown;
mod wire;
