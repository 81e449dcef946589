//! Huawei Cloud: credentials, signer, projects, endpoints, transport, retry. Knows nothing of the services that stand on
//! it, nor of Terraform.
//!
//! The way through: [`Arguments`] and [`Environment`] make [`Settings`], settings make a [`Client`], and a [`Get`] makes an
//! [`Answer`] or an [`Error`].

pub mod duration;
pub mod endpoints;
pub mod environment;

mod arguments;
mod authorize;
mod client;
mod client_certificate;
mod clock;
mod cloud;
mod credentials;
pub(crate) mod decode;
mod error;
mod escape;
mod failure;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod handshakes;
mod http;
pub(crate) mod lenient;
mod masking;
mod projects;
mod proxy;
mod refusal;
mod retry;
#[cfg(test)]
pub(crate) mod scripted;
mod sender;
mod settings;
pub(crate) mod signer;
mod single_flight;
mod skew;
mod tls;
mod user_agent;
mod verdict;
mod verifier;
mod wire;

pub use arguments::{ArgumentError, ArgumentWarning, Arguments, AssumeRole, AssumeRoleWithOidc, Step};
pub use client::{
    Agency, Answer, Client, Description, EndpointInUse, Get, ProjectInUse, ProjectOrigin, Segment, SignedIn,
};
pub use clock::{Clock, SystemClock};
pub use endpoints::Service;
pub use environment::Environment;
pub use error::{Asked, Error, Kind};
pub use handshakes::{Certificate, Handshake};
pub use refusal::tidy;
pub use retry::random;
pub use settings::Settings;
pub use skew::ClockEffect;

/// The one type that secrets are kept in: redacted when shown, wiped when dropped.
pub use secrecy::{ExposeSecret, SecretString};
