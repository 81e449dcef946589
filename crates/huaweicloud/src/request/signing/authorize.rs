//! Adds a credential to a request: a signature, or a token.

use std::time::SystemTime;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::signer;
use crate::request::call::Call;
use crate::request::credential::Form;

const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const DOMAIN_ID: HeaderName = HeaderName::from_static("x-domain-id");
const PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
const SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");

/// Signs a call, or adds its token. `path` and `query` are encoded as they are sent.
///
/// # Errors
///
/// A sentence, if a value is not valid in a header.
pub(crate) fn authorize(
    headers: &mut HeaderMap,
    call: &Call<'_>,
    path: &str,
    query: &str,
    date: SystemTime,
) -> Result<(), &'static str> {
    match call.credential.map(|credential| &credential.form) {
        None => {}
        Some(Form::Token(token)) => {
            headers.insert(AUTH_TOKEN, secret_header(token)?);
        }
        Some(Form::Key { access_key, secret_key, security_token }) => {
            let date = signer::date(date.into());
            if let Some(domain) = call.domain {
                headers.insert(DOMAIN_ID, header(domain)?);
            }
            if let Some(project) = call.project {
                headers.insert(PROJECT_ID, header(project)?);
            }
            headers.insert(SDK_DATE, header(&date)?);
            let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            // Sorted by name, as the signature requires.
            let signed: Vec<(&str, &str)> = [
                content_type.map(|value| ("content-type", value)),
                Some(("host", call.endpoint.host.as_str())),
                call.domain.map(|value| ("x-domain-id", value)),
                call.project.map(|value| ("x-project-id", value)),
                Some(("x-sdk-date", date.as_str())),
                security_token.as_ref().map(|value| ("x-security-token", value.expose_secret())),
            ]
            .into_iter()
            .flatten()
            .collect();
            let request = signer::Request {
                method: call.method.as_str(),
                path,
                query,
                headers: &signed,
                body: call.body.as_deref().unwrap_or_default(),
                date: &date,
            };
            let authorization =
                Zeroizing::new(signer::sign(access_key.expose_secret(), secret_key, &request));
            headers.insert(AUTHORIZATION, sensitive(&authorization)?);
            if let Some(token) = security_token {
                headers.insert(SECURITY_TOKEN, secret_header(token)?);
            }
        }
    }
    Ok(())
}

/// Creates a header value that is never logged.
pub(crate) fn secret_header(secret: &SecretString) -> Result<HeaderValue, &'static str> {
    sensitive(secret.expose_secret())
}

fn sensitive(text: &str) -> Result<HeaderValue, &'static str> {
    let mut value = header(text)?;
    value.set_sensitive(true);
    Ok(value)
}

fn header(text: &str) -> Result<HeaderValue, &'static str> {
    HeaderValue::from_str(text)
        .map_err(|_| "A credential, project ID or account ID contains characters that are not valid in an HTTP header.")
}
