//! Endpoint of each service: the configured one, otherwise a host name built from region and cloud.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use percent_encoding::percent_decode_str;
use url::{Host, Position, Url};

use crate::escape;

/// A service of the cloud, with its service-specific facts.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Key in `endpoints`; upper-cased it is part of the variable `HW_<KEY>_ENDPOINT`.
    pub key: &'static str,
    /// First label of its host names.
    pub host: &'static str,
    /// Keys that users write by mistake for this one.
    pub misspellings: &'static [&'static str],
    /// Error codes of a 403 that means too many requests.
    pub throttling_codes: &'static [&'static str],
    /// Error code of a 403 that rejects a token of another project.
    pub foreign_token_code: Option<&'static str>,
}

impl Service {
    /// Creates a service without error codes of its own.
    pub const fn new(key: &'static str, host: &'static str) -> Self {
        Self { key, host, misspellings: &[], throttling_codes: &[], foreign_token_code: None }
    }
}

/// Identity and Access Management: projects, tokens, temporary access keys.
pub const IAM: Service = Service::new("iam", "iam");
/// Security Token Service: agencies by account ID.
pub const STS: Service = Service::new("sts", "sts");
/// The metadata service of an elastic cloud server.
pub const METADATA: Service = Service::new("metadata", "metadata");

/// Address of the metadata service, the same on every server.
const METADATA_ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

/// A base URL for requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// `https://host` or `https://host:port`.
    origin: String,
    /// The `Host` header, with the port unless it is the scheme's default.
    pub(crate) host: String,
    /// Path segments before those of the API, decoded.
    prefix: Vec<String>,
    /// Name of the setting that configures it, for errors: "`auth_url`", "the endpoint `iam`", a variable.
    set_by: Option<String>,
}

impl Endpoint {
    /// Parses a base URL as the official provider does: the scheme defaults to https, a trailing slash is ignored.
    ///
    /// # Errors
    ///
    /// A clause that describes the required form of the URL, without the URL.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("it must not be empty");
        }
        let absolute =
            if text.contains("://") { Cow::Borrowed(text) } else { Cow::Owned(format!("https://{text}")) };
        let url = Url::parse(&absolute).map_err(|_| "it must be a URL such as https://host.example.com")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not contain a user name or password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it must not contain a query (?) or a fragment (#)");
        }
        let host = url.host().filter(|host| host.to_string() != "").ok_or("it must contain a host name")?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) || is_metadata(&host) => {}
            "http" => {
                return Err(
                    "it must begin with https://, because plain http:// is allowed for loopback addresses only",
                );
            }
            _ => return Err("it must be an https:// URL"),
        }
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let segments = url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty());
        let decoded: Result<Vec<_>, _> =
            segments.map(|segment| percent_decode_str(segment).decode_utf8().map(Cow::into_owned)).collect();
        let prefix = decoded.map_err(|_| "its path must be UTF-8")?;
        Ok(Self { origin: format!("{}://{host}", url.scheme()), host, prefix, set_by: None })
    }

    /// Names the setting that errors refer to.
    pub(crate) fn set_by(self, name: String) -> Self {
        Self { set_by: Some(name), ..self }
    }

    /// Name of the setting that configures it; `None` if it is built from region and cloud.
    pub(crate) fn setting(&self) -> Option<&str> {
        self.set_by.as_deref()
    }

    /// Returns the percent-encoded path of `segments` below this endpoint.
    ///
    /// # Errors
    ///
    /// If a segment is empty, `.` or `..`: these have a special meaning in URLs.
    pub(crate) fn path(&self, segments: &[&str]) -> Result<String, &'static str> {
        let mut out = String::with_capacity(128);
        for segment in self.prefix.iter().map(String::as_str).chain(segments.iter().copied()) {
            if matches!(segment, "" | "." | "..") {
                return Err("A segment of the request path is empty, `.` or `..`.");
            }
            escape::push_segment(&mut out, segment);
        }
        Ok(out)
    }

    /// Returns the URL of an encoded path and query.
    pub(crate) fn url(&self, path: &str, query: &str) -> String {
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{separator}{query}", self.origin)
    }

    /// Checks that only the metadata service uses the metadata address, for which plain http is allowed.
    pub(crate) fn of_service(self, service: Service) -> Result<Self, &'static str> {
        if service.key != METADATA.key && self.origin.starts_with(&format!("http://{METADATA_ADDRESS}")) {
            return Err("169.254.169.254 is the metadata service: set the https:// URL of another host");
        }
        Ok(self)
    }
}

/// Whether a host is this machine, by a literal loopback address or the name `localhost`.
pub(crate) fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.as_ref() == "localhost",
    }
}

/// Whether a host is the metadata service's address.
pub(crate) fn is_metadata<S>(host: &Host<S>) -> bool {
    matches!(host, Host::Ipv4(address) if *address == METADATA_ADDRESS)
}

/// Endpoints of all services.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    custom: BTreeMap<&'static str, Endpoint>,
    auth: Option<Endpoint>,
    cloud: String,
}

impl Endpoints {
    /// `custom` is keyed by service, `auth` is from `auth_url`, which may end in `v3`.
    pub(crate) fn new(
        custom: BTreeMap<&'static str, Endpoint>,
        auth: Option<Endpoint>,
        cloud: String,
    ) -> Self {
        let auth = auth.map(|mut auth| {
            auth.prefix.pop_if(|last| last == "v3");
            auth
        });
        Self { custom, auth, cloud }
    }

    /// Name of the setting that configures the endpoint of the service, if any.
    pub(crate) fn setting(&self, service: Service) -> Option<&str> {
        self.custom.get(service.key)?.setting()
    }

    /// Whether the configuration sets the endpoint of the service, directly or, for IAM, with `auth_url`.
    pub(crate) fn is_configured(&self, service: Service) -> bool {
        self.custom.contains_key(service.key) || (service.key == IAM.key && self.auth.is_some())
    }

    /// Returns the endpoint of a service in a region.
    ///
    /// # Errors
    ///
    /// If region and cloud do not form a valid host name.
    pub(crate) fn of(&self, service: Service, region: &str) -> Result<Cow<'_, Endpoint>, &'static str> {
        if let Some(endpoint) = self.custom.get(service.key) {
            return Ok(Cow::Borrowed(endpoint));
        }
        if let Some(auth) = self.auth.as_ref().filter(|_| service.key == IAM.key) {
            return Ok(Cow::Borrowed(auth));
        }
        if service.key == METADATA.key {
            return Endpoint::parse(&format!("http://{METADATA_ADDRESS}")).map(Cow::Owned);
        }
        Endpoint::parse(&format!("https://{}.{region}.{}", service.host, self.cloud)).map(Cow::Owned)
    }

    /// Returns the endpoint for projects and tokens: `auth_url` if set, otherwise the endpoint of IAM.
    pub(crate) fn identity(&self, region: &str) -> Result<Cow<'_, Endpoint>, &'static str> {
        self.auth.as_ref().map_or_else(|| self.of(IAM, region), |auth| Ok(Cow::Borrowed(auth)))
    }
}

/// Whether `region` can be part of a host name: lower-case letters, digits and hyphens, one label.
pub fn is_region(region: &str) -> bool {
    is_label(region) && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether `name` is a host name of at least two labels.
pub fn is_domain(name: &str) -> bool {
    name.contains('.') && is_host_name(name)
}

/// Whether a text is a host name [RFC 1123 §2.1] and not an IP address. IP addresses contain a colon, or end in a
/// number, which may be hexadecimal [WHATWG URL, "ends in a number"].
pub fn is_host_name(name: &str) -> bool {
    let is_number = |label: &str| {
        let hexadecimal = label.strip_prefix("0x").or(label.strip_prefix("0X"));
        label.bytes().all(|b| b.is_ascii_digit())
            || hexadecimal.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    name.len() <= 253 && name.split('.').all(is_label) && !name.rsplit('.').next().is_some_and(is_number)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<String, &'static str> {
        let endpoint = Endpoint::parse(text)?;
        Ok(endpoint.url(&endpoint.path(&["v5", "a b/c"])?, "x=1"))
    }

    #[test]
    fn an_endpoint_is_read_leniently_but_safely() {
        for (text, expected) in [
            ("https://h.example.com", "https://h.example.com/v5/a%20b%2Fc?x=1"),
            (" https://h.example.com/ ", "https://h.example.com/v5/a%20b%2Fc?x=1"),
            ("h.example.com:8443", "https://h.example.com:8443/v5/a%20b%2Fc?x=1"),
            ("https://h.example.com:443/pre/fix/", "https://h.example.com/pre/fix/v5/a%20b%2Fc?x=1"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v5/a%20b%2Fc?x=1"),
            ("http://127.9.9.9", "http://127.9.9.9/v5/a%20b%2Fc?x=1"),
            ("http://[::1]:9", "http://[::1]:9/v5/a%20b%2Fc?x=1"),
            ("HTTP://LOCALHOST:9", "http://localhost:9/v5/a%20b%2Fc?x=1"),
        ] {
            assert_eq!(url(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "  ",
            "https://",
            "http://h.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "ftp://h",
            "https://u:p@h.example.com",
            "https://h.example.com?x",
            "https://h.example.com#x",
            "http://[::ffff:127.0.0.1]",
            "https://a b",
            "http://127.0.0.1.example.com",
            "http://localhost@evil.example.com",
        ] {
            assert!(url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dots_and_nothing_are_no_segments() {
        let endpoint = Endpoint::parse("https://h.example.com").unwrap();
        for segment in ["", ".", ".."] {
            assert!(endpoint.path(&["v5", segment]).is_err());
        }
    }

    #[test]
    fn the_configuration_comes_before_region_and_cloud() {
        let custom = BTreeMap::from([("sts", Endpoint::parse("https://sts.example.com").unwrap())]);
        let endpoints = Endpoints::new(custom.clone(), None, "myhuaweicloud.com".into());
        assert_eq!(endpoints.of(STS, "r").unwrap().host, "sts.example.com");
        assert_eq!(endpoints.of(IAM, "r-1").unwrap().host, "iam.r-1.myhuaweicloud.com");
        assert_eq!(endpoints.of(METADATA, "r").unwrap().origin, "http://169.254.169.254");
        let auth = Endpoint::parse("https://iam.example.com/v3/").unwrap();
        let endpoints = Endpoints::new(custom, Some(auth), "myhuaweicloud.com".into());
        assert_eq!(
            endpoints.identity("r").unwrap().url("/v3/projects", ""),
            "https://iam.example.com/v3/projects"
        );
        assert_eq!(endpoints.of(IAM, "r").unwrap().host, "iam.example.com");
    }

    #[test]
    fn regions_and_clouds_cannot_move_a_request_elsewhere() {
        assert!(is_region("cn-north-4") && is_region("ru-moscow-1"));
        for region in ["", "CN", "a.b", "a/b", "evil.com#", "-a", "a-", "a b", "é", "a@b"] {
            assert!(!is_region(region), "{region}");
        }
        assert!(is_domain("myhuaweicloud.com") && is_domain("prod-cloud-ocb.orange-business.com"));
        for cloud in ["", "com", "a..b", "a.b/", "a.b:1", "a.b#", "x@y.z", "1.2.3.4", "a_b.c", ".a.b"] {
            assert!(!is_domain(cloud), "{cloud}");
        }
    }

    #[test]
    fn plain_http_to_the_metadata_address_is_for_the_metadata_service() {
        let endpoint = Endpoint::parse("http://169.254.169.254").unwrap();
        assert!(endpoint.clone().of_service(METADATA).is_ok());
        assert!(endpoint.of_service(IAM).is_err());
    }
}
