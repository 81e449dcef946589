//! A host for tests: spawns a provider's binary, or embeds the provider, and communicates with it as Terraform does.
//!
//! - [`check`] checks a provider's schemas against the rules of the hosts, in one line.
//! - [`Host::embed`] needs no process and no binary: it is the fastest way to test a provider's reads and functions.
//! - [`Host::spawn`] starts a binary with the cookie and a certificate of its own, as real hosts do.
//! - [`terraform`] runs the real Terraform or OpenTofu.
//!
//! Everything here requires the feature `testing`, which belongs in `[dev-dependencies]`.
//!
//! A [`Host`] takes JSON. For tests with values that are not known before apply, it takes a [`Value`](crate::Value),
//! and [`Read::value`] distinguishes unknown from null.

mod answer;
mod config;
mod connect;
mod error;
mod handshake;
mod host;
mod identity;
mod spawn;
pub mod terraform;

pub use answer::{CallError, Read};
pub(crate) use config::implied_type;
pub use error::HostError;
pub(crate) use error::answer;
pub use handshake::Handshake;
pub use host::Host;
pub use identity::Identity;
pub use spawn::{Plugin, Spawn};

use crate::provider::Provider;
use crate::schema::SchemaError;
use crate::service::ProviderState;

/// Checks the schemas of a provider against the rules of the hosts, as its start-up does. Recommended as a unit test.
///
/// ```
/// # use tfplug::*;
/// /// Has no arguments.
/// #[derive(Object)]
/// struct Acme {}
/// # #[async_trait]
/// # impl Provider for Acme {
/// #     type Client = ();
/// #     const NAME: &'static str = "acme";
/// #     const ADDRESS: &'static str = "registry.terraform.io/example/acme";
/// #     const VERSION: &'static str = "0.1.0";
/// #     fn data_sources() -> DataSources<()> {
/// #         DataSources::new()
/// #     }
/// #     async fn configure(self, _: &ConfigureContext) -> Result<Configured<()>, Diagnostics> {
/// #         Ok(Configured::Ready(()))
/// #     }
/// # }
///
/// // In `#[test] fn the_schemas_keep_the_rules()`:
/// assert_eq!(tfplug::testing::check::<Acme>(), Ok(()));
/// ```
///
/// # Errors
/// Returns an error for the first rule that is violated, with its place.
pub fn check<P: Provider>() -> Result<(), SchemaError> {
    ProviderState::<P>::new().map(drop)
}
