//! Agencies to assume with the base credentials.

use super::arguments::{ArgumentError, AssumeRole, Step};
use super::catalog::{Argument, IDP_ID, ROLE_AGENCY_NAME, ROLE_DOMAIN_ID, ROLE_DOMAIN_NAME, ROLE_DURATION};
use super::given::{Given, ValueSource, given};
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
        let hops = blocks
            .iter()
            .enumerate()
            .map(|(index, block)| Fields::of_role(block, Some(index), is_temporary || index > 0).hop(lookup));
        return hops.flatten().collect();
    }
    if matches!(base, Some(Base::Oidc(_))) {
        return Vec::new();
    }
    // With an identity provider, the variable names the agency of its users, not one for the key of the block.
    if lookup.variable(ROLE_AGENCY_NAME.variables).is_some() && lookup.variable(IDP_ID.variables).is_none() {
        let none = AssumeRole::default();
        return Fields::of_role(&none, None, is_temporary).hop(lookup).into_iter().collect();
    }
    let chain = profile.map(Profile::chain).unwrap_or_default();
    chain.into_iter().filter_map(|profile| in_profile(lookup, profile)).collect()
}

fn in_profile(lookup: &mut Lookup<'_>, profile: &Profile) -> Option<Hop> {
    let Some((agency, domain)) = profile.agency() else {
        if profile.mode() == Mode::AssumeRole {
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

/// The fields of a block, each of which can also be set with a variable.
pub(super) struct Fields<'a> {
    /// Position of the block; `None` without one.
    pub(super) index: Option<usize>,
    pub(super) agency: Option<&'a str>,
    pub(super) domain: Option<Domain>,
    pub(super) duration: Option<i64>,
    pub(super) external_id: Option<&'a str>,
    pub(super) form: &'static Form,
    /// Whether the credentials with which it is assumed are temporary.
    pub(super) is_chained: bool,
}

/// The differences between the two kinds of block.
pub(super) struct Form {
    pub(super) block: &'static str,
    pub(super) incomplete: &'static str,
    /// The argument that requests an agency without a block.
    pub(super) asking: Argument,
}

const ROLE: Form =
    Form { block: "assume_role", incomplete: "Incomplete assume_role", asking: ROLE_AGENCY_NAME };

impl<'a> Fields<'a> {
    fn of_role(block: &'a AssumeRole, index: Option<usize>, is_chained: bool) -> Self {
        Self {
            index,
            agency: block.agency_name.as_deref(),
            domain: Domain::of(block.domain_id.as_deref(), block.domain_name.as_deref()),
            duration: block.duration,
            external_id: given(block.external_id.as_deref()),
            form: &ROLE,
            is_chained,
        }
    }

    pub(super) fn hop(self, lookup: &mut Lookup<'_>) -> Option<Hop> {
        let agency = self.text(lookup, ROLE_AGENCY_NAME, self.agency, "the agency to assume");
        let by_id = |lookup: &mut Lookup<'_>| {
            lookup.variable(ROLE_DOMAIN_ID.variables).map(|it| Domain::Id(it.value))
        };
        let by_name = |lookup: &mut Lookup<'_>| {
            lookup.variable(ROLE_DOMAIN_NAME.variables).map(|it| Domain::Name(it.value))
        };
        let domain = self.domain.clone().or_else(|| by_id(lookup)).or_else(|| by_name(lookup));
        let Some(domain) = domain else {
            let detail =
                format!("Set {ROLE_DOMAIN_ID}, or {ROLE_DOMAIN_NAME}, to the account that owns the agency.");
            self.missing(lookup, ROLE_DOMAIN_ID, &detail);
            return None;
        };
        let duration = self.duration(lookup, &domain);
        if self.external_id.is_some() && matches!(domain, Domain::Name(_)) {
            let detail = "`external_id` requires `domain_id`: only STS v5 accepts an external ID.".to_owned();
            lookup.errors.push(ArgumentError::within(self.path("external_id"), self.form.incomplete, detail));
        }
        Some(Hop { agency: agency?, domain, duration, external_id: self.external_id.map(str::to_owned) })
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
        let explicit = self.duration.map(|seconds| Given {
            value: seconds.to_string(),
            source: ValueSource::Argument(ROLE_DURATION.name),
        });
        let given = explicit.or_else(|| lookup.variable(ROLE_DURATION.variables))?;
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
        if let (Some(_), Some(error)) = (self.duration, lookup.errors.last_mut()) {
            error.argument = Some(self.path(ROLE_DURATION.name));
        }
        None
    }

    /// Reports that a field is missing.
    pub(super) fn missing(&self, lookup: &mut Lookup<'_>, argument: Argument, detail: &str) {
        let summary = self.form.incomplete;
        // Without a block there is no argument to refer to, and only a variable can have requested the agency.
        lookup.errors.push(match self.index {
            Some(_) => ArgumentError::within(self.path(argument.name), summary, detail),
            None => {
                let asking = self.form.asking.of_environment();
                let detail = format!("The environment variable {asking} sets an agency to assume. {detail}");
                ArgumentError::outside(summary, detail)
            }
        });
    }

    pub(super) fn path(&self, field: &'static str) -> Vec<Step> {
        let index = self.index.map(Step::Index);
        [Some(Step::Name(self.form.block)), index, Some(Step::Name(field))].into_iter().flatten().collect()
    }
}
