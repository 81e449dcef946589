//! Proxies from the environment, by the rules of Go's `ProxyFromEnvironment`. Only https is ever proxied: plain http is
//! used only for loopback and the metadata service, and neither may pass through a proxy.

use std::net::IpAddr;
use std::sync::Arc;

use url::{Host, Url};

use crate::endpoints;

/// Default port of a SOCKS proxy [RFC 1928 §3].
const SOCKS_PORT: u16 = 1080;

/// Which requests go through a proxy. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Proxies(Option<Arc<Configured>>);

struct Configured {
    /// URL of the proxy. May hold a user name and password.
    proxy: Url,
    direct: Vec<Rule>,
}

/// One entry of `NO_PROXY`.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    All,
    /// Addresses that share this many leading bits with this one.
    Network(IpAddr, u8),
    /// A name and its subdomains; only the subdomains if it began with a dot.
    Domain {
        name: String,
        below_only: bool,
        port: Option<u16>,
    },
    Address(IpAddr, u16),
}

impl Proxies {
    /// Parses the values of `HTTPS_PROXY` and `NO_PROXY`.
    ///
    /// # Errors
    ///
    /// A clause that describes the required form of the proxy's URL, without the URL: it may hold a password.
    pub(crate) fn parse(https_proxy: Option<&str>, no_proxy: Option<&str>) -> Result<Self, &'static str> {
        let Some(text) = https_proxy.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(Self::default());
        };
        let entries = no_proxy.unwrap_or_default().split(',').map(|entry| entry.trim().to_lowercase());
        let direct: Vec<Rule> =
            entries.filter(|entry| !entry.is_empty()).map(|entry| Rule::parse(&entry)).collect();
        // A proxy that is never used may be of any kind.
        if direct.contains(&Rule::All) {
            return Ok(Self::default());
        }
        let absolute = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let mut proxy =
            Url::parse(&absolute).map_err(|_| "it must be a URL such as http://proxy.example.com:3128")?;
        match proxy.scheme() {
            "http" | "https" => {}
            "socks5" | "socks5h" => {
                let port = proxy.port().unwrap_or(SOCKS_PORT);
                proxy.set_port(Some(port)).map_err(|()| "it must contain a host name")?;
            }
            _ => return Err("only http://, https://, socks5:// and socks5h:// proxies are supported"),
        }
        if proxy.host_str().is_none_or(str::is_empty) {
            return Err("it must contain a host name");
        }
        Ok(Self(Some(Arc::new(Configured { proxy, direct }))))
    }

    /// Returns the proxy for a request, if it must use one.
    pub(crate) fn of(&self, url: &Url) -> Option<Url> {
        let configured = self.0.as_deref()?;
        let (host, port) = (url.host()?, url.port_or_known_default()?);
        let direct = url.scheme() != "https"
            || endpoints::is_loopback(&host)
            || endpoints::is_metadata(&host)
            || configured.direct.iter().any(|rule| rule.matches(&host, port));
        (!direct).then(|| configured.proxy.clone())
    }

    /// Returns host and port of the proxy, for errors.
    pub(crate) fn name(&self) -> Option<String> {
        let proxy = &self.0.as_deref()?.proxy;
        let host = proxy.host_str()?;
        Some(proxy.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    }
}

impl Rule {
    fn parse(entry: &str) -> Self {
        if entry == "*" {
            return Self::All;
        }
        if let Some(network) = network(entry) {
            return network;
        }
        let (host, port) = match entry.rsplit_once(':').map(|(host, port)| (host, port.parse().ok())) {
            Some((host, Some(port))) => (host, Some(port)),
            _ => (entry, None),
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let (Ok(address), Some(port)) = (bare.parse(), port) {
            return Self::Address(address, port);
        }
        let below = host.strip_prefix("*.").or_else(|| host.strip_prefix('.'));
        Self::Domain { name: below.unwrap_or(host).to_owned(), below_only: below.is_some(), port }
    }

    fn matches(&self, host: &Host<&str>, port: u16) -> bool {
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        };
        match (self, host) {
            (Self::All, _) => true,
            (Self::Network(network, bits), _) => {
                address.is_some_and(|address| agree(address, *network, *bits))
            }
            (Self::Address(wanted, wanted_port), _) => address == Some(*wanted) && port == *wanted_port,
            (Self::Domain { name, below_only, port: wanted }, Host::Domain(host)) => {
                let below = host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'));
                wanted.is_none_or(|wanted| wanted == port) && (below || (!below_only && host == name))
            }
            (Self::Domain { .. }, _) => false,
        }
    }
}

/// Parses `10.0.0.0/8`, or an address alone.
fn network(entry: &str) -> Option<Rule> {
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address.parse().ok()?, Some(bits.parse().ok()?)),
        None => (entry.trim_start_matches('[').trim_end_matches(']').parse().ok()?, None),
    };
    let width = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
    let bits: u8 = bits.unwrap_or(width);
    (bits <= width).then_some(Rule::Network(address, bits))
}

fn agree(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let equal = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        _ => return false,
    };
    equal >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxied(no_proxy: &str, url: &str) -> bool {
        let proxies = Proxies::parse(Some("http://u:p@proxy.example.com:3128"), Some(no_proxy)).unwrap();
        proxies.of(&url.parse().unwrap()).is_some()
    }

    #[test]
    fn only_https_beyond_this_machine_is_proxied() {
        assert!(proxied("", "https://iam.r.example.com/"));
        for url in [
            "http://127.0.0.1:1/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://[::1]/",
            "http://169.254.169.254/",
            "https://169.254.169.254/",
        ] {
            assert!(!proxied("", url), "{url}");
        }
    }

    #[test]
    fn exceptions_as_go_reads_them() {
        for (no_proxy, url, through) in [
            ("*", "https://a.example.com/", false),
            ("example.com", "https://a.example.com/", false),
            ("example.com", "https://example.com/", false),
            ("example.com", "https://notexample.com/", true),
            (".example.com", "https://example.com/", true),
            ("*.example.com", "https://a.example.com/", false),
            (" other.org , EXAMPLE.com ", "https://a.example.com/", false),
            ("example.com:443", "https://a.example.com/", false),
            ("example.com:8443", "https://a.example.com/", true),
            ("10.0.0.0/8", "https://10.9.8.7/", false),
            ("10.0.0.0/8", "https://11.9.8.7/", true),
            ("0.0.0.0/0", "https://11.9.8.7/", false),
            ("10.9.8.7", "https://10.9.8.7/", false),
            ("10.9.8.7:80", "https://10.9.8.7/", true),
            ("fd00::/8", "https://[fd12::1]/", false),
            ("fd00::/8", "https://10.0.0.1/", true),
            (",,", "https://a.example.com/", true),
        ] {
            assert_eq!(proxied(no_proxy, url), through, "{no_proxy} {url}");
        }
    }

    #[test]
    fn the_proxy_itself() {
        let proxies = Proxies::parse(Some("proxy.example.com"), None).unwrap();
        assert_eq!(proxies.name().as_deref(), Some("proxy.example.com:80"));
        assert_eq!(Proxies::parse(Some("http://u:p@h:1"), None).unwrap().name().as_deref(), Some("h:1"));
        assert!(Proxies::parse(Some(" "), None).unwrap().name().is_none());
        for scheme in ["socks5", "socks5h", "SOCKS5"] {
            let url = format!("{scheme}://u:p@proxy.example.com");
            let proxies = Proxies::parse(Some(&url), None).unwrap();
            assert_eq!(proxies.name().as_deref(), Some("proxy.example.com:1080"), "{url}");
            assert_eq!(
                Proxies::parse(Some(&format!("{url}:9050")), None).unwrap().name().as_deref(),
                Some("proxy.example.com:9050")
            );
        }
        for text in ["socks4://h:1", "ftp://h:1", "http://", "socks5://", "http://u:p@:x"] {
            assert!(Proxies::parse(Some(text), None).is_err(), "{text}");
            assert!(Proxies::parse(Some(text), Some("a.example.com, *")).unwrap().name().is_none(), "{text}");
        }
    }
}
