//! Terraform providers in Rust.

mod context;
mod diagnostics;
mod host;
mod local;
mod log;
mod panics;
mod path;
#[allow(clippy::pedantic, dead_code, missing_docs, unreachable_pub, reason = "generated")]
#[rustfmt::skip]
mod proto;
mod provider;
#[cfg(feature = "reference")]
pub mod reference;
pub mod schema;
mod service;
#[cfg(feature = "testing")]
pub mod testing;
mod typed;
mod value;

pub use async_trait::async_trait;
pub use context::{ConfigureContext, ReadContext};
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
#[cfg(fuzzing)]
#[doc(hidden)]
pub use host::fuzzing;
pub use host::{host_is_calling, serve, serve_with_commands};
pub use local::Local;
pub use path::{AttributePath, Step};
pub use provider::{Configured, DataSource, DataSources, Function, FunctionError, Functions, Provider};
pub use tfplug_derive::Object;
#[doc(hidden)]
pub use typed::derive;
pub use typed::{AttributeValue, BlockValue, Known, Object, Secret, Shape};
pub use value::{Number, Type, Value, ValueError};
