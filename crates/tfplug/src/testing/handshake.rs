//! The line in which a plugin announces its address and its protocol.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::{Host, HostError, connect};

/// A plugin's handshake line, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// `unix` or `tcp`.
    pub network: String,
    /// The socket's path, or the loopback address and port.
    pub address: String,
    /// The server's certificate in DER; empty without TLS.
    pub certificate: Vec<u8>,
}

impl Handshake {
    /// Connects to a plugin that serves without TLS.
    ///
    /// # Errors
    /// Returns an error if the socket cannot be reached.
    pub async fn connect(&self) -> Result<Host, HostError> {
        Ok(Host::over(connect::channel(connect::open(self).await?).await?))
    }
}

impl FromStr for Handshake {
    type Err = HostError;

    fn from_str(line: &str) -> Result<Self, HostError> {
        let malformed = |problem: &str| HostError::new(format!("the handshake line {line:?} {problem}"));
        let line_end = line.strip_suffix('\n').ok_or_else(|| malformed("has no end"))?;
        let fields: Vec<_> = line_end.split('|').collect();
        let [core, protocol, network, address, transport, certificate] = fields.as_slice() else {
            return Err(malformed("does not have six fields"));
        };
        if (*core, *protocol, *transport) != ("1", "6", "grpc") {
            return Err(malformed("is not of core protocol 1, protocol 6 and gRPC"));
        }
        let certificate = STANDARD_NO_PAD
            .decode(certificate)
            .map_err(|_| malformed("has a certificate that is not unpadded base64"))?;
        Ok(Self { network: (*network).to_owned(), address: (*address).to_owned(), certificate })
    }
}
