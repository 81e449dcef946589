//! Configuration of an emulator.

use std::net::{Ipv4Addr, SocketAddr};

use crate::cloud::estate::Estate;
use crate::cloud::estate::defaults::ids;
use crate::cloud::metadata::Metadata;
use crate::faults::rule::Rule;
use crate::server::tls::ServerCertificate;

/// The configuration of an emulator. The default is http on a free port of 127.0.0.1 with the default estate.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on; port 0 selects a free one.
    pub listen: SocketAddr,
    /// Whether to serve https. The certificate and its authority are generated at the start. Over http, the emulator
    /// also accepts tunnels: see [`crate::Emulator::proxy_url`].
    pub tls: bool,
    /// Whether the server's certificate is valid, or what is wrong with it.
    pub certificate: ServerCertificate,
    /// Whether clients must present a certificate of the emulator's authority.
    pub client_certificates: bool,
    /// The content of the cloud.
    pub estate: Estate,
    /// The metadata service.
    pub metadata: Metadata,
    /// Faults that are active from the start.
    pub faults: Vec<Rule>,
    /// Maximum number of requests that are remembered; older ones are dropped.
    pub kept_requests: usize,
    /// The seed of random faults.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: false,
            certificate: ServerCertificate::default(),
            client_certificates: false,
            estate: Estate::default(),
            metadata: Metadata::default(),
            faults: Vec::new(),
            kept_requests: 100_000,
            seed: 1,
        }
    }
}

impl Config {
    /// Creates the default configuration with https.
    pub fn https() -> Self {
        Self { tls: true, ..Self::default() }
    }

    /// Sets whether the server's certificate is valid, or what is wrong with it.
    #[must_use]
    pub fn certificate(mut self, certificate: ServerCertificate) -> Self {
        self.certificate = certificate;
        self
    }

    /// Rejects clients that do not present a certificate, such as [`crate::Emulator::client_identity`].
    #[must_use]
    pub fn require_client_certificate(mut self) -> Self {
        self.client_certificates = true;
        self
    }

    /// Sets the content of the cloud.
    #[must_use]
    pub fn estate(mut self, estate: Estate) -> Self {
        self.estate = estate;
        self
    }

    /// Sets the number of synthetic instances in [`ids::PROJECT_ID`], in addition to the sample instance.
    #[must_use]
    pub fn instances(mut self, count: usize) -> Self {
        self.estate = self.estate.synthetic(ids::PROJECT_ID, count);
        self
    }

    /// Sets the metadata service.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Adds a fault that is active from the start.
    #[must_use]
    pub fn fault(mut self, rule: Rule) -> Self {
        self.faults.push(rule);
        self
    }
}
