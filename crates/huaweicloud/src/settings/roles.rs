//! Agencies to assume: with the credentials at hand, or with an `OpenID` Connect token.

use secrecy::SecretString;

use super::arguments::{ArgumentError, AssumeRoleWithOidc, Step};
use super::lookup::{Lookup, Reported, given};
use super::profile::Profile;
use super::sign_in::{Domain, usable_secret};

const AGENCY: &str = "HW_ASSUME_ROLE_AGENCY_NAME";
const DOMAIN_ID: &str = "HW_ASSUME_ROLE_DOMAIN_ID";
const DOMAIN_NAME: &str = "HW_ASSUME_ROLE_DOMAIN_NAME";
const DURATION: &str = "HW_ASSUME_ROLE_DURATION";
const IDP_ID: &str = "HW_ASSUME_ROLE_IDP_ID";
const ID_TOKEN: &str = "HW_ASSUME_ROLE_ID_TOKEN";
const ID_TOKEN_FILE: &str = "HW_ASSUME_ROLE_ID_TOKEN_FILE";

/// One agency to assume.
pub(crate) struct Hop {
    pub(crate) agency: String,
    /// The account that delegates; its form selects the API.
    pub(crate) domain: Domain,
    /// Lifetime of the temporary key in seconds.
    pub(crate) duration: Option<u64>,
}

/// An agency to assume with an `OpenID` Connect token.
pub(crate) struct Federation {
    pub(crate) idp_id: String,
    pub(crate) token: IdToken,
    pub(crate) hop: Hop,
}

/// Where the token is.
pub(crate) enum IdToken {
    Text(SecretString),
    /// Read anew for each exchange.
    File(String),
}

/// The agencies to assume on top of the base credential: those of the block, else that of the environment, else that of
/// the profile, where its `agency_counts`. `federated`: the environment's agency is spoken for by the base.
pub(super) fn hops(lookup: &mut Lookup<'_>, federated: bool, agency_counts: bool) -> Vec<Hop> {
    let blocks = &lookup.arguments.assume_role;
    if !blocks.is_empty() {
        let hops = blocks.iter().enumerate().map(|(index, block)| {
            let agency = block.agency_name.as_deref();
            let domain = Domain::of(block.domain_id.as_deref(), block.domain_name.as_deref());
            Fields { name: "assume_role", index: Some(index), agency, domain, duration: block.duration }
                .hop(lookup)
        });
        return hops.flatten().collect();
    }
    if federated {
        return Vec::new();
    }
    // Beside an identity provider the variable names the agency of its users, not one for the key of the block.
    if lookup.variable(&[AGENCY]).is_some() && lookup.variable(&[IDP_ID]).is_none() {
        let fields = Fields { name: "assume_role", index: None, agency: None, domain: None, duration: None };
        return fields.hop(lookup).into_iter().collect();
    }
    if agency_counts { in_profile(lookup).into_iter().collect() } else { Vec::new() }
}

/// The federation of the block.
pub(super) fn in_block(lookup: &mut Lookup<'_>) -> Result<Option<Federation>, Reported> {
    let Some(block) = &lookup.arguments.assume_role_with_oidc else { return Ok(None) };
    federation(lookup, block, true).map(Some).ok_or(Reported)
}

/// The federation that `HW_ASSUME_ROLE_IDP_ID` asks for.
pub(super) fn in_environment(lookup: &mut Lookup<'_>) -> Result<Option<Federation>, Reported> {
    if lookup.variable(&[IDP_ID]).is_none() {
        return Ok(None);
    }
    federation(lookup, &AssumeRoleWithOidc::default(), false).map(Some).ok_or(Reported)
}

fn in_profile(lookup: &mut Lookup<'_>) -> Option<Hop> {
    let agency = lookup.in_profile(Profile::agency_name)?;
    let profile = lookup.profile.as_ref()?;
    // The name comes first here: the official provider does not look at the ID.
    let domain = given(profile.agency_domain_name())
        .map(|name| Domain::Name(name.to_owned()))
        .or_else(|| given(profile.agency_domain_id()).map(|id| Domain::Id(id.to_owned())));
    if domain.is_none() {
        let rule = "names an agency, but neither agencyDomainName nor agencyDomainId says whose";
        lookup.complain(&agency.origin, "Incomplete agency", rule);
    }
    Some(Hop { agency: agency.value, domain: domain?, duration: None })
}

/// The fields of a block, each of which a variable may supply.
struct Fields<'a> {
    name: &'static str,
    index: Option<usize>,
    agency: Option<&'a str>,
    domain: Option<Domain>,
    duration: Option<i64>,
}

impl Fields<'_> {
    fn hop(self, lookup: &mut Lookup<'_>) -> Option<Hop> {
        let agency =
            given(self.agency).map(str::to_owned).or_else(|| Some(lookup.variable(&[AGENCY])?.value));
        if agency.is_none() {
            self.missing(
                lookup,
                "agency_name",
                &format!("Set `agency_name` (or {AGENCY}) to the agency to assume."),
            );
        }
        let duration = self.duration(lookup);
        let by_id = |lookup: &mut Lookup<'_>| Some(Domain::Id(lookup.variable(&[DOMAIN_ID])?.value));
        let by_name = |lookup: &mut Lookup<'_>| Some(Domain::Name(lookup.variable(&[DOMAIN_NAME])?.value));
        let domain = self.domain.clone().or_else(|| by_id(lookup)).or_else(|| by_name(lookup));
        if domain.is_none() {
            let detail = format!(
                "Set `domain_id` (or {DOMAIN_ID}), or `domain_name` (or {DOMAIN_NAME}), to the account that owns the agency."
            );
            self.missing(lookup, "domain_id", &detail);
        }
        Some(Hop { agency: agency?, domain: domain?, duration })
    }

    fn duration(&self, lookup: &mut Lookup<'_>) -> Option<u64> {
        const SUMMARY: &str = "Invalid duration";
        const RULE: &str = "must be a number of seconds above zero";
        match self.duration {
            // The official provider reads zero as "not given".
            Some(0) => None,
            Some(seconds) => u64::try_from(seconds)
                .map_err(|_| {
                    let path = self.path("duration");
                    lookup.errors.push(ArgumentError::within(path, SUMMARY, format!("`duration` {RULE}.")));
                })
                .ok(),
            None => {
                let given = lookup.variable(&[DURATION])?;
                let seconds = given.value.trim().parse().ok().filter(|seconds| *seconds > 0);
                if seconds.is_none() {
                    lookup.complain(&given.origin, SUMMARY, RULE);
                }
                seconds
            }
        }
    }

    fn missing(&self, lookup: &mut Lookup<'_>, field: &'static str, detail: &str) {
        let summary = if self.name == "assume_role" {
            "Incomplete assume_role"
        } else {
            "Incomplete assume_role_with_oidc"
        };
        // Without a block there is no place in it, and only a variable can have asked.
        lookup.errors.push(match self.index {
            Some(_) => ArgumentError::within(self.path(field), summary, detail),
            None => {
                let asking = if self.name == "assume_role" { AGENCY } else { IDP_ID };
                ArgumentError::outside(
                    summary,
                    format!("The environment variable {asking} asks for an agency. {detail}"),
                )
            }
        });
    }

    fn path(&self, field: &'static str) -> Vec<Step> {
        let index = self.index.map(Step::Index);
        [Some(Step::Name(self.name)), index, Some(Step::Name(field))].into_iter().flatten().collect()
    }
}

fn federation(lookup: &mut Lookup<'_>, block: &AssumeRoleWithOidc, written: bool) -> Option<Federation> {
    let fields = Fields {
        name: "assume_role_with_oidc",
        // The block is a list of one on the wire; without one there is nothing to point into.
        index: written.then_some(0),
        agency: block.agency_name.as_deref(),
        domain: Domain::of(block.domain_id.as_deref(), None),
        duration: block.duration,
    };
    let idp_id =
        given(block.idp_id.as_deref()).map(str::to_owned).or_else(|| Some(lookup.variable(&[IDP_ID])?.value));
    if idp_id.is_none() {
        fields.missing(
            lookup,
            "idp_id",
            &format!("Set `idp_id` (or {IDP_ID}) to the identity provider registered with IAM."),
        );
    }
    let token = id_token(lookup, block, &fields);
    let hop = fields.hop(lookup);
    Some(Federation { idp_id: idp_id?, token: token?, hop: hop? })
}

fn id_token(lookup: &mut Lookup<'_>, block: &AssumeRoleWithOidc, fields: &Fields<'_>) -> Option<IdToken> {
    let text = usable_secret(block.id_token.as_ref());
    let file = given(block.id_token_file.as_deref()).map(str::to_owned);
    let (text, file) = if text.is_none() && file.is_none() {
        let text = lookup.variable(&[ID_TOKEN]).map(|given| SecretString::from(given.value));
        let text = usable_secret(text.as_ref());
        (text, lookup.variable(&[ID_TOKEN_FILE]).map(|given| given.value))
    } else {
        (text, file)
    };
    match (text, file) {
        (Some(text), None) => Some(IdToken::Text(text)),
        (None, Some(file)) => Some(IdToken::File(file)),
        (None, None) => {
            let detail = format!(
                "Set `id_token` (or {ID_TOKEN}) to the token, or `id_token_file` (or {ID_TOKEN_FILE}) to the file that holds it."
            );
            fields.missing(lookup, "id_token", &detail);
            None
        }
        (Some(_), Some(_)) => {
            let detail = format!(
                "Give either `id_token` (or {ID_TOKEN}) or `id_token_file` (or {ID_TOKEN_FILE}), not both."
            );
            let summary = "Contradictory assume_role_with_oidc";
            lookup.errors.push(match fields.index {
                Some(_) => ArgumentError::within(fields.path("id_token"), summary, detail),
                None => ArgumentError::outside(summary, detail),
            });
            None
        }
    }
}
