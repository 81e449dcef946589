//! The meaning of a response: success, or which error, and whether to retry.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION};
use url::Url;

use super::call::{AttemptError, Call, Retry};
use super::response::Response;
use super::retry;
use super::skew;
use crate::error::{Asked, CredentialSource, Error, Kind, Place, Reply, ServerError, Shape, tidy};
use crate::network::Incoming;

/// Evaluates a complete response. `off` is how many seconds the server's clock is ahead of the signed date.
pub(crate) fn judge(
    call: &Call<'_>,
    asked: &Arc<Asked>,
    incoming: Incoming,
    off: Option<i64>,
    now: SystemTime,
) -> Result<Response, AttemptError> {
    let Incoming { status, headers, body } = incoming;
    if status.is_success() {
        return Ok(Response { status, headers, body, asked: Arc::clone(asked), hidden: call.hidden() });
    }
    let words = ServerError::read(&headers, &body, &call.hidden());
    let retry = retry::after_response(call, status, &headers, &words, now);
    let kind = kind(status, call, &words, &body);
    let mut error = Error::new(kind.clone(), Some(asked), cause(&kind, asked, &headers));
    // A wrong clock is a sufficient explanation.
    let clock = off.filter(|_| kind == Kind::Unauthorized).and_then(skew::explain);
    if let Some(advice) = clock.or_else(|| advice(&kind, call, asked, &words)) {
        error = error.and(advice);
    }
    let error = error.with_reply(Reply { status: status.as_u16(), words });
    Err(AttemptError { error, retry })
}

/// Creates the error of an attempt that was cut off by the timeout of one attempt, or by the caller's deadline.
pub(crate) fn too_late(asked: &Arc<Asked>, limit: Duration, by_deadline: bool) -> AttemptError {
    let host = asked.host();
    if by_deadline {
        let cause = format!("The read timed out before {host} responded.");
        return Error::new(Kind::Deadline, Some(asked), cause).into();
    }
    let cause = format!("{host} did not respond completely within {} s.", limit.as_secs_f64());
    let error = Error::new(Kind::Timeout, Some(asked), cause)
        .and("That is the limit for one attempt: on a slow network, raise `request_timeout`.");
    AttemptError { error, retry: Retry::After(None) }
}

fn kind(status: StatusCode, call: &Call<'_>, words: &ServerError, body: &[u8]) -> Kind {
    match status.as_u16() {
        _ if retry::is_throttled(call, status, words) => Kind::Throttled,
        300..=399 => Kind::Redirect,
        401 if words.is_locked() => Kind::Locked,
        401 | 403 if words.shape == Shape::Foreign => Kind::Intercepted,
        // The cloud may reject without a body, and a wrong key must not be retried.
        401 => Kind::Unauthorized,
        403 if words.shape == Shape::Empty => Kind::Intercepted,
        403 => Kind::Forbidden,
        404 if words.shape == Shape::Foreign
            || words.is_unknown_api()
            || (words.code.is_none() && !body.is_empty()) =>
        {
            Kind::WrongEndpoint
        }
        404 => Kind::NotFound,
        400..=499 => Kind::Rejected,
        _ => Kind::Unavailable,
    }
}

fn cause(kind: &Kind, asked: &Asked, headers: &HeaderMap) -> String {
    let host = asked.host();
    let credential =
        asked.credential.as_ref().map_or_else(|| "the credentials".to_owned(), ToString::to_string);
    match kind {
        Kind::Unauthorized => format!("{host} did not accept {credential}."),
        Kind::Locked => format!("{host} has locked {credential} after repeated failed attempts."),
        Kind::Intercepted => format!(
            "The response is not in the cloud's format: something on the network path to {host} rejected the request. {host} may not have checked {credential}."
        ),
        Kind::Forbidden => format!("{host} accepted {credential}, but not for this request."),
        Kind::NotFound => format!("{host} reports that it does not exist."),
        Kind::WrongEndpoint => format!("{host} does not serve this API."),
        Kind::Throttled => format!("{host} reports too many requests."),
        Kind::Redirect => {
            format!("{host} redirects to {}, and redirects are not followed.", target(asked, headers))
        }
        Kind::Rejected => format!("{host} rejected the request."),
        _ => format!("{host} could not process the request."),
    }
}

fn advice(kind: &Kind, call: &Call<'_>, asked: &Asked, words: &ServerError) -> Option<String> {
    let Asked { region, project, service, iam_action, credential, .. } = asked;
    match kind {
        Kind::Unauthorized => {
            let check = check(credential.as_deref()?, call.credential.is_some());
            Some(format!("{check} It will not be retried{}.", lock(credential.as_deref()?, call)))
        }
        Kind::Locked => Some(
            "API Gateway locks an access key for five minutes after five failed attempts in a row, even if the secret key is now correct. Wait five minutes, then try again. Find the process that still uses a wrong secret key."
                .to_owned(),
        ),
        Kind::Intercepted => {
            let setting = call.endpoint.setting().map(|setting| format!(", and {setting}"));
            Some(format!(
                "Check proxies (HTTPS_PROXY, NO_PROXY), firewalls and login pages between this machine and the cloud{}.",
                setting.unwrap_or_default()
            ))
        }
        Kind::Forbidden if is_foreign_token(call, words, credential.as_deref()) => Some(
            "A token is valid for one project, until it expires. Get one for this project, or use an access key or a password."
                .to_owned(),
        ),
        Kind::Forbidden => {
            let permission = iam_action.map(|action| format!("Reading it requires the IAM permission `{action}`."));
            let place = project.as_ref().map(|project| {
                format!("Also check that project {project} belongs to the account of these credentials in region {region}. Without `project_id` (or HW_PROJECT_ID) it is looked up.")
            });
            permission.into_iter().chain(place).reduce(|permission, place| format!("{permission} {place}"))
        }
        Kind::NotFound => project
            .as_ref()
            .map(|project| format!("Only region {region} and project {project} were searched: check both, and the ID.")),
        Kind::WrongEndpoint => Some(match call.endpoint.setting() {
            Some(setting) => format!("Check {setting}."),
            None => format!("Check `region` and `cloud`, or set the endpoint `{service}`."),
        }),
        Kind::Redirect => {
            let setting = call.endpoint.setting().unwrap_or("`region` and `cloud`");
            Some(format!("Check {setting}, and whether a proxy or a login page intercepts the request."))
        }
        _ => None,
    }
}

/// Returns what to check about a rejected credential. `is_exchanged`: the request used what it was exchanged for.
fn check(source: &CredentialSource, is_exchanged: bool) -> String {
    let check = match source {
        CredentialSource::AccessKey { place, security_token_place } => {
            let argument = match security_token_place.as_ref().unwrap_or(place) {
                Place::Block(_) => "`security_token`",
                Place::Environment(_) => "HW_SECURITY_TOKEN",
                Place::Profile { .. } => "securityToken in the profile",
            };
            return match security_token_place {
                None => format!(
                    "Check that the access key exists in this cloud, is active, and belongs to the secret key. A temporary access key also needs its security token ({argument})."
                ),
                Some(_) => format!(
                    "A security token ({argument}) was sent too: check that it belongs to this access key and has not expired. If the access key is permanent, remove the security token."
                ),
            };
        }
        CredentialSource::Token(_) => "Check that it is complete, issued by this cloud, and not expired.",
        CredentialSource::Password(_) if is_exchanged => {
            "IAM accepted the password, but this service does not accept its token: check that `cloud`, `auth_url` and `endpoints` belong to the same cloud."
        }
        CredentialSource::Password(_) => {
            "Check that user, password and account (`domain_name` or `domain_id`) belong together."
        }
        CredentialSource::IdToken { .. } => {
            "Check that the ID token has not expired, and that `idp_id` names the identity provider that issued it."
        }
        CredentialSource::Metadata => {
            "The metadata service issued it: check that `cloud` and `region` are those of this server, and that its agency still exists. To use other credentials, set them in the configuration or the environment."
        }
        CredentialSource::Agency { .. } => {
            "Check that the agency still exists, and that `cloud` and `endpoints` belong to the cloud that issued its temporary access key."
        }
    };
    check.to_owned()
}

/// Returns the effect of repeated failures, if they have one.
fn lock(source: &CredentialSource, call: &Call<'_>) -> &'static str {
    match source {
        CredentialSource::AccessKey { .. } => ", because repeated failures lock an access key",
        CredentialSource::Password(_) if call.credential.is_none() => {
            ", because repeated failures lock the user"
        }
        _ => "",
    }
}

/// Whether the service reports that the user's own token belongs to another project.
fn is_foreign_token(call: &Call<'_>, words: &ServerError, credential: Option<&CredentialSource>) -> bool {
    let code = call.service.foreign_token_code;
    code.is_some() && words.code.as_deref() == code && matches!(credential, Some(CredentialSource::Token(_)))
}

/// Returns the host of a redirect, without path and query: these may hold secrets of others.
fn target(asked: &Asked, headers: &HeaderMap) -> String {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let base = Url::parse(&asked.url).ok();
    let target = location.and_then(|location| base.as_ref()?.join(location).ok());
    let host = target.as_ref().and_then(Url::host_str).and_then(tidy);
    host.unwrap_or_else(|| "an unknown host".to_owned())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::endpoints::{Endpoint, IAM, Service};
    use bytes::Bytes;
    use reqwest::Method;

    fn key(security_token_place: Option<Place>) -> CredentialSource {
        CredentialSource::AccessKey { place: Place::Block("access_key"), security_token_place }
    }

    fn judged(status: u16, headers: &[(&'static str, &str)], body: &str, ahead: Option<i64>) -> AttemptError {
        let endpoint = Endpoint::parse("https://iam.r-1.example.com").unwrap();
        let service = Service { throttling_codes: &["X.1"], ..IAM };
        let call = Call::new(Method::GET, service, Cow::Owned(endpoint), "r-1");
        let asked = Arc::new(Asked {
            operation: "read",
            subject: "thing 1".into(),
            method: "GET",
            url: "https://iam.r-1.example.com/v3/things/1".into(),
            region: "r-1".into(),
            project: Some("p1".into()),
            service: "iam",
            credential: Some(Arc::new(key(None))),
            iam_action: Some("iam:thing:get"),
        });
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let status = StatusCode::from_u16(status).unwrap();
        let body = Bytes::copy_from_slice(body.as_bytes());
        judge(&call, &asked, Incoming { status, headers, body }, ahead, SystemTime::UNIX_EPOCH).err().unwrap()
    }

    #[test]
    fn each_status_has_its_kind() {
        for (status, body, kind) in [
            (400, "", Kind::Rejected),
            (401, "", Kind::Unauthorized),
            (401, "<html>", Kind::Intercepted),
            (401, r#"{"code":401,"message":"Sign in."}"#, Kind::Intercepted),
            (
                401,
                r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: AK access failed to reach the limit,forbidden"}"#,
                Kind::Locked,
            ),
            (403, "", Kind::Intercepted),
            (403, "<html>", Kind::Intercepted),
            (403, r#"{"code":403,"message":"Blocked by policy."}"#, Kind::Intercepted),
            (403, r#"{"errorCode":"A","errorMsg":"B"}"#, Kind::Forbidden),
            (403, r#"{"error":{"code":403,"message":"No."}}"#, Kind::Forbidden),
            (403, r#"{"error_code":"X.1","error_msg":"x"}"#, Kind::Throttled),
            (404, "", Kind::NotFound),
            (404, r#"{"error_code":"THINGS.1","error_msg":"x"}"#, Kind::NotFound),
            (404, r#"{"error_code":"APIGW.0101","error_msg":"x"}"#, Kind::WrongEndpoint),
            (404, r#"{"error_code":"APIG.0101","error_msg":"x"}"#, Kind::WrongEndpoint),
            (404, "<html>", Kind::WrongEndpoint),
            (404, r#"{"code":404,"message":"no route"}"#, Kind::WrongEndpoint),
            (429, "", Kind::Throttled),
            (302, "", Kind::Redirect),
            (500, "", Kind::Unavailable),
            (503, "<html>", Kind::Unavailable),
        ] {
            assert_eq!(*judged(status, &[], body, None).error.kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn a_refusal_names_the_source_of_the_credential_and_the_clock_when_it_is_off() {
        let body = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information","request_id":"r"}"#;
        let detail = judged(401, &[], body, Some(3)).error.detail();
        assert!(
            detail.contains("did not accept the access key of the configuration (`access_key`)."),
            "{detail}"
        );
        assert!(detail.contains(
            "\nError code: APIGW.0301\nMessage: Incorrect IAM authentication information\nRequest ID: r"
        ));
        assert!(!detail.contains("clock"));
        assert!(judged(401, &[], body, Some(-1200)).error.detail().contains("clock is 20 minutes ahead of"));
    }

    #[test]
    fn a_missing_permission_names_the_action_of_the_caller() {
        let body = r#"{"error_code":"IAM.0002","error_msg":"No.","encoded_authorization_message":"aB3+/="}"#;
        let detail = judged(403, &[], body, None).error.detail();
        assert!(detail.contains("`iam:thing:get`"), "{detail}");
        assert!(detail.contains("\nEncoded authorization message: aB3+/="), "{detail}");
    }

    #[test]
    fn who_stands_between_says_nothing_about_the_credentials() {
        for status in [401, 403] {
            let detail = judged(status, &[], "<html><title>Blocked</title></html>", None).error.detail();
            assert!(!detail.contains("accepted the") && !detail.contains("did not accept"), "{detail}");
            assert!(detail.contains("(HTML page) Blocked") && detail.contains("HTTPS_PROXY"), "{detail}");
        }
    }

    #[test]
    fn not_found_names_region_and_project() {
        assert!(judged(404, &[], "", None).error.detail().contains("region r-1 and project p1"));
    }

    #[test]
    fn a_redirect_names_the_other_host_only() {
        let headers = [("location", "https://login.example.org/?token=secret")];
        let detail = judged(302, &headers, "", None).error.detail();
        assert!(detail.contains("redirects to login.example.org,") && !detail.contains("secret"), "{detail}");
    }

    #[test]
    fn retry_after_counts_only_for_what_is_retried() {
        let header = [("retry-after", "7")];
        assert_eq!(judged(503, &header, "", None).retry, Retry::After(Some(Duration::from_secs(7))));
        assert_eq!(judged(400, &header, "", None).retry, Retry::Never);
    }
}
