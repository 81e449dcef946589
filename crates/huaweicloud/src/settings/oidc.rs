//! An agency to assume with an `OpenID` Connect token.

use secrecy::{ExposeSecret, SecretString};

use super::arguments::{ArgumentError, AssumeRole, AssumeRoleWithOidc};
use super::catalog::{ID_TOKEN, ID_TOKEN_FILE, IDP_ID, TAGGED_ID_TOKEN};
use super::given::{AlreadyReported, given, usable_secret};
use super::layer::fault;
use super::lookup::Lookup;
use super::roles::Role;
use super::sign_in::{Federation, IdToken};

/// Returns the federation of the block.
pub(super) fn in_block(lookup: &mut Lookup<'_>) -> Result<Option<Federation>, AlreadyReported> {
    let Some(block) = &lookup.arguments.assume_role_with_oidc else { return Ok(None) };
    // The block is a list of one on the wire.
    federation(lookup, block, Some(0)).map(Some).ok_or(AlreadyReported)
}

/// Returns the federation that `HW_ASSUME_ROLE_IDP_ID` configures.
pub(super) fn in_environment(lookup: &mut Lookup<'_>) -> Result<Option<Federation>, AlreadyReported> {
    if lookup.variable(IDP_ID.variables).is_none() {
        return Ok(None);
    }
    federation(lookup, &AssumeRoleWithOidc::default(), None).map(Some).ok_or(AlreadyReported)
}

fn federation(
    lookup: &mut Lookup<'_>,
    block: &AssumeRoleWithOidc,
    index: Option<usize>,
) -> Option<Federation> {
    let AssumeRoleWithOidc { agency_name, domain_id, duration, .. } = block.clone();
    let role = Role {
        block: &AssumeRole { agency_name, domain_id, duration, ..AssumeRole::default() },
        index,
        asking: IDP_ID,
        incomplete: "Incomplete assume_role_with_oidc",
        is_chained: true,
    };
    let what = "the identity provider registered with IAM";
    let idp_id = role.text(lookup, IDP_ID, block.idp_id.as_deref(), what);
    let token = id_token(lookup, block, &role);
    let hop = role.hop(lookup);
    Some(Federation { idp_id: idp_id?, token: token?, hop: hop? })
}

fn id_token(lookup: &mut Lookup<'_>, block: &AssumeRoleWithOidc, role: &Role<'_>) -> Option<IdToken> {
    let text = usable_secret(block.id_token.as_ref());
    let file = given(block.id_token_file.as_deref());
    let path = role.path(ID_TOKEN.name);
    match (text, file) {
        (Some(_), Some(_)) => {
            let detail = format!("Set either {ID_TOKEN} or {ID_TOKEN_FILE}, not both.");
            let error = ArgumentError::within(path, "Conflicting assume_role_with_oidc", detail);
            lookup.errors.push(error.of_conflict());
            None
        }
        (Some(text), None) => {
            if let Some(fault) = fault(text.expose_secret()) {
                let detail = format!("`{}` {fault}.", ID_TOKEN.name);
                lookup.errors.push(ArgumentError::within(path, "Invalid credentials", detail));
            }
            Some(IdToken::Text(text))
        }
        (None, Some(file)) => Some(IdToken::File(file.to_owned())),
        (None, None) => in_variables(lookup, role),
    }
}

/// Returns the token of the environment; it takes precedence over a token file.
fn in_variables(lookup: &mut Lookup<'_>, role: &Role<'_>) -> Option<IdToken> {
    if let Some(token) = in_variable(lookup, ID_TOKEN.variables) {
        return Some(token);
    }
    if let Some(given) = lookup.variable(ID_TOKEN_FILE.variables) {
        return Some(IdToken::File(given.value));
    }
    let tagged = lookup.environment.names(TAGGED_ID_TOKEN);
    let detail = match tagged.as_slice() {
        [only] => return in_variable(lookup, &[only]),
        [] => format!("Set {ID_TOKEN} to the token, or {ID_TOKEN_FILE} to the file that contains it."),
        several => {
            let several = several.join(", ");
            format!("{several} are set. To choose one of these tokens, set {ID_TOKEN} to it.")
        }
    };
    role.missing(lookup, ID_TOKEN, &detail);
    None
}

fn in_variable(lookup: &mut Lookup<'_>, names: &[&str]) -> Option<IdToken> {
    let given = lookup.variable(names)?;
    let text = usable_secret(Some(&SecretString::from(given.value)))?;
    if let Some(fault) = fault(text.expose_secret()) {
        lookup.complain(&given.source, "Invalid credentials", fault);
    }
    Some(IdToken::Text(text))
}
