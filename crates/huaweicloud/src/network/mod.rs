//! Transport to a host: TLS, proxies, HTTP.

mod certificate;
mod coding;
pub(crate) mod failure;
pub(crate) mod handshakes;
pub(crate) mod http;
pub(crate) mod proxy;
mod system_limit;
pub(crate) mod tls;
pub(crate) mod verifier;
#[cfg_attr(not(feature = "testing"), allow(unreachable_pub, reason = "shown by the feature `testing`"))]
pub(crate) mod wire;

pub use certificate::Certificate;
pub use handshakes::Handshake;
pub(crate) use http::Http;
pub(crate) use proxy::Proxies;
pub(crate) use tls::Tls;
pub(crate) use wire::{Incoming, Outgoing, Wire};
