//! What an emulator is started with.

use std::net::{Ipv4Addr, SocketAddr};

use crate::cloud::estate::Estate;
use crate::cloud::estate::defaults::ids;
use crate::cloud::metadata::Metadata;
use crate::faults::rule::Rule;
use crate::server::tls::ServerCertificate;

/// What an emulator is started with. The default is http on a free port of 127.0.0.1 with the default estate.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether to serve https. The certificate and its authority are made at the start.
    /// Over http, tunnels are granted too: see [`crate::Emulator::proxy_url`].
    pub tls: bool,
    /// What is right or wrong with the certificate.
    pub certificate: ServerCertificate,
    /// Whether clients have to show a certificate of the emulator's authority.
    pub client_certificates: bool,
    /// What there is in the cloud.
    pub estate: Estate,
    /// The metadata service.
    pub metadata: Metadata,
    /// Faults that are there from the start.
    pub faults: Vec<Rule>,
    /// How many requests are remembered; older ones are forgotten.
    pub kept_requests: usize,
    /// The seed of the faults that come by chance.
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
    /// The default over https.
    pub fn https() -> Self {
        Self { tls: true, ..Self::default() }
    }

    /// Sets what is right or wrong with the certificate.
    #[must_use]
    pub fn certificate(mut self, certificate: ServerCertificate) -> Self {
        self.certificate = certificate;
        self
    }

    /// Lets in only clients that show a certificate: [`crate::Emulator::client_identity`] is one.
    #[must_use]
    pub fn require_client_certificate(mut self) -> Self {
        self.client_certificates = true;
        self
    }

    /// Sets what there is in the cloud.
    #[must_use]
    pub fn estate(mut self, estate: Estate) -> Self {
        self.estate = estate;
        self
    }

    /// Sets how many synthetic instances [`ids::PROJECT_ID`] holds besides the documentation's.
    #[must_use]
    pub fn instances(mut self, count: usize) -> Self {
        self.estate = self.estate.synthetic(ids::PROJECT_ID, count);
        self
    }

    /// Sets up the metadata service.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Adds a fault that is there from the start.
    #[must_use]
    pub fn fault(mut self, rule: Rule) -> Self {
        self.faults.push(rule);
        self
    }
}
