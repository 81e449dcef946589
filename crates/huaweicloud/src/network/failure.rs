//! Explanations of requests without a complete response: what failed, and which setting to check.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::{AlertDescription, CertificateError};

use super::proxy::Proxies;
use super::system_limit::{self, NoThread};
use super::tls::Tls;
use super::wire::{CONNECT_TIMEOUT, TransportError};
use crate::error::{Kind, tidy};

/// A host name that did not resolve to an address.
#[derive(Debug)]
pub(crate) struct NotResolved {
    pub(crate) host: String,
    pub(crate) error: io::Error,
}

impl fmt::Display for NotResolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.host, self.error)
    }
}

impl StdError for NotResolved {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}

/// Explains why the HTTP client failed.
pub(crate) fn explain(error: reqwest::Error, tls: &Tls, proxies: &Proxies) -> TransportError {
    let failure = describe(&error, tls, proxies);
    // The URL may hold secrets of others, and is reported separately.
    TransportError { source: Some(Arc::new(error.without_url())), ..failure }
}

fn describe(error: &reqwest::Error, tls: &Tls, proxies: &Proxies) -> TransportError {
    let proxy = error.url().filter(|url| proxies.of(url).is_some()).and_then(|_| proxies.name());
    let host = error.url().and_then(|url| {
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    });
    let host = host.unwrap_or_else(|| "the server".to_owned());
    if let Some(failure) = limited(error, &host) {
        return failure;
    }
    if let Some(proxy) =
        proxy.as_deref().filter(|_| error.is_connect() && find::<rustls::Error>(error).is_none())
    {
        return not_through(error, &host, proxy);
    }
    let mut failure = if let Some(missing) = find::<NotResolved>(error) {
        not_resolved(missing)
    } else if let Some(cause) = find::<rustls::Error>(error).filter(|it| error.is_connect() || is_refusal(it))
    {
        not_trusted(cause, &host)
    } else if error.is_connect() {
        not_connected(error, &host)
    } else {
        let reason = root(error);
        let text = format!("The connection to {host} broke before the response was complete ({reason}).");
        TransportError::new(Kind::Interrupted, text, true)
    };
    if tls.client.is_missing() && matches!(failure.kind, Kind::Tls | Kind::Interrupted) {
        failure.text.push_str(" The server requires a client certificate: set `cert` and `key`.");
    }
    if let Some(proxy) = proxy {
        failure.text += &format!(" The request went through the proxy {proxy} (HTTPS_PROXY, NO_PROXY).");
    }
    failure
}

/// Explains a limit of this machine. Other processes may free resources in time.
fn limited(error: &reqwest::Error, host: &str) -> Option<TransportError> {
    let advice = if find::<NoThread>(error).is_some() {
        system_limit::THREADS
    } else {
        causes(error).filter_map(|cause| cause.downcast_ref()).find_map(system_limit::advice)?
    };
    let text = format!("No connection to {host} ({}). {advice}", root(error));
    Some(TransportError::new(Kind::SystemLimit, text, true))
}

fn not_resolved(NotResolved { host, error }: &NotResolved) -> TransportError {
    let reason = tidy(&error.to_string()).unwrap_or_default();
    let text = format!(
        "The host name {host} was not resolved ({reason}). Check `region`, `cloud` and `endpoints`, and this machine's DNS."
    );
    TransportError::new(Kind::Dns, text, is_temporary(error))
}

/// `WSATRY_AGAIN` of Windows, whose message is in the system's language.
const WINDOWS_TRY_AGAIN: i32 = 11_002;

/// Whether a resolver failure is temporary; that a name does not exist is permanent. The messages are those of glibc
/// and musl.
fn is_temporary(error: &io::Error) -> bool {
    let reason = error.to_string().to_lowercase();
    (cfg!(windows) && error.raw_os_error() == Some(WINDOWS_TRY_AGAIN))
        || reason.contains("temporary")
        || reason.contains("try again")
}

/// Explains a failure at the proxy: it received the request, not the host.
fn not_through(error: &reqwest::Error, host: &str, proxy: &str) -> TransportError {
    let missing = find::<NotResolved>(error);
    let (reason, kind) = match missing {
        Some(missing) => (format!("the host name {} was not resolved", missing.host), Kind::Dns),
        None => (root(error), Kind::Connect),
    };
    // Tunnel errors of the HTTP client are recognized by their message alone: the type is private.
    let wants_password = reason == "tunnel error: proxy authorization required";
    let reason = match reason.as_str() {
        _ if wants_password => "the proxy requires a user name and password",
        "tunnel error: unsuccessful" => "the proxy rejected the CONNECT request",
        "tunnel error: unexpected end of file" => "the proxy closed the connection",
        other => other,
    };
    let text = format!(
        "No connection to {host} through the proxy {proxy} ({reason}). Check HTTPS_PROXY, the user name and password in it (http://USER:PASSWORD@HOST:PORT), and whether {host} belongs in NO_PROXY."
    );
    let retryable = !wants_password && missing.is_none_or(|missing| is_temporary(&missing.error));
    TransportError::new(kind, text, retryable)
}

fn not_connected(error: &reqwest::Error, host: &str) -> TransportError {
    let refused = find::<io::Error>(error).is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused);
    let text = if refused && !error.is_timeout() {
        format!(
            "{host} refused the connection. Check `endpoints` and `auth_url` if you set them, and that the service is running."
        )
    } else {
        let timeout = format!("within {} s", CONNECT_TIMEOUT.as_secs());
        let reason = if error.is_timeout() { timeout } else { format!("({})", root(error)) };
        format!(
            "No connection to {host} {reason}. Check the network, and whether a proxy (HTTPS_PROXY) is needed."
        )
    };
    TransportError::new(Kind::Connect, text, true)
}

/// Whether the server ended the handshake because of this client's identity, which with TLS 1.3 happens after it.
fn is_refusal(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
                | AlertDescription::HandshakeFailure
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
        )
    )
}

/// A new Windows installation may lack the authority only because nothing has needed it yet.
const UNKNOWN_ISSUER: &str = if cfg!(windows) {
    "The authority that issued the server's certificate is not trusted. For a private cloud or a proxy that inspects TLS, set `cacert_file` to the certificate of that authority. Windows installs a public authority only when it is first needed: open the address once in a browser or with PowerShell's Invoke-WebRequest, then try again."
} else {
    "The authority that issued the server's certificate is not trusted. For a private cloud or a proxy that inspects TLS, set `cacert_file` to the certificate of that authority."
};

/// Number of a certificate's names that an error shows.
const SHOWN_NAMES: usize = 3;

/// Returns the names of a certificate, which the TLS library formats as `DnsName("…")`.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inner = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner.trim_end_matches(')'));
        inner.trim_matches('"').to_owned()
    };
    let shown: Vec<String> = presented.iter().take(SHOWN_NAMES).map(bare).collect();
    let shown = tidy(&shown.join(", ")).unwrap_or_else(|| "no name".to_owned());
    match presented.len().checked_sub(SHOWN_NAMES) {
        None | Some(0) => format!("the certificate is valid for {shown}"),
        Some(more) => format!("the certificate is valid for {shown} and {more} more"),
    }
}

fn not_trusted(error: &rustls::Error, host: &str) -> TransportError {
    let advice = match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::UnknownIssuer => UNKNOWN_ISSUER,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "The server's certificate is for another name: check `region`, `endpoints`, `auth_url` and `cloud`."
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => {
                "The server's certificate is expired or not valid yet: check this machine's clock, or have the certificate renewed."
            }
            _ => "The server's certificate was not accepted: check `cacert_file`.",
        },
        refusal if is_refusal(refusal) => {
            "The server rejected the handshake. If it requires a client certificate, check `cert` and `key`."
        }
        rustls::Error::General(_) => "Set `cacert_file` to the authorities to trust.",
        rustls::Error::InvalidMessage(_) => {
            "The server did not respond with TLS: check the port, and `endpoints` and `auth_url` if you set them."
        }
        _ => "TLS 1.2 or later is required.",
    };
    let reason = match error {
        rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) => {
            names(presented)
        }
        _ => tidy(&error.to_string()).unwrap_or_default(),
    };
    let text = format!("The TLS handshake with {host} failed ({reason}). {advice}");
    TransportError::new(Kind::Tls, text, false)
}

/// Returns the first cause of type `T`.
fn find<T: StdError + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Returns an error and its causes. `io::Error` exposes the error it wraps as its inner error, not as its source.
fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next: Option<&'a (dyn StdError + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
        Some(cause)
    })
}

/// Returns the last cause, which is the most specific. It does not contain a URL.
fn root(error: &reqwest::Error) -> String {
    let text = causes(error).last().map(ToString::to_string).unwrap_or_default();
    tidy(&text).unwrap_or_else(|| "no reason given".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_certificates_names_three_are_shown() {
        let presented = |count: usize| {
            let all =
                ["DnsName(\"localhost\")", "IpAddress(127.0.0.1)", "IpAddress(0::1)", "DnsName(\"*.a\")"];
            all.iter().take(count).map(|name| (*name).to_owned()).collect::<Vec<_>>()
        };
        for (count, text) in [
            (0, "the certificate is valid for no name"),
            (1, "the certificate is valid for localhost"),
            (3, "the certificate is valid for localhost, 127.0.0.1, 0::1"),
            (4, "the certificate is valid for localhost, 127.0.0.1, 0::1 and 1 more"),
        ] {
            assert_eq!(names(&presented(count)), text);
        }
    }

    #[test]
    fn only_what_the_resolver_calls_temporary_is() {
        for (text, temporary) in [
            ("failed to lookup address information: Temporary failure in name resolution", true),
            ("failed to lookup address information: Try again", true),
            ("failed to lookup address information: Name or service not known", false),
        ] {
            assert_eq!(is_temporary(&io::Error::other(text)), temporary, "{text}");
        }
        assert_eq!(is_temporary(&io::Error::from_raw_os_error(WINDOWS_TRY_AGAIN)), cfg!(windows));
    }
}
