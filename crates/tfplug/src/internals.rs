//! Internal items for this crate's own tests and fuzzers: generated code and types of other crates. They may change at
//! any time.
#![allow(missing_docs, clippy::missing_errors_doc, reason = "not for the public")]

use rustls::pki_types::CertificateDer;
use tonic::transport::Channel;
use tracing::level_filters::LevelFilter;

pub use crate::proto::{health, plugin, tfplugin6};

use crate::log::Levels;
use crate::serve::{Offer, config, identity, verify_p521};
use crate::service::MAX_MESSAGE;
use crate::testing::{Host, HostError, answer};
use crate::value::Type;
use tfplugin6::get_provider_schema::{Request, Response};
use tfplugin6::provider_client::ProviderClient;

/// Calls that [`Host`] has no method for.
pub trait Raw {
    fn channel(&self) -> Channel;

    fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel())
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE)
    }

    fn schema(&self) -> impl Future<Output = Result<Response, HostError>> + Send {
        let mut client = self.client();
        async move { answer(client.get_provider_schema(Request {}).await) }
    }
}

impl Raw for Host {
    fn channel(&self) -> Channel {
        self.channel.clone()
    }
}

/// Returns the type of a value of a schema.
pub fn implied_type(schema: &tfplugin6::Schema) -> Result<Type, HostError> {
    crate::testing::implied_type(Some(schema))
}

/// Parses the environment of a process as at start-up; returns whether the plugin would have served.
pub fn environment(variable: impl Fn(&str) -> Option<String>) -> bool {
    let _ = Levels::from_environment("fuzzed", LevelFilter::WARN, &variable);
    let Ok(offer) = Offer::from_environment(variable) else { return false };
    assert!(*offer.ports.start() > 0 && !offer.ports.is_empty());
    offer.certificate.is_none_or(|certificate| identity(certificate).and_then(config).is_ok())
}

/// Checks a signature with the key of a certificate, both from a peer. Random input must never be a valid signature.
pub fn signature(certificate: &[u8], signature: &[u8]) {
    let certificate = CertificateDer::from(certificate.to_vec());
    assert!(verify_p521(b"what was never signed", &certificate, signature).is_err());
}
