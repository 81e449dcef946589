//! Selection of credentials. They come as a set from one layer: the block, otherwise the environment, otherwise the
//! metadata service. A stale variable therefore never completes an explicit key.

use super::arguments::ArgumentError;
use super::catalog::{
    ACCESS_KEY, Argument, DOMAIN_ID, DOMAIN_NAME, IDP_ID, PASSWORD, PROFILE, SECRET_KEY, SECURITY_TOKEN,
    TOKEN, USER_NAME,
};
use super::given::AlreadyReported;
use super::layer::{Account, Found, Layer};
use super::lookup::Lookup;
use super::profile::{Mode, Named, Profile};
use super::sign_in::{Base, Domain, Login, SignIn, WhyMetadata};
use super::{oidc, roles};

/// `profile` is the profile that is named, if it can be read.
pub(super) fn sign_in(lookup: &mut Lookup<'_>, profile: Named<'_>, has_project_id: bool) -> Option<SignIn> {
    let arguments = lookup.arguments;
    let of_arguments = lookup.account(
        [DOMAIN_ID, DOMAIN_NAME],
        [arguments.domain_id.as_deref(), arguments.domain_name.as_deref()],
    );
    let of_profile = |profile: &Profile| Some(Domain::Id(profile.base().domain_id()?.value));
    let domain = match of_arguments {
        Some(domain) => Ok(Some(domain)),
        None => profile.map(|profile| profile.and_then(of_profile)),
    };
    let account = Account { domain, has_project_id };
    let base = base(lookup, profile, &account);
    // Not if the block has credentials and only the environment names the profile.
    let agency_of = profile.ok().flatten();
    let agency_of = agency_of.filter(|it| it.in_block() || Layer::of_block(lookup.arguments).is_empty());
    let hops = roles::hops(lookup, base.as_ref().ok(), agency_of);
    let base = base.ok()?;
    if !hops.is_empty() && matches!(base, Base::Password(Login { domain: None, .. })) {
        let detail = format!(
            "An agency is assumed with a token for the user's account: set {DOMAIN_NAME} or {DOMAIN_ID} to that account."
        );
        lookup.errors.push(ArgumentError::outside("Missing account", detail));
    }
    Some(SignIn { base, hops, domain: account.domain.ok()? })
}

fn base(lookup: &mut Lookup<'_>, profile: Named<'_>, account: &Account) -> Result<Base, AlreadyReported> {
    if let Some(base) = in_block(lookup, account)? {
        return Ok(base);
    }
    let profile = profile?;
    if let Some(profile) = profile.filter(|profile| profile.in_block()) {
        return in_profile(lookup, profile, account);
    }
    if let Some(base) = in_environment(lookup, account)? {
        return Ok(base);
    }
    match profile {
        Some(profile) => in_profile(lookup, profile, account),
        None => Ok(Base::Metadata(last_resort(lookup))),
    }
}

fn in_block(lookup: &mut Lookup<'_>, account: &Account) -> Found {
    match oidc::in_block(lookup)? {
        None => Layer::of_block(lookup.arguments).find(lookup, account),
        federation => Ok(federation.map(Base::Oidc)),
    }
}

fn in_environment(lookup: &mut Lookup<'_>, account: &Account) -> Found {
    match oidc::in_environment(lookup)? {
        None => Layer::of_environment(lookup).find(lookup, account),
        federation => Ok(federation.map(Base::Oidc)),
    }
}

/// Returns the credentials of a profile. A named profile must supply them: there is no fallback.
fn in_profile(
    lookup: &mut Lookup<'_>,
    profile: &Profile,
    account: &Account,
) -> Result<Base, AlreadyReported> {
    let profile = profile.base();
    let name = &profile.name;
    if profile.mode == Mode::Server {
        let reason = format!(
            "The mode of {name} is ecsAgency, so the credentials of this server's agency were requested from the metadata service"
        );
        return Ok(Base::Metadata(WhyMetadata { reason, hint: None }));
    }
    if let Some(base) = Layer::of_profile(profile).find(lookup, account)? {
        return Ok(base);
    }
    let advice = match profile.mode {
        Mode::SingleSignOn => "no key in `ssoAuth.stsToken`. Log in again with KooCLI",
        Mode::Token => "no `xAuthToken`. Set it, or name another profile",
        _ => {
            "no `accessKeyId` and `secretAccessKey`. Set them, set the mode to ecsAgency for the agency of this server, or name another profile"
        }
    };
    let detail = format!("The credentials are those of {name}, which has {advice}.");
    lookup.blame(&name.named_by, "Incomplete credentials", detail);
    Err(AlreadyReported)
}

fn last_resort(lookup: &Lookup<'_>) -> WhyMetadata {
    const WAYS: [&[Argument]; 5] =
        [&[ACCESS_KEY, SECRET_KEY], &[TOKEN], &[USER_NAME, PASSWORD], &[PROFILE], &[IDP_ID]];
    let names = |name: fn(&Argument) -> String| {
        WAYS.map(|way| way.iter().map(name).collect::<Vec<_>>().join(" and "))
    };
    let arguments = names(|argument| format!("`{}`", argument.block.unwrap_or(argument.name)));
    let variables = names(|argument| argument.variables.first().copied().unwrap_or_default().to_owned());
    let [usual, ..] = &variables;
    let reason = format!(
        "No credentials found. Set {usual}. Credentials can be set in the configuration ({}) or the environment ({}). As a last resort, the credentials of this server's agency were requested from the metadata service",
        arguments.join(", "),
        variables.join(", "),
    );
    let wanted = [ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN, USER_NAME, PASSWORD];
    WhyMetadata { reason, hint: lookup.near_misses(&wanted) }
}
