//! IAM: tokens for passwords and for other tokens.

use hyper::StatusCode;
use hyper::header::HeaderName;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::cloud::clock::iam_timestamp;
use crate::cloud::credentials::Scope;
use crate::cloud::estate::account::Account;
use crate::cloud::state::State;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

pub(super) const SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

#[derive(Deserialize)]
struct Auth {
    identity: Identity,
    scope: Option<ScopeBody>,
}

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    password: Option<PasswordBody>,
    token: Option<TokenBody>,
}

#[derive(Deserialize)]
struct PasswordBody {
    user: UserBody,
}

#[derive(Deserialize)]
struct UserBody {
    #[serde(flatten)]
    named: Named,
    password: String,
}

#[derive(Deserialize)]
struct TokenBody {
    id: String,
}

#[derive(Deserialize)]
struct ScopeBody {
    project: Option<Named>,
    domain: Option<Named>,
}

/// A domain, or a user or project of a domain.
#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
    domain: Option<Box<Self>>,
}

impl Named {
    /// Whether this names an object by its id, its name or both.
    fn is(&self, id: &str, name: &str) -> bool {
        (self.id.is_some() || self.name.is_some())
            && self.id.as_ref().is_none_or(|own| own == id)
            && self.name.as_ref().is_none_or(|own| own == name)
    }

    /// Whether the domain, if there is one, is this account.
    fn is_in(&self, account: &Account) -> bool {
        self.domain.as_ref().is_none_or(|domain| domain.is(&account.id, &account.name))
    }
}

/// The authenticated user, and the expiry of the old token, if a token was used.
struct Subject {
    account_id: String,
    user: Option<(String, String)>,
    until: Option<OffsetDateTime>,
}

/// Handles `POST /v3/auth/tokens`.
pub(crate) fn issue(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let Auth { identity, scope } = exchange.request.json("/auth").ok_or_else(malformed)?;
    let (method, subject) = match (identity.methods.as_slice(), identity.password, identity.token) {
        ([method], Some(password), None) if method == "password" => {
            ("password", by_password(exchange.state, &password.user)?)
        }
        ([method], None, Some(token)) if method == "token" => ("token", by_token(exchange, &token.id)?),
        _ => return Err(malformed()),
    };
    let scope = scope_of(exchange.state, &subject, scope)?;
    Ok(answer(exchange, method, subject, scope))
}

fn by_password(state: &State, UserBody { named, password }: &UserBody) -> Result<Subject, Reply> {
    if !matches!((&named.id, &named.name, &named.domain), (Some(_), None, None) | (None, Some(_), Some(_))) {
        return Err(malformed());
    }
    let accounts = state.accounts.iter().filter(|account| named.is_in(account));
    let mut users = accounts.flat_map(|account| account.users.iter().map(move |user| (account, user)));
    let found = users.find(|(_, user)| named.is(&user.id, &user.name));
    let found = found.filter(|(_, user)| user.password == *password);
    let (account, user) = found.ok_or_else(|| {
        Reply::keystone_error(StatusCode::UNAUTHORIZED, "The username or password is wrong.")
    })?;
    let names = Some((user.id.clone(), user.name.clone()));
    Ok(Subject { account_id: account.id.clone(), user: names, until: None })
}

fn by_token(exchange: &Exchange<'_>, id: &str) -> Result<Subject, Reply> {
    let token = exchange
        .state
        .credentials
        .token(id, exchange.now)
        .ok_or_else(|| Reply::keystone_error(StatusCode::UNAUTHORIZED, "The token must be updated."))?;
    let (account_id, user) = (token.account_id.clone(), token.user.clone());
    Ok(Subject { account_id, user, until: Some(token.expires_at) })
}

fn scope_of(state: &State, subject: &Subject, wanted: Option<ScopeBody>) -> Result<Scope, Reply> {
    // If the scope is omitted, the user's own domain is used.
    let Some(wanted) = wanted else { return Ok(Scope::Domain) };
    let no_access =
        || Reply::keystone_error(StatusCode::UNAUTHORIZED, "The user has no access to what the scope names.");
    let own = state.account(&subject.account_id).ok_or_else(no_access)?;
    match (wanted.project, wanted.domain) {
        (Some(Named { id: None, name: None, .. }), None) => Err(malformed()),
        (Some(project), None) => {
            let mut projects = state.projects_of(&own.id).filter(|_| project.is_in(own));
            let found = projects.find(|fleet| project.is(&fleet.project_id, &fleet.project_name));
            found.map(|fleet| Scope::Project(fleet.project_id.clone())).ok_or_else(no_access)
        }
        (None, Some(domain)) if domain.is(&own.id, &own.name) => Ok(Scope::Domain),
        (None, Some(_)) => Err(no_access()),
        _ => Err(malformed()),
    }
}

fn answer(exchange: &mut Exchange<'_>, method: &str, subject: Subject, scope: Scope) -> Reply {
    let Subject { account_id, user, until } = subject;
    let now = exchange.now;
    let domain = exchange.state.account(&account_id).map(|it| json!({ "id": it.id, "name": it.name }));
    let shown = user.as_ref().map(|(id, name)| json!({ "id": id, "name": name, "domain": domain }));
    let (kind, object) = match &scope {
        Scope::Project(id) => {
            let fleet = exchange.state.fleets.iter().find(|fleet| fleet.project_id == *id);
            let name = fleet.map(|fleet| &fleet.project_name);
            ("project", json!({ "id": id, "name": name, "domain": domain }))
        }
        Scope::Domain | Scope::Unscoped => ("domain", json!(domain)),
    };
    let (id, expires_at) = exchange.state.credentials.issue_token(&account_id, user, scope, now, until);
    let token = json!({
        "methods": [method],
        "issued_at": iam_timestamp(now),
        "expires_at": iam_timestamp(expires_at),
        "user": shown,
        "roles": [],
        "catalog": [],
        (kind): object,
    });
    Reply::value(StatusCode::CREATED, &json!({ "token": token })).with_header(SUBJECT_TOKEN, &id)
}

fn malformed() -> Reply {
    Reply::keystone_error(StatusCode::BAD_REQUEST, "The request body is invalid.")
}
