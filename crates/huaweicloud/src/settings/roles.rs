//! Agencies to assume: with the credentials at hand, or with an `OpenID` Connect token.

use secrecy::SecretString;

use super::arguments::{ArgumentError, AssumeRoleWithOidc, Step};
use super::catalog::{
    Argument, ID_TOKEN, ID_TOKEN_FILE, IDP_ID, OIDC_AGENCY_NAME, OIDC_DOMAIN_ID, OIDC_DURATION,
    ROLE_AGENCY_NAME, ROLE_DOMAIN_ID, ROLE_DOMAIN_NAME, ROLE_DURATION,
};
use super::given::{AlreadyReported, given, usable_secret};
use super::lookup::Lookup;
use super::profile::Profile;
use super::sign_in::{Domain, Federation, Hop, IdToken};

/// The agencies to assume on top of the base credential: those of the block, else that of the environment, else that of
/// the profile. `federated`: the environment's agency is spoken for by the base.
pub(super) fn hops(lookup: &mut Lookup<'_>, federated: bool, profile: Option<&Profile>) -> Vec<Hop> {
    let blocks = &lookup.arguments.assume_role;
    if !blocks.is_empty() {
        let hops = blocks.iter().enumerate().map(|(index, block)| {
            let agency = block.agency_name.as_deref();
            let domain = Domain::of(block.domain_id.as_deref(), block.domain_name.as_deref());
            Fields { form: &ROLE, index: Some(index), agency, domain, duration: block.duration }.hop(lookup)
        });
        return hops.flatten().collect();
    }
    if federated {
        return Vec::new();
    }
    // Beside an identity provider the variable names the agency of its users, not one for the key of the block.
    if lookup.variable(ROLE_AGENCY_NAME.variables).is_some() && lookup.variable(IDP_ID.variables).is_none() {
        let fields = Fields { form: &ROLE, index: None, agency: None, domain: None, duration: None };
        return fields.hop(lookup).into_iter().collect();
    }
    profile.and_then(|profile| in_profile(lookup, profile)).into_iter().collect()
}

/// The federation of the block.
pub(super) fn in_block(lookup: &mut Lookup<'_>) -> Result<Option<Federation>, AlreadyReported> {
    let Some(block) = &lookup.arguments.assume_role_with_oidc else { return Ok(None) };
    federation(lookup, block, true).map(Some).ok_or(AlreadyReported)
}

/// The federation that `HW_ASSUME_ROLE_IDP_ID` asks for.
pub(super) fn in_environment(lookup: &mut Lookup<'_>) -> Result<Option<Federation>, AlreadyReported> {
    if lookup.variable(IDP_ID.variables).is_none() {
        return Ok(None);
    }
    federation(lookup, &AssumeRoleWithOidc::default(), false).map(Some).ok_or(AlreadyReported)
}

fn in_profile(lookup: &mut Lookup<'_>, profile: &Profile) -> Option<Hop> {
    let agency = profile.agency()?;
    let domain = profile.agency_domain();
    if domain.is_none() {
        let rule = "names an agency, but neither agencyDomainName nor agencyDomainId names its account";
        lookup.complain(&agency.source, "Incomplete agency", rule);
    }
    Some(Hop { agency: agency.value, domain: domain?, duration: None })
}

/// What the two kinds of block differ in.
struct BlockForm {
    name: &'static str,
    incomplete: &'static str,
    agency_name: Argument,
    domain_id: Argument,
    duration: Argument,
    /// The variables that ask for an agency without a block.
    asking: Argument,
}

const ROLE: BlockForm = BlockForm {
    name: "assume_role",
    incomplete: "Incomplete assume_role",
    agency_name: ROLE_AGENCY_NAME,
    domain_id: ROLE_DOMAIN_ID,
    duration: ROLE_DURATION,
    asking: ROLE_AGENCY_NAME,
};

const OIDC: BlockForm = BlockForm {
    name: "assume_role_with_oidc",
    incomplete: "Incomplete assume_role_with_oidc",
    agency_name: OIDC_AGENCY_NAME,
    domain_id: OIDC_DOMAIN_ID,
    duration: OIDC_DURATION,
    asking: IDP_ID,
};

/// The fields of a block, each of which a variable may supply.
struct Fields<'a> {
    form: &'static BlockForm,
    /// Position of the block; `None` without one.
    index: Option<usize>,
    agency: Option<&'a str>,
    domain: Option<Domain>,
    duration: Option<i64>,
}

impl Fields<'_> {
    fn hop(self, lookup: &mut Lookup<'_>) -> Option<Hop> {
        let agency = self.text(lookup, self.form.agency_name, self.agency, "the agency to assume");
        let duration = self.duration(lookup);
        let by_id = |lookup: &mut Lookup<'_>| {
            lookup.variable(ROLE_DOMAIN_ID.variables).map(|it| Domain::Id(it.value))
        };
        let by_name = |lookup: &mut Lookup<'_>| {
            lookup.variable(ROLE_DOMAIN_NAME.variables).map(|it| Domain::Name(it.value))
        };
        let domain = self.domain.clone().or_else(|| by_id(lookup)).or_else(|| by_name(lookup));
        if domain.is_none() {
            let detail =
                format!("Set {ROLE_DOMAIN_ID}, or {ROLE_DOMAIN_NAME}, to the account that owns the agency.");
            self.missing(lookup, self.form.domain_id, &detail);
        }
        Some(Hop { agency: agency?, domain: domain?, duration })
    }

    /// A field that must be there.
    fn text(
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

    fn duration(&self, lookup: &mut Lookup<'_>) -> Option<u64> {
        const SUMMARY: &str = "Invalid duration";
        const RULE: &str = "must be a number of seconds above zero";
        match self.duration {
            // The official provider reads zero as "not given".
            Some(0) => None,
            Some(seconds) => u64::try_from(seconds)
                .map_err(|_| {
                    let path = self.path(self.form.duration);
                    lookup.errors.push(ArgumentError::within(path, SUMMARY, format!("`duration` {RULE}.")));
                })
                .ok(),
            None => {
                let given = lookup.variable(self.form.duration.variables)?;
                let seconds = given.value.trim().parse().ok().filter(|seconds| *seconds > 0);
                if seconds.is_none() {
                    lookup.complain(&given.source, SUMMARY, RULE);
                }
                seconds
            }
        }
    }

    fn missing(&self, lookup: &mut Lookup<'_>, argument: Argument, detail: &str) {
        let summary = self.form.incomplete;
        // Without a block there is no place in it, and only a variable can have asked.
        lookup.errors.push(match self.index {
            Some(_) => ArgumentError::within(self.path(argument), summary, detail),
            None => {
                let asking = self.form.asking.variables.join(" or ");
                ArgumentError::outside(
                    summary,
                    format!("The environment variable {asking} asks for an agency. {detail}"),
                )
            }
        });
    }

    fn path(&self, argument: Argument) -> Vec<Step> {
        let index = self.index.map(Step::Index);
        [Some(Step::Name(self.form.name)), index, Some(Step::Name(argument.name))]
            .into_iter()
            .flatten()
            .collect()
    }
}

fn federation(lookup: &mut Lookup<'_>, block: &AssumeRoleWithOidc, written: bool) -> Option<Federation> {
    let fields = Fields {
        form: &OIDC,
        // The block is a list of one on the wire.
        index: written.then_some(0),
        agency: block.agency_name.as_deref(),
        domain: Domain::of(block.domain_id.as_deref(), None),
        duration: block.duration,
    };
    let idp_id =
        fields.text(lookup, IDP_ID, block.idp_id.as_deref(), "the identity provider registered with IAM");
    let token = id_token(lookup, block, &fields);
    let hop = fields.hop(lookup);
    Some(Federation { idp_id: idp_id?, token: token?, hop: hop? })
}

fn id_token(lookup: &mut Lookup<'_>, block: &AssumeRoleWithOidc, fields: &Fields<'_>) -> Option<IdToken> {
    let text = usable_secret(block.id_token.as_ref());
    let file = given(block.id_token_file.as_deref()).map(str::to_owned);
    let (text, file) = if text.is_none() && file.is_none() {
        let text = lookup.variable(ID_TOKEN.variables).map(|given| SecretString::from(given.value));
        (usable_secret(text.as_ref()), lookup.variable(ID_TOKEN_FILE.variables).map(|given| given.value))
    } else {
        (text, file)
    };
    match (text, file) {
        (Some(text), None) => Some(IdToken::Text(text)),
        (None, Some(file)) => Some(IdToken::File(file)),
        (None, None) => {
            let detail =
                format!("Set {ID_TOKEN} to the token, or {ID_TOKEN_FILE} to the file that contains it.");
            fields.missing(lookup, ID_TOKEN, &detail);
            None
        }
        (Some(_), Some(_)) => {
            let detail = format!("Set either {ID_TOKEN} or {ID_TOKEN_FILE}, not both.");
            let summary = "Contradictory assume_role_with_oidc";
            lookup.errors.push(match fields.index {
                Some(_) => ArgumentError::within(fields.path(ID_TOKEN), summary, detail),
                None => ArgumentError::outside(summary, detail),
            });
            None
        }
    }
}
