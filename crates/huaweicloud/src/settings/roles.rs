//! Agencies to assume with the base credentials.

use super::arguments::{ArgumentError, AssumeRole, Step};
use super::catalog::{Argument, IDP_ID, ROLE_AGENCY_NAME, ROLE_DOMAIN_ID, ROLE_DOMAIN_NAME, ROLE_DURATION};
use super::given::given;
use super::lookup::Lookup;
use super::profile::{Mode, Profile};
use super::sign_in::{Base, Domain, Hop};

/// Minimum lifetime of a temporary key, in seconds.
const SHORTEST: u64 = 900;
/// Maximum lifetime by account ID (`AssumeAgency` of STS v5), by account name (`securitytokens` of IAM v3), and by
/// account ID with temporary credentials (`AssumeAgency`).
const LONGEST_V5: u64 = 43_200;
const LONGEST_V3: u64 = 86_400;
const LONGEST_CHAINED: u64 = 3_600;

/// Returns the agencies to assume with the base credential: those of the block, otherwise that of the environment,
/// otherwise those of the profile.
pub(super) fn hops(lookup: &mut Lookup<'_>, base: Option<&Base>, profile: Option<&Profile>) -> Vec<Hop> {
    let is_temporary = base.is_some_and(Base::is_temporary);
    let blocks = &lookup.arguments.assume_role;
    if !blocks.is_empty() {
        let role = |(index, block)| Role { index: Some(index), ..Role::of(block, is_temporary || index > 0) };
        return blocks.iter().enumerate().filter_map(|block| role(block).hop(lookup)).collect();
    }
    if matches!(base, Some(Base::Oidc(_))) {
        return Vec::new();
    }
    // With an identity provider, the variable names the agency of its users, not one for the key of the block.
    if lookup.variable(ROLE_AGENCY_NAME.variables).is_some() && lookup.variable(IDP_ID.variables).is_none() {
        let none = AssumeRole::default();
        return Role::of(&none, is_temporary).hop(lookup).into_iter().collect();
    }
    let chain = profile.map(Profile::chain).unwrap_or_default();
    chain.into_iter().filter_map(|profile| in_profile(lookup, profile)).collect()
}

fn in_profile(lookup: &mut Lookup<'_>, profile: &Profile) -> Option<Hop> {
    let Some((agency, domain)) = profile.agency() else {
        if profile.mode == Mode::AssumeRole {
            let detail =
                format!("The mode of {} is AssumeRole, which also requires `agencyName`.", profile.name);
            lookup.blame(&profile.name.named_by, "Incomplete agency", detail);
        }
        return None;
    };
    if domain.is_none() {
        let rule = "names an agency, but neither agencyDomainName nor agencyDomainId names its account";
        lookup.complain(&agency.source, "Incomplete agency", rule);
    }
    Some(Hop { agency: agency.value, domain: domain?, duration: None, external_id: None })
}

/// An agency, each field of which can also be set with a variable.
pub(super) struct Role<'a> {
    pub(super) block: &'a AssumeRole,
    /// Position of the block; `None` without one.
    pub(super) index: Option<usize>,
    /// The argument that requests an agency without a block.
    pub(super) asking: Argument,
    /// Summary of errors about missing fields.
    pub(super) incomplete: &'static str,
    /// Whether the credentials with which it is assumed are temporary.
    pub(super) is_chained: bool,
}

impl<'a> Role<'a> {
    fn of(block: &'a AssumeRole, is_chained: bool) -> Self {
        let incomplete = "Incomplete assume_role";
        Self { block, index: None, asking: ROLE_AGENCY_NAME, incomplete, is_chained }
    }

    pub(super) fn hop(&self, lookup: &mut Lookup<'_>) -> Option<Hop> {
        let AssumeRole { agency_name, domain_id, domain_name, external_id, .. } = self.block;
        let agency = self.text(lookup, ROLE_AGENCY_NAME, agency_name.as_deref(), "the agency to assume");
        let domain = lookup
            .account([ROLE_DOMAIN_ID, ROLE_DOMAIN_NAME], [domain_id.as_deref(), domain_name.as_deref()]);
        let Some(domain) = domain else {
            let detail =
                format!("Set {ROLE_DOMAIN_ID}, or {ROLE_DOMAIN_NAME}, to the account that owns the agency.");
            self.missing(lookup, ROLE_DOMAIN_ID, &detail);
            return None;
        };
        let duration = self.duration(lookup, &domain);
        let external_id = given(external_id.as_deref()).map(str::to_owned);
        if external_id.is_some() && matches!(domain, Domain::Name(_)) {
            let detail = "`external_id` requires `domain_id`: only STS v5 accepts an external ID.".to_owned();
            lookup.errors.push(ArgumentError::within(self.path("external_id"), self.incomplete, detail));
        }
        Some(Hop { agency: agency?, domain, duration, external_id })
    }

    /// Returns a required field.
    pub(super) fn text(
        &self,
        lookup: &mut Lookup<'_>,
        argument: Argument,
        explicit: Option<&str>,
        what: &str,
    ) -> Option<String> {
        let value = lookup.text(argument, explicit).map(|given| given.value);
        if value.is_none() {
            self.missing(lookup, argument, &format!("Set {argument} to {what}."));
        }
        value
    }

    fn duration(&self, lookup: &mut Lookup<'_>, domain: &Domain) -> Option<u64> {
        let explicit = self.block.duration.map(|seconds| seconds.to_string());
        let given = lookup.text(ROLE_DURATION, explicit.as_deref())?;
        let (longest, why) = match domain {
            Domain::Name(_) => (LONGEST_V3, ""),
            Domain::Id(_) if self.is_chained => {
                (LONGEST_CHAINED, ", because the agency is assumed with temporary credentials")
            }
            Domain::Id(_) => (LONGEST_V5, ""),
        };
        match given.value.trim().parse() {
            // The official provider treats zero as "omitted".
            Ok(0) => return None,
            Ok(seconds) if (SHORTEST..=longest).contains(&seconds) => return Some(seconds),
            _ => {}
        }
        let rule = format!("must be a number of seconds from {SHORTEST} to {longest}{why}");
        lookup.reject(&given, "Invalid duration", &rule);
        if let (Some(_), Some(error)) = (explicit, lookup.errors.last_mut()) {
            error.argument = Some(self.path(ROLE_DURATION.name));
        }
        None
    }

    /// Reports that a field is missing.
    pub(super) fn missing(&self, lookup: &mut Lookup<'_>, argument: Argument, detail: &str) {
        let summary = self.incomplete;
        // Without a block there is no argument to refer to, and only a variable can have requested the agency.
        lookup.errors.push(match self.index {
            Some(_) => ArgumentError::within(self.path(argument.name), summary, detail),
            None => {
                let asking = self.asking.of_environment();
                let detail = format!("The environment variable {asking} sets an agency to assume. {detail}");
                ArgumentError::outside(summary, detail)
            }
        });
    }

    pub(super) fn path(&self, field: &'static str) -> Vec<Step> {
        let block = self.asking.block.map(Step::Name);
        block.into_iter().chain(self.index.map(Step::Index)).chain([Step::Name(field)]).collect()
    }
}
