//! Huawei Cloud: credentials, signer, projects, endpoints, transport, retry. Knows nothing of the services that stand on
//! it, nor of Terraform.
//!
//! The way through: [`Arguments`] and [`Environment`] make [`Settings`], settings make a [`Client`], and a [`Get`] makes an
//! [`Response`] or an [`Error`].

pub mod duration;
pub mod endpoints;
#[doc(hidden)]
pub mod internals;

mod client;
mod clock;
mod credentials;
mod error;
mod escape;
mod network;
mod request;
mod scope;
mod settings;
mod sync;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use client::{
    Agency, Client, Description, EndpointInUse, Get, ProjectInUse, ProjectOrigin, Segment, SignedIn,
};
pub use clock::{Clock, SystemClock};
pub use endpoints::Service;
pub use error::text::tidy;
pub use error::{Asked, CredentialSource, Error, Kind, Place};
pub use network::{Certificate, Handshake};
pub use request::{ClockEffect, Response, lenient, random};
pub use scope::Scope;
pub use settings::arguments::{
    ArgumentError, ArgumentWarning, Arguments, AssumeRole, AssumeRoleWithOidc, Step,
};
pub use settings::environment::Environment;
pub use settings::{Settings, catalog};

/// The one type that secrets are kept in: redacted when shown, wiped when dropped.
pub use secrecy::{ExposeSecret, SecretString};
