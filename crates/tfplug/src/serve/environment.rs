//! The environment variables through which the host passes its settings.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

pub(crate) const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";
pub(crate) const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// Protocol version that this framework supports.
pub(super) const PROTOCOL: u32 = 6;

/// Returns whether Terraform, OpenTofu or another plugin host started this process, judging by the cookie that they
/// set.
///
/// A program with its own command line calls this before it parses its arguments.
pub fn host_is_calling() -> bool {
    std::env::var(COOKIE_NAME).is_ok_and(|cookie| cookie == COOKIE)
}

/// Settings that a host requests.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The host's certificate; without one the host does not use TLS.
    pub(crate) certificate: Option<CertificateDer<'static>>,
    /// Whether the host supports our protocol version.
    pub(super) speaks_our_protocol: bool,
    /// The protocol versions of the host, as it wrote them.
    pub(super) versions: String,
    /// Ports on which TCP listeners may listen.
    pub(crate) ports: RangeInclusive<u16>,
    /// Possible parents of the Unix socket's directory, best first.
    pub(super) socket_parents: Vec<PathBuf>,
}

impl Offer {
    /// Returns the settings, or a message that names the variable that the host set to an invalid value.
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let given = |name| variable(name).filter(|value| !value.is_empty());
        let certificate = given("PLUGIN_CLIENT_CERT").map(|pem| parse_certificate(&pem)).transpose()?;
        let port = |name, default| {
            let invalid = |_| malformed(name, "it must be a port from 1 to 65535");
            given(name).map_or(Ok(default), |text| text.parse().map_err(invalid))
        };
        let ports = port("PLUGIN_MIN_PORT", 10_000)?..=port("PLUGIN_MAX_PORT", 25_000)?;
        if ports.is_empty() || *ports.start() == 0 {
            let problem = format!("the range from {} to {} is empty", ports.start(), ports.end());
            return Err(malformed("PLUGIN_MIN_PORT", &problem));
        }
        // A host without this variable is older than it, and accepts any version.
        let versions = given("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_else(|| PROTOCOL.to_string());
        let speaks_our_protocol = versions.split(',').any(|version| version.trim() == PROTOCOL.to_string());
        let socket_parents = match given("PLUGIN_UNIX_SOCKET_DIR") {
            Some(directory) => vec![directory.into()],
            None => temporary_directories(&variable),
        };
        Ok(Self { certificate, speaks_our_protocol, versions, ports, socket_parents })
    }
}

/// Returns the directories for temporary files and sockets, best first. An empty variable counts as unset.
pub(super) fn temporary_directories(variable: impl Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> = Vec::new();
    let named = ["TMPDIR", "XDG_RUNTIME_DIR"].into_iter().filter_map(variable);
    for directory in named.filter(|value| !value.is_empty()).chain(["/tmp".to_owned()]) {
        let directory = PathBuf::from(directory);
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    directories
}

/// Returns a variable of this process. A value that is not UTF-8 must not count as absent: without a certificate there
/// is no TLS.
pub(super) fn of_process(name: &str) -> Option<String> {
    Some(std::env::var_os(name)?.to_string_lossy().into_owned())
}

fn malformed(name: &str, problem: &str) -> String {
    format!("the variable {name} that the host set is malformed: {problem}")
}

fn parse_certificate(pem: &str) -> Result<CertificateDer<'static>, String> {
    let malformed = |problem: &str| malformed("PLUGIN_CLIENT_CERT", problem);
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    let first = certificates.next().ok_or_else(|| malformed("it contains no certificate"))?;
    let certificate = first.map_err(|error| malformed(&error.to_string()))?;
    if certificates.next().is_some() {
        return Err(malformed("it contains more than one certificate"));
    }
    Ok(certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(variables: &[(&str, &str)]) -> Result<Offer, String> {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        Offer::from_environment(find)
    }

    #[test]
    fn nothing_given_is_plaintext_and_the_defaults() {
        let offer = offer(&[("PLUGIN_CLIENT_CERT", "")]).unwrap();
        assert_eq!((offer.certificate, offer.speaks_our_protocol), (None, true));
        assert_eq!(offer.ports, 10_000..=25_000);
    }

    #[test]
    fn sockets_go_where_the_host_says_or_where_temporary_files_go() {
        let parents = |variables| offer(variables).unwrap().socket_parents;
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(parents(&[]), paths(&["/tmp"]));
        assert_eq!(parents(&[("TMPDIR", ""), ("XDG_RUNTIME_DIR", "")]), paths(&["/tmp"]));
        assert_eq!(
            parents(&[("TMPDIR", "/t"), ("XDG_RUNTIME_DIR", "/run/user/1")]),
            paths(&["/t", "/run/user/1", "/tmp"])
        );
        assert_eq!(parents(&[("TMPDIR", "/tmp")]), paths(&["/tmp"]));
        assert_eq!(parents(&[("TMPDIR", "/t"), ("PLUGIN_UNIX_SOCKET_DIR", "/s")]), paths(&["/s"]));
    }

    #[test]
    fn six_is_found_wherever_it_stands() {
        for (versions, speaks) in [("5,6", true), ("6,5", true), ("6", true), ("5", false), ("16,66", false)]
        {
            assert_eq!(offer(&[("PLUGIN_PROTOCOL_VERSIONS", versions)]).unwrap().speaks_our_protocol, speaks);
        }
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (name, value) in [
            ("PLUGIN_MIN_PORT", "x"),
            ("PLUGIN_MAX_PORT", "70000"),
            ("PLUGIN_MIN_PORT", "0"),
            ("PLUGIN_MIN_PORT", "30000"),
            ("PLUGIN_CLIENT_CERT", "rubbish"),
            ("PLUGIN_CLIENT_CERT", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
        ] {
            assert!(offer(&[(name, value)]).unwrap_err().contains("PLUGIN_"), "{name}={value}");
        }
    }
}
