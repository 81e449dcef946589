//! The real Terraform, the provider's binary and an emulator: what users see.

mod answers;
mod bodies;
mod credentials;
mod example;
mod functions;
mod language;
mod listing;
mod names;
mod network;
mod recipes;
mod secrets;
mod settings;
mod unknown;
mod waiting;
mod wire;
