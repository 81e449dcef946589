//! Terraform and OpenTofu providers in Rust with data sources and functions, but no managed resources, over plugin
//! protocol 6.
//!
//! A Rust struct *is* a data source: it holds its arguments and its computed attributes together, as in Terraform's
//! state.
//! [`#[derive(Object)]`](macro@Object) implements its schema, decoding, encoding, validation and reference
//! documentation; doc comments are the descriptions everywhere. Ephemeral resources and the other object types of the
//! protocol are not supported either.
//!
//! ```
//! use tfplug::{DataSource, Diagnostics, Object, ReadContext, async_trait};
//!
//! /// Reads a weather station by its ID.
//! #[derive(Object)]
//! struct Station {
//!     /// ID of the station: 1 to 6 digits.
//!     #[tf(required, pattern = "^[0-9]{1,6}$")]
//!     id: String,
//!     /// Host name of the station.
//!     #[tf(computed)]
//!     address: Option<String>,
//! }
//!
//! /// What `configure` of the provider creates: all reads share it.
//! struct Client {
//!     network: String,
//! }
//!
//! #[async_trait]
//! impl DataSource<Client> for Station {
//!     const NAME: &'static str = "weather_station";
//!
//!     async fn read(self, cx: &ReadContext<Client>) -> Result<Self, Diagnostics> {
//!         let address = Some(format!("{}.{}.example.com", self.id, cx.client().network));
//!         Ok(Self { address, ..self })
//!     }
//! }
//! ```
//!
//! | to … | see |
//! |---|---|
//! | define what Terraform uses | [`#[derive(Object)]`](macro@Object): every option, with an example |
//! | write a provider | [`Provider`], [`DataSource`], [`Function`], and [`serve`] as the whole of `main` |
//! | report errors to the user | [`Diagnostic`], [`Diagnostics`], [`FunctionError`], [`WithSummary`] |
//! | test it | the module `testing`, behind the feature of the same name |
//! | generate its reference pages | the module `reference`, behind the feature of the same name |
//! | read its data sources without a host | [`InProcess`] |
//!
//! The README has a complete provider, and lists which parts of the protocol are served. `examples/weather` is a
//! provider with tests.
//!
//! # Null, unknown, computed
//!
//! A value in Terraform is *known*, *null* (absent), or *unknown*: it depends on something that is only created at
//! apply. The Rust type of a field determines which of the three it can represent.
//!
//! | type | null | unknown |
//! |---|---|---|
//! | [`Option<T>`](Option) | `None` | as below |
//! | [`Known<T>`](Known) | [`Known::Null`] | [`Known::Unknown`] |
//! | [`Value`], for a value of any type | [`Value::Null`] | [`Value::Unknown`] |
//! | any other | an error at the argument, unless it has a default | as below |
//!
//! If a type cannot represent an unknown value, code never receives one. A data source is not read before all its
//! arguments are known. A provider can be configured before that. Its reads are then deferred if the host allows it;
//! otherwise they are rejected with a diagnostic that names the argument. If [`Provider::configure`] itself decides
//! what an absent argument means, use `Known<T>` for that argument, so that "unknown" is not mistaken for "absent", and
//! return [`Configured::Unknown`].
//!
//! A *computed* attribute is set by the provider. Its initial value is the [`Default`] of its type; the value that
//! `read` returns is the state. An attribute that is also optional initially holds the value of the configuration, or
//! `None`.
//!
//! # One thread
//!
//! A provider's process runs its code on one thread, because hosts start several processes for one plan, which spend
//! most of their time waiting. Reads run concurrently, as tasks of a Tokio runtime. Run blocking work in
//! `tokio::task::spawn_blocking`: until a read that blocks returns, no other read makes progress, and the process does
//! not react to the host's Stop and Shutdown, after which the host kills it.
//!
//! When a host requests a stop, or cancels a read, the future of the read is dropped. A panic in it becomes a
//! diagnostic, without the panic's message, and the process continues to serve.
//!
//! # Logs
//!
//! Events that the provider's own crate and this crate record with [`tracing`](https://docs.rs/tracing) are written to
//! stderr, in the format of the hosts. Events of other libraries are not, because they may contain secrets. Do not
//! write to stdout: its first line is the plugin's handshake.
//!
//! | variable | sets the level of |
//! |---|---|
//! | `TF_LOG_PROVIDER_<NAME>` | this provider; takes precedence over all others |
//! | `TF_LOG_PROVIDER`, else `TF_LOG` | every provider, and this crate |
//! | `TF_LOG_SDK_PROTO`, else `TF_LOG_SDK` | this crate: the calls of the host |
//!
//! Defaults to `WARN`. A panic that ends the process is printed in the form that hosts show as a crash.
//!
//! # Features
//!
//! None is on by default. `testing` is for `[dev-dependencies]`; `reference` is for the tool that generates a
//! provider's pages.

#![warn(missing_debug_implementations, clippy::missing_errors_doc)]

mod context;
mod diagnostics;
mod duration;
mod in_process;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod internals;
mod log;
mod panics;
mod path;
#[allow(clippy::pedantic, dead_code, missing_docs, unreachable_pub, reason = "generated")]
#[rustfmt::skip]
mod proto;
mod provider;
mod random;
#[cfg(feature = "reference")]
pub mod reference;
pub mod schema;
mod serve;
mod service;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod timeouts;
mod typed;
mod value;

pub use async_trait::async_trait;
pub use context::{ConfigureContext, ReadContext};
pub use diagnostics::{Diagnostic, Diagnostics, Severity, WithSummary};
pub use duration::{DurationError, GoDuration};
pub use in_process::InProcess;
pub use path::{AttributePath, Step};
pub use provider::{Configured, DataSource, DataSources, Function, FunctionError, Functions, Provider};
pub use secrecy::ExposeSecret;
pub use serve::{host_is_calling, runtime, serve, serve_with_commands};
pub use text::is_invisible;
#[doc = include_str!("attribute_value.md")]
#[doc(inline)]
pub use tfplug_derive::AttributeValue;
#[doc = include_str!("object.md")]
#[doc(inline)]
pub use tfplug_derive::Object;
pub use timeouts::Timeouts;
#[doc(hidden)]
pub use typed::derive as __private;
pub use typed::{AttributeValue, BlockValue, Known, Object, Parsed, Secret, Shape};
pub use value::{Number, Type, Value, ValueError};

/// The examples of the README, compiled together with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
