//! A stand-in on loopback for the part of Huawei Cloud that reading `IoTDA` instances takes: IAM, STS, the metadata
//! service of cloud servers, and the reading half of the instance API. All are on one listener; the path decides.
//!
//! It is strict where the cloud is strict. Every signature is checked, with code that shares nothing with any client;
//! tokens and temporary keys expire and have their scope; an access key is locked after five failures. It tells
//! what it saw, and does what real clouds do on bad days when asked to.
//!
//! ```
//! use iotda_emulator::{Config, Emulator, Fault, Rule};
//!
//! # fn main() -> anyhow::Result<()> {
//! let cloud = Emulator::start(Config::default())?;
//! cloud.fail(Rule::new(Fault::Status(503)).path("iotda-instances").times(2));
//! // … point a client at cloud.url(), then look at what it did:
//! assert!(cloud.requests().iter().all(|request| request.method == "GET"));
//! # Ok(())
//! # }
//! ```

mod clock;
mod cloud;
mod config;
mod credentials;
mod emulator;
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
