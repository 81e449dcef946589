//! A client for the APIs of Huawei Cloud: credentials, signatures, projects, endpoints, transport and retries.
//!
//! [`Arguments`] and an [`Environment`] resolve to [`Settings`], settings make a [`Client`], and a [`Get`] sent by it returns a
//! [`Response`] or an [`Error`]. Nothing is sent, and no file but a named profile or certificate is read, before the first
//! request. The crate includes IAM, STS and the metadata service, which supply credentials; the caller defines any
//! other service as a [`Service`].
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use huaweicloud::{Arguments, Client, Environment, Get, Scope, Segment, Service, Settings};
//!
//! const VPC: Service = Service::new("vpc", "vpc");
//!
//! let arguments = Arguments { region: Some("cn-north-4".into()), ..Arguments::default() };
//! let settings = Settings::resolve(&arguments, &Environment::of_process(), &[VPC]).map_err(|mut all| all.remove(0))?;
//! let response = Client::new(settings, "inventory/1.0")
//!     .get(&Get {
//!         service: VPC,
//!         scope: Scope::default(),
//!         path: &[Segment::Text("v1"), Segment::ProjectId, Segment::Text("vpcs")],
//!         query: &[],
//!         operation: "list",
//!         subject: "the VPCs",
//!         iam_action: Some("vpc:vpcs:list"),
//!     })
//!     .await?;
//! println!("{}", response.object::<serde_json::Value>()?["vpcs"]);
//! # Ok(())
//! # }
//! ```
//!
//! | to … | see |
//! |---|---|
//! | configure a client | [`Arguments`], [`Environment`], [`Settings::resolve`] |
//! | send a read | [`Client::get`], [`Get`], [`Scope`] |
//! | decode a response | [`Response::object`], the module [`lenient`] |
//! | act on an error | [`Error::kind`], [`Kind`]; source of its credential: [`CredentialSource`] |
//! | show an error | [`Error::summary`] and [`Error::detail`], or its `Display` |
//! | examine a configuration step by step | [`Client::describe`], [`Client::sign_in`], [`Client::project`], [`Client::reach`] |
//! | parse durations, check regions and domains | the modules [`duration`] and [`endpoints`] |
//! | test code built on this crate | the module `testing`, behind the feature of that name |
//!
//! # Credentials
//!
//! All credentials come from one source, the first that has any: the arguments, a profile that they name, the
//! environment, a profile that it names, the metadata service. Parts of two sources are never combined, so an old variable
//! cannot complete an explicit key.
//!
//! | credential | use |
//! |---|---|
//! | access key, permanent or temporary | signs requests |
//! | token | sent unchanged, and not renewed |
//! | user and password | exchanged for a token of the project of each region (`POST /v3/auth/tokens`) |
//! | OpenID Connect ID token | exchanged for a token, then for a temporary key, with which the agency is assumed |
//! | metadata service | returns a temporary key of the server's agency; version 2 of the service is tried first |
//!
//! Agencies are assumed in order, starting from these credentials: by the name of their account through IAM v3, by its
//! ID through STS v5. IAM requires the account of the caller, which is `domain_id` or looked up once, and STS requires
//! a signature. A password or token is therefore exchanged for a token of the account, or for a temporary key.
//!
//! Credentials that expire are renewed ten minutes before their end (in the last quarter of a short lifetime), by one
//! request for all waiting reads. Until a credential has been accepted, one request is in flight with it, and after
//! HTTP 401 this client sends no other, because five failures in a row lock an access key.
//!
//! # Retries and limits
//!
//! [`Scope::deadline`] bounds a read with all its attempts, waits and lookups. Within it, a failed request is retried
//! `max_retries` times (5 by default) on connection failures and on HTTP 500, 502, 503 and 504, except a POST on 500.
//! Waits are random up to 0.5 s, doubled each time up to 20 s; `Retry-After` takes precedence. Every attempt is signed
//! separately, with credentials that are still valid. After HTTP 429 or a throttling code, a request is retried
//! until the deadline, and all reads of the client slow down together.
//!
//! | limit | |
//! |---|---|
//! | one attempt | `request_timeout`, 30 s by default; 10 s of it to connect |
//! | response | 16 MiB after decompression |
//! | metadata service | 2 s for an attempt, 5 s in total |
//! | redirects | not followed: the error names the target host |
//!
//! # Secrets
//!
//! Secrets are kept in [`SecretString`] and never logged. They are masked in server messages before these become part of
//! an [`Error`]. Plain `http://` is accepted for loopback addresses and the metadata service only.
//!
//! # Runtime, TLS and logs
//!
//! Requests need a Tokio runtime with time and I/O enabled. TLS is rustls with ring; the crate builds its own configuration and
//! installs no process-wide default. Logs use [`tracing`](https://docs.rs/tracing): one line per attempt at `DEBUG`,
//! the source of a new credential at `INFO`.
//!
//! # Layers
//!
//! Imports run downwards only: `client` → `credentials` → `request` → `network` → `error`, and below them the modules
//! without dependencies (`endpoints`, `duration`, clock, escaping). `settings` passes its types up to `client` and
//! `credentials`.
#![warn(missing_docs, clippy::missing_errors_doc)]

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
pub use endpoints::Service;
pub use error::{Asked, CredentialSource, Error, Kind, Place, tidy};
pub use network::{Certificate, Handshake};
pub use request::{ClockEffect, Response, lenient, random};
pub use scope::Scope;
pub use settings::arguments::{
    ArgumentError, ArgumentWarning, Arguments, AssumeRole, AssumeRoleWithOidc, Step,
};
pub use settings::environment::Environment;
pub use settings::{Settings, catalog};

/// The only type for secrets: redacted when shown, wiped when dropped.
pub use secrecy::{ExposeSecret, SecretString};

/// The example of the README, compiled with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
