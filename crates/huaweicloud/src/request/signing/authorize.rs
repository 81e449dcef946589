//! Adds a credential to a request: a signature, or a token.

use std::time::SystemTime;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::signer;
use crate::request::call::Call;
use crate::request::credential::Form;

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
    match call.credential.as_ref().map(|credential| &credential.form) {
        None => {}
        Some(Form::Token(token)) => {
            headers.insert("x-auth-token", secret_header(token)?);
        }
        Some(Form::Key { access_key, secret_key, security_token }) => {
            let date = signer::date(date.into());
            let content_type = headers.get(CONTENT_TYPE).cloned();
            let content_type = content_type.as_ref().and_then(|value| value.to_str().ok());
            let added =
                [("x-domain-id", call.domain), ("x-project-id", call.project), ("x-sdk-date", Some(&*date))];
            for (name, value) in added {
                if let Some(value) = value {
                    headers.insert(name, header(value)?);
                }
            }
            let security = security_token.as_ref().map(ExposeSecret::expose_secret);
            // Sorted by name, as the signature requires.
            let signed = [("content-type", content_type), ("host", Some(&*call.endpoint.host))].into_iter();
            let signed = signed.chain(added).chain([("x-security-token", security)]);
            let signed: Vec<(&str, &str)> = signed.filter_map(|(name, value)| Some((name, value?))).collect();
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
                headers.insert("x-security-token", secret_header(token)?);
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
