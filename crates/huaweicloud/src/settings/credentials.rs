//! Which credentials are used. They come as a set from one layer: the block, else the environment, else the metadata
//! service; so a stale variable never completes an explicit key.

use super::arguments::ArgumentError;
use super::catalog::{DOMAIN_ID, DOMAIN_NAME};
use super::given::AlreadyReported;
use super::layer::{Account, Found, Layer};
use super::lookup::Lookup;
use super::profile::Profile;
use super::roles;
use super::sign_in::{Base, Domain, Login, SignIn};

pub(super) fn sign_in(
    lookup: &mut Lookup<'_>,
    profile: Option<&Profile>,
    has_project_id: bool,
) -> Option<SignIn> {
    let account = Account { domain: domain(lookup, profile), has_project_id };
    let base = base(lookup, profile, &account);
    let federated = matches!(base, Ok(Base::Oidc(_)));
    // Not where the block has credentials and only the environment names the profile.
    let agency_of = profile.filter(|it| it.in_block() || Layer::of_block(lookup.arguments).is_empty());
    let hops = roles::hops(lookup, federated, agency_of);
    let base = base.ok()?;
    if !hops.is_empty() && matches!(base, Base::Password(Login { domain: None, .. })) {
        let detail = format!(
            "An agency is assumed with a token for the user's account: set {DOMAIN_NAME} or {DOMAIN_ID} to that account."
        );
        lookup.errors.push(ArgumentError::outside("Missing account", detail));
    }
    Some(SignIn { base, hops, domain: account.domain })
}

fn base(
    lookup: &mut Lookup<'_>,
    profile: Option<&Profile>,
    account: &Account,
) -> Result<Base, AlreadyReported> {
    let (of_block, of_environment) = match profile {
        Some(profile) if profile.in_block() => (Some(profile), None),
        other => (None, other),
    };
    if let Some(base) = in_block(lookup, account)? {
        return Ok(base);
    }
    if let Some(base) = in_profile(lookup, of_block, account)? {
        return Ok(base);
    }
    if let Some(base) = in_environment(lookup, account)? {
        return Ok(base);
    }
    Ok(in_profile(lookup, of_environment, account)?.unwrap_or(Base::Metadata))
}

fn in_block(lookup: &mut Lookup<'_>, account: &Account) -> Found {
    if let Some(federation) = roles::in_block(lookup)? {
        return Ok(Some(Base::Oidc(federation)));
    }
    Layer::of_block(lookup.arguments).find(lookup, account)
}

fn in_environment(lookup: &mut Lookup<'_>, account: &Account) -> Found {
    if let Some(federation) = roles::in_environment(lookup)? {
        return Ok(Some(Base::Oidc(federation)));
    }
    Layer::of_environment(lookup).find(lookup, account)
}

fn in_profile(lookup: &mut Lookup<'_>, profile: Option<&Profile>, account: &Account) -> Found {
    let Some(profile) = profile else { return Ok(None) };
    let Some(key) = profile.key() else {
        let detail = format!(
            "The mode of {} is SSO, but it contains no key (ssoAuth.stsToken). Log in again with KooCLI.",
            profile.name
        );
        lookup.blame(&profile.name.named_by, "Incomplete credentials", detail);
        return Err(AlreadyReported);
    };
    Layer::of_profile(&profile.name, key).find(lookup, account)
}

fn domain(lookup: &mut Lookup<'_>, profile: Option<&Profile>) -> Option<Domain> {
    let arguments = lookup.arguments;
    Domain::of(arguments.domain_id.as_deref(), arguments.domain_name.as_deref())
        .or_else(|| lookup.variable(DOMAIN_ID.variables).map(|given| Domain::Id(given.value)))
        .or_else(|| lookup.variable(DOMAIN_NAME.variables).map(|given| Domain::Name(given.value)))
        .or_else(|| profile.and_then(Profile::domain_id).map(|given| Domain::Id(given.value)))
}
