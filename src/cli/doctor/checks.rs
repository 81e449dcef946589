//! The checks: the result of each, and its meaning.

use std::time::SystemTime;

use huaweicloud::{
    Certificate, ClockEffect, Description, EndpointInUse, Error, Handshake, Kind, ProjectInUse,
    ProjectOrigin, SignedIn,
};
use serde_json::{Value as Json, json};
use tfplug::Diagnostics;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::report::{Check, Status};

/// An IAM policy can allow single reads but not lists.
const LIST_ONLY: &str = "This check lists instances, which requires the IAM action `iotda:instance:queryList`. With `iotda:instance:query` alone, instances can still be read by their ID.";

/// Whether an endpoint responds.
pub(super) enum Contact {
    Answered,
    Failed(Error),
    /// No response. This is not a fault: most machines have no metadata service.
    Silent,
    OutOfTime,
}

pub(super) fn configuration(diagnostics: &Diagnostics) -> Check {
    let told: Vec<_> = diagnostics.iter().collect();
    let status = if diagnostics.has_errors() { Status::Failed } else { Status::Warning };
    let summaries: Vec<&str> = told.iter().map(|it| &*it.summary).collect();
    let details = match *told.as_slice() {
        [] => return Check::new("configuration", Status::Ok, "complete (from the environment)"),
        [only] => only.detail.clone(),
        _ => {
            let details = told.iter().map(|it| format!("{}: {}", it.summary, it.detail));
            details.collect::<Vec<_>>().join("\n\n")
        }
    };
    Check::new("configuration", status, summaries.join("; ")).because(details)
}

pub(super) fn region(region: &str, refusal: Option<&Error>) -> Check {
    let check = match refusal {
        None => Check::new("region", Status::Ok, region),
        Some(error) => failed("region", error),
    };
    check.fact("region", region)
}

pub(super) fn credentials(description: &Description, signed_in: &Result<SignedIn, Error>) -> Check {
    let source = &description.source;
    let expires_at = signed_in.as_ref().ok().and_then(|it| it.expires_at).and_then(date);
    let check = match signed_in {
        Ok(_) => {
            let end = expires_at.as_ref().map(|end| format!(", until {end}")).unwrap_or_default();
            Check::new("credentials", Status::Ok, format!("{source}{end}"))
        }
        Err(error) => step("credentials", error, &description.endpoints, &format!("{source}: not obtained")),
    };
    let agencies: Vec<Json> = description
        .agencies
        .iter()
        .map(|agency| json!({"agency": agency.name, "account": agency.account}))
        .collect();
    check.fact("source", source.to_string()).fact("agencies", agencies).fact("expires_at", expires_at)
}

pub(super) fn no_region() -> Check {
    Check::new("region", Status::Skipped, "not configured: set HW_REGION_NAME, or use --region")
}

/// Reports the source that credentials would come from if a region were set.
pub(super) fn credentials_without_region(description: &Description) -> Check {
    let source = &description.source;
    let check = Check::new("credentials", Status::Skipped, format!("{source}: not checked without a region"));
    check.fact("source", source.to_string())
}

pub(super) fn project(project: Option<&Result<ProjectInUse, Error>>, places: &[EndpointInUse]) -> Check {
    let check = match project {
        None => Check::new("project", Status::Skipped, "not looked up without credentials"),
        Some(Err(error)) => step("project", error, places, "not possible"),
        Some(Ok(ProjectInUse { id, origin })) => {
            let (origin, name, how) = match origin {
                ProjectOrigin::Given => ("given", None, "as configured".to_owned()),
                ProjectOrigin::Credential => {
                    ("credential", None, "the project of the credentials".to_owned())
                }
                ProjectOrigin::LookedUp(name) => {
                    ("looked_up", Some(&**name), format!("looked up by the name {name}"))
                }
            };
            let check = Check::new("project", Status::Ok, format!("{id}, {how}"));
            return check.fact("project_id", &**id).fact("origin", origin).fact("name", name);
        }
    };
    ["project_id", "origin", "name"].into_iter().fold(check, |check, fact| check.fact(fact, Json::Null))
}

pub(super) fn endpoint(place: &EndpointInUse, contact: &Contact) -> Check {
    let EndpointInUse { service, url, configured, proxy, .. } = place;
    let check = match contact {
        // A failed handshake still proves that the host responds.
        Contact::Failed(error) if *error.kind() != Kind::Tls => failed("endpoint", error),
        Contact::Silent => Check::new("endpoint", Status::Skipped, format!("{url}, no response")),
        Contact::OutOfTime => {
            Check::new("endpoint", Status::Skipped, format!("{url}, not checked: the time limit was reached"))
        }
        Contact::Answered | Contact::Failed(_) => {
            let whence = if *configured { "from the configuration" } else { "the default" };
            let through = proxy.as_ref().map(|proxy| format!(", through the proxy {proxy}"));
            Check::new("endpoint", Status::Ok, format!("{url}, {whence}{}", through.unwrap_or_default()))
        }
    };
    check.of(service.key).fact("url", &**url).fact("configured", *configured).fact("proxy", proxy.as_deref())
}

pub(super) fn tls(
    place: &EndpointInUse,
    description: &Description,
    contact: &Contact,
    handshake: Option<&Handshake>,
) -> Check {
    let Description { system_roots, insecure, .. } = *description;
    let (roots, by) = if system_roots {
        ("system", "the system's roots")
    } else {
        ("cacert_file", "`cacert_file` (or OS_CACERT)")
    };
    let chain = handshake.map(|it| it.chain.as_slice()).unwrap_or_default();
    let version = handshake.and_then(|it| it.version);
    let trust = handshake.map(|it| &it.trust);
    let lines = chain.iter().map(certificate_line).collect::<Vec<_>>().join("\n");
    let spoken = version.unwrap_or("TLS");
    let check = match (contact, trust) {
        (Contact::Failed(error), _) if *error.kind() == Kind::Tls => {
            let check = failed("tls", error);
            if lines.is_empty() { check } else { check.because(format!("{}\n\n{lines}", error.detail())) }
        }
        _ if place.url.starts_with("http://") => {
            Check::new("tls", Status::Skipped, "plain HTTP (allowed for loopback only)")
        }
        (_, None) => Check::new("tls", Status::Skipped, "there was no handshake"),
        (_, Some(Ok(()))) if !insecure => {
            Check::new("tls", Status::Ok, format!("{spoken}, trusted by {by}")).because(lines)
        }
        (_, Some(trust)) => {
            let would = match trust {
                Ok(()) => format!("it would be trusted by {by}"),
                Err(reason) => format!("it would not be trusted by {by} ({reason})"),
            };
            let summary = format!("{spoken}, certificates are not checked (`insecure`); {would}");
            Check::new("tls", Status::Warning, summary).because(lines)
        }
    };
    let certificates: Vec<Json> = chain
        .iter()
        .map(|one| json!({"subject": one.subject, "issuer": one.issuer, "not_after": date(one.not_after)}))
        .collect();
    check
        .of(place.service.key)
        .fact("roots", roots)
        .fact("insecure", insecure)
        .fact("version", version)
        .fact("trusted", trust.map(Result::is_ok))
        .fact("reason", trust.and_then(|trust| trust.as_ref().err()).map(String::as_str))
        .fact("chain", certificates)
}

/// Checks the clock. `ahead` is the number of seconds that the server is ahead of this machine.
pub(super) fn clock(ahead: Option<i64>, read_works: bool) -> Check {
    let Some(seconds) = ahead else {
        let check = Check::new("clock", Status::Skipped, "no response carried a Date header");
        return check.fact("server_ahead_seconds", Json::Null);
    };
    let side = if seconds > 0 { "behind" } else { "ahead of" };
    let difference = match seconds.unsigned_abs() {
        0 => "in sync with the server".to_owned(),
        amount => format!("this machine's clock is {amount} s {side} the server's"),
    };
    let (status, meaning) = match ClockEffect::of(seconds) {
        ClockEffect::None => (Status::Ok, ""),
        ClockEffect::Corrected => {
            (Status::Warning, ": requests are signed with the server's time, but correct the clock")
        }
        // Token authentication does not depend on the clock.
        ClockEffect::Refused if read_works => {
            (Status::Warning, ": signed requests would be rejected; correct the clock")
        }
        ClockEffect::Refused => {
            (Status::Failed, ": differences of more than 15 minutes are rejected; correct the clock")
        }
    };
    Check::new("clock", status, format!("{difference}{meaning}")).fact("server_ahead_seconds", seconds)
}

pub(super) fn read(count: Option<&Result<usize, Error>>, places: &[EndpointInUse]) -> Check {
    let check = match count {
        None => Check::new("read", Status::Skipped, "not possible without credentials and a project"),
        Some(Err(error)) if *error.kind() == Kind::Forbidden => {
            Check::new("read", Status::Failed, error.summary())
                .because(format!("{}\n\n{LIST_ONLY}", error.detail()))
        }
        Some(Err(error)) => step("read", error, places, "not possible"),
        Some(Ok(1)) => Check::new("read", Status::Ok, "1 instance found"),
        Some(Ok(count)) => Check::new("read", Status::Ok, format!("{count} instances found")),
    };
    check.fact("instances", count.and_then(|count| count.as_ref().ok()).copied())
}

/// Returns the check of a failed step. If another check reports the reason, it is skipped, and `skipped` begins its
/// summary.
fn step(check: &'static str, error: &Error, places: &[EndpointInUse], skipped: &str) -> Check {
    match places.iter().find(|place| place.concerns(error) && error.status().is_none()) {
        Some(EndpointInUse { service, .. }) => {
            let other = if *error.kind() == Kind::Tls { "tls" } else { "endpoint" };
            Check::new(check, Status::Skipped, format!("{skipped}, see {other} {}", service.key))
        }
        None => failed(check, error),
    }
}

/// Returns a failed check with the text of the provider's diagnostics.
fn failed(check: &'static str, error: &Error) -> Check {
    Check::new(check, Status::Failed, error.summary()).because(error.detail())
}

fn certificate_line(Certificate { subject, issuer, not_after }: &Certificate) -> String {
    let subject = if subject.is_empty() { "a certificate without a subject" } else { subject };
    let end = date(*not_after).unwrap_or_else(|| "an invalid date".to_owned());
    format!("{subject}, issued by {issuer}, until {end}")
}

/// Formats a time as RFC 3339 in UTC, to the second.
fn date(time: SystemTime) -> Option<String> {
    let since = time::Duration::try_from(time.duration_since(SystemTime::UNIX_EPOCH).ok()?).ok()?;
    OffsetDateTime::UNIX_EPOCH.checked_add(since)?.replace_nanosecond(0).ok()?.format(&Rfc3339).ok()
}
