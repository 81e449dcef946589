#![doc = include_str!("../README.md")]

mod clock;
mod cloud;
mod config;
mod credentials;
mod emulator;
mod environment;
mod estate;
mod faults;
mod gateway;
mod journal;
mod metadata;
mod proxy;
mod reply;
mod request;
mod scenario;
mod server;
mod services;
mod state;
mod tls;
mod wire;

pub use config::Config;
pub use emulator::Emulator;
pub use estate::{
    AccessKey, Account, Agency, Estate, IdentityProvider, Project, StatusStep, User, ids,
    synthetic_instance_id,
};
pub use faults::{Answer, Fault, Rule};
pub use journal::Recorded;
pub use metadata::{Metadata, MetadataMode};
pub use scenario::Scenario;
pub use tls::{ClientIdentity, ServerCertificate};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Nothing that holds one of these locks leaves its data half changed, so a poisoned one is as good as any.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
