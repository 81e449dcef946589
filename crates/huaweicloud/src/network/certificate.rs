//! The fields of certificates that people read.

use std::time::SystemTime;

use rustls::pki_types::CertificateDer;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::{rfc3280, rfc4519};
use x509_cert::der::{Decode as _, Tag, Tagged as _};
use x509_cert::name::{Name, RelativeDistinguishedName};

use crate::error::text::tidy;

/// The readable fields of a certificate. Each text from the certificate is on one line, at most 1 KiB, without control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Subject in the format of RFC 4514: `CN=example.com,O=Example`. An attribute type that the RFC does not name is
    /// written as its object identifier, with the value as text. Empty if the certificate has names only among its
    /// alternative names.
    pub subject: String,
    /// Issuer, in the same format.
    pub issuer: String,
    /// End of validity.
    pub not_after: SystemTime,
}

/// The attribute types that RFC 4514, section 3, names, and the one that old authorities add.
const ATTRIBUTE_TYPES: [(ObjectIdentifier, &str); 10] = [
    (rfc4519::CN, "CN"),
    (rfc4519::L, "L"),
    (rfc4519::ST, "ST"),
    (rfc4519::O, "O"),
    (rfc4519::OU, "OU"),
    (rfc4519::C, "C"),
    (rfc4519::STREET, "STREET"),
    (rfc4519::DC, "DC"),
    (rfc4519::UID, "UID"),
    (rfc3280::EMAIL_ADDRESS, "EMAILADDRESS"),
];

impl Certificate {
    /// Parses a certificate; `None` if it is invalid.
    pub(crate) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        // This profile accepts what old authorities issued, such as negative serial numbers.
        let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
        let certificate = certificate.tbs_certificate();
        Some(Self {
            subject: distinguished_name(certificate.subject()),
            issuer: distinguished_name(certificate.issuer()),
            not_after: SystemTime::UNIX_EPOCH + certificate.validity().not_after.to_unix_duration(),
        })
    }
}

/// Formats a name as RFC 4514 does: the last attribute first, those of one element joined by `+`. Unlike there, the
/// value of a type without a name is text, and spaces around a value are left out. `Name`'s `Display` would bring the
/// names of 1,494 object identifiers into each binary, 190 KB.
fn distinguished_name(name: &Name) -> String {
    let element =
        |element: &RelativeDistinguishedName| element.iter().map(attribute).collect::<Vec<_>>().join("+");
    let mut elements: Vec<_> = name.iter_rdn().map(element).collect();
    elements.reverse();
    tidy(&elements.join(",")).unwrap_or_default()
}

fn attribute(attribute: &AttributeTypeAndValue) -> String {
    let known = ATTRIBUTE_TYPES.iter().find(|(oid, _)| *oid == attribute.oid);
    let name = known.map_or_else(|| attribute.oid.to_string(), |(_, name)| (*name).to_owned());
    let bytes = attribute.value.value();
    let value = if attribute.value.tag() == Tag::BmpString {
        let units: Vec<_> = bytes.as_chunks().0.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
        String::from_utf16_lossy(&units)
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    let value = value.trim();
    let mut text = format!("{name}={}", if value.starts_with('#') { "\\" } else { "" });
    for letter in value.chars() {
        if matches!(letter, '"' | '+' | ',' | ';' | '<' | '>' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::string::BmpString;
    use rcgen::{
        CertificateParams, CertifiedIssuer, DistinguishedName, DnType, DnValue, KeyPair, date_time_ymd,
    };

    fn named(attributes: impl IntoIterator<Item = (DnType, DnValue)>) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        for (kind, value) in attributes {
            params.distinguished_name.push(kind, value);
        }
        params
    }

    #[test]
    fn a_certificate_tells_whose_it_is_and_until_when() {
        let authority = named([
            (DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]), "ca@example.com".into()),
            (DnType::CustomDnType(vec![2, 5, 4, 15]), "#1".into()),
            (DnType::OrganizationName, DnValue::BmpString(BmpString::try_from("\u{534e}\u{4e3a}").unwrap())),
            (DnType::CommonName, "Example\u{9b} Authority".into()),
        ]);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let mut params = named([
            (DnType::OrganizationName, "Example, Ltd ".into()),
            (DnType::CommonName, "host.example.com".into()),
        ]);
        params.not_after = date_time_ymd(2031, 1, 1);
        let certificate = params.signed_by(&KeyPair::generate().unwrap(), &authority).unwrap();
        let read = Certificate::read(certificate.der()).unwrap();
        assert_eq!(read.subject, "CN=host.example.com,O=Example\\, Ltd");
        let issuer = "CN=Example Authority,O=\u{534e}\u{4e3a},2.5.4.15=\\#1,EMAILADDRESS=ca@example.com";
        assert_eq!(read.issuer, issuer);
        assert_eq!(httpdate::fmt_http_date(read.not_after), "Wed, 01 Jan 2031 00:00:00 GMT");
        assert_eq!(Certificate::read(&CertificateDer::from_slice(b"\x30\x03\x02\x01")), None);
    }
}
