//! Terraform and OpenTofu providers in Rust with data sources and functions, but no managed resources, over plugin
//! protocol 6.
//!
//! A Rust struct *is* a data source: its arguments and its computed attributes together, as in Terraform's state.
//! [`#[derive(Object)]`](macro@Object) gives it its schema, decoding, encoding, validation and reference documentation;
//! doc comments are the descriptions, everywhere. Ephemeral resources and the other kinds of the protocol are not served
//! either.
//!
//! ```
//! use tfplug::{DataSource, Diagnostics, Object, ReadContext, async_trait};
//!
//! /// One station, by its id.
//! #[derive(Object)]
//! struct Station {
//!     /// Station ID.
//!     #[tf(required, pattern = "^[0-9]{1,6}$")]
//!     id: String,
//!     /// Where it listens.
//!     #[tf(computed)]
//!     address: Option<String>,
//! }
//!
//! /// What the provider's configuration became.
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
//! | define what Terraform sees | [`#[derive(Object)]`](macro@Object): every option, with an example |
//! | write a provider | [`Provider`], [`DataSource`], [`Function`], and [`serve`] as the whole of `main` |
//! | tell the user what is wrong | [`Diagnostic`], [`Diagnostics`], [`FunctionError`], [`WithSummary`] |
//! | test it | the module `testing`, behind the feature of that name |
//! | write its reference pages | the module `reference`, behind the feature of that name |
//! | read what it reads without a host | [`InProcess`] |
//!
//! The README has a whole provider, and says what of the protocol is served. `examples/weather` is one with its tests.
//!
//! # Null, unknown, computed
//!
//! A value of Terraform's is *known*, *null* (absent), or *unknown*: it comes from something that only apply makes. The
//! Rust type of a field says which of the three it has a place for.
//!
//! | type | null | unknown |
//! |---|---|---|
//! | [`Option<T>`](Option) | `None` | as below |
//! | [`Known<T>`](Known) | [`Known::Null`] | [`Known::Unknown`] |
//! | [`Value`], for a value of any type | [`Value::Null`] | [`Value::Unknown`] |
//! | any other | an error at the argument, unless it has a default | as below |
//!
//! Where a type has no place for it, code never sees what is unknown. A data source is not read before all its arguments
//! are known. A provider can be configured before that: then its reads are postponed where the host allows it, and refused
//! with a diagnostic that names the argument where it does not. Where [`Provider::configure`] itself decides what an absent
//! argument means, the argument takes `Known<T>`, so that "unknown" is not taken for "absent", and `configure` answers
//! [`Configured::Unknown`].
//!
//! A *computed* attribute is for the provider to give. It begins as the [`Default`] of its type; what `read` returns is the
//! state. One that is optional too holds what the configuration says, or `None`.
//!
//! # One thread
//!
//! A provider's process runs its code on one thread, because hosts start several processes for one plan, and most of the
//! time they wait. Reads run concurrently, as tasks of a Tokio runtime. Work that blocks belongs in
//! `tokio::task::spawn_blocking`: until a read that blocks returns, no other read goes on, and the host's Stop and Shutdown
//! are not heard, after which it kills the process.
//!
//! When a host asks to stop, or gives up on a read, the future of the read is dropped. A panic in it becomes a diagnostic,
//! without the panic's message, and the process serves on.
//!
//! # Logs
//!
//! What [`tracing`](https://docs.rs/tracing) records in the provider's own crate and in this one goes to stderr, as the
//! hosts read it; records of libraries do not, because they may hold secrets. Nothing may be written to stdout: the first
//! line there is the plugin's handshake.
//!
//! | variable | level of |
//! |---|---|
//! | `TF_LOG_PROVIDER_<NAME>` | this provider, before all others |
//! | `TF_LOG_PROVIDER`, else `TF_LOG` | every provider, and this crate |
//! | `TF_LOG_SDK_PROTO`, else `TF_LOG_SDK` | this crate: the calls of the host |
//!
//! Without any it is `WARN`. A panic that ends the process is printed in the form that hosts show as a crash.
//!
//! # Features
//!
//! None is on by default. `testing` is for `[dev-dependencies]`; `reference` is for the tool that writes a provider's pages.

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
pub use serve::{host_is_calling, serve, serve_with_commands};
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

/// The examples of the README, which are compiled with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
