#![doc = include_str!("../README.md")]

mod auth;
mod cloud;
mod config;
mod emulator;
mod exchange;
mod faults;
mod hex;
mod http;
mod lock;
mod router;
mod scenario;
mod server;
mod services;

pub use cloud::estate::Estate;
pub use cloud::estate::account::{AccessKey, Account, Agency, IdentityProvider, Project, StatusStep, User};
pub use cloud::estate::defaults::ids;
pub use cloud::estate::synthetic::instance_id as synthetic_instance_id;
pub use cloud::metadata::{Metadata, MetadataMode};
pub use config::Config;
pub use emulator::Emulator;
pub use faults::fault::{Answer, Fault};
pub use faults::rule::Rule;
pub use faults::throttle::Throttle;
pub use http::journal::Recorded;
pub use scenario::Scenario;
pub use server::tls::{ClientIdentity, ServerCertificate};
