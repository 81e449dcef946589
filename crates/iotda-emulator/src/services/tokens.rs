//! IAM: tokens for passwords and for other tokens.

use hyper::StatusCode;
use hyper::header::HeaderName;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::cloud::clock::iam_timestamp;
use crate::cloud::credentials::Scope;
use crate::cloud::estate::account::Account;
use crate::cloud::state::State;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

pub(super) const SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

#[derive(Deserialize)]
struct Body {
    auth: Auth,
}

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
    id: Option<String>,
    name: Option<String>,
    domain: Option<Named>,
    password: String,
}

#[derive(Deserialize)]
struct TokenBody {
    id: String,
}

#[derive(Deserialize)]
struct ScopeBody {
    project: Option<ProjectBody>,
    domain: Option<Named>,
}

#[derive(Deserialize)]
struct ProjectBody {
    id: Option<String>,
    name: Option<String>,
    domain: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

impl Named {
    fn is(&self, account: &Account) -> bool {
        self.id.as_ref().or(self.name.as_ref()).is_some()
            && self.id.as_ref().is_none_or(|id| *id == account.id)
            && self.name.as_ref().is_none_or(|name| *name == account.name)
    }
}

/// The authenticated user, and the expiry of the old token, if a token was used.
struct Subject {
    account_id: String,
    user: Option<(String, String)>,
    until: Option<OffsetDateTime>,
}

/// Handles `POST /v3/auth/tokens`.
pub(crate) fn issue(exchange: &mut Exchange<'_>) -> Reply {
    try_issue(exchange).unwrap_or_else(|refusal| refusal)
}

fn try_issue(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let body: Body = serde_json::from_slice(&exchange.request.body).map_err(|_| malformed())?;
    let identity = body.auth.identity;
    let (method, subject) = match (identity.methods.as_slice(), identity.password, identity.token) {
        ([method], Some(password), None) if method == "password" => {
            ("password", by_password(exchange.state, &password.user)?)
        }
        ([method], None, Some(token)) if method == "token" => ("token", by_token(exchange, &token.id)?),
        _ => return Err(malformed()),
    };
    let scope = scope(exchange.state, &subject, body.auth.scope.as_ref())?;
    Ok(answer(exchange, method, subject, scope))
}

fn by_password(state: &State, user: &UserBody) -> Result<Subject, Reply> {
    let wrong = || Reply::keystone_error(StatusCode::UNAUTHORIZED, "The username or password is wrong.");
    let found = match (&user.id, &user.name, &user.domain) {
        (Some(id), None, None) => state
            .accounts
            .iter()
            .find_map(|account| account.users.iter().find(|it| it.id == *id).map(|user| (account, user))),
        (None, Some(name), Some(domain)) => {
            state.accounts.iter().find(|it| domain.is(it)).and_then(|account| {
                account.users.iter().find(|it| it.name == *name).map(|user| (account, user))
            })
        }
        _ => return Err(malformed()),
    };
    let (account, found) = found.filter(|(_, it)| it.password == user.password).ok_or_else(wrong)?;
    let names = Some((found.id.clone(), found.name.clone()));
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

fn scope(state: &State, subject: &Subject, wanted: Option<&ScopeBody>) -> Result<Scope, Reply> {
    // If the scope is omitted, the user's own domain is used.
    let Some(wanted) = wanted else { return Ok(Scope::Domain) };
    let no_access =
        || Reply::keystone_error(StatusCode::UNAUTHORIZED, "The user has no access to what the scope names.");
    let own = state.account(&subject.account_id).ok_or_else(no_access)?;
    match (&wanted.project, &wanted.domain) {
        (Some(project), None) => {
            let elsewhere = project.domain.as_ref().is_some_and(|domain| !domain.is(own));
            if project.id.is_none() && project.name.is_none() {
                return Err(malformed());
            }
            state
                .projects_of(&own.id)
                .filter(|_| !elsewhere)
                .find(|fleet| {
                    project.id.as_ref().is_none_or(|id| *id == fleet.project_id)
                        && project.name.as_ref().is_none_or(|name| *name == fleet.project_name)
                })
                .map(|fleet| Scope::Project(fleet.project_id.clone()))
                .ok_or_else(no_access)
        }
        (None, Some(domain)) if domain.is(own) => Ok(Scope::Domain),
        (None, Some(_)) => Err(no_access()),
        _ => Err(malformed()),
    }
}

fn answer(exchange: &mut Exchange<'_>, method: &str, subject: Subject, scope: Scope) -> Reply {
    let Subject { account_id, user, until } = subject;
    let now = exchange.now;
    let domain = exchange.state.account(&account_id).map(|it| json!({ "id": it.id, "name": it.name }));
    let mut token = json!({
        "methods": [method],
        "issued_at": iam_timestamp(now),
        "user": user.as_ref().map(|(id, name)| json!({ "id": id, "name": name, "domain": domain })),
        "roles": [],
        "catalog": [],
    });
    match &scope {
        Scope::Project(id) => {
            let name = exchange.state.fleets.get(id).map(|fleet| &fleet.project_name);
            put(&mut token, "project", json!({ "id": id, "name": name, "domain": domain }));
        }
        Scope::Domain | Scope::Unscoped => put(&mut token, "domain", json!(domain)),
    }
    let (id, expires_at) = exchange.state.credentials.issue_token(&account_id, user, scope, now, until);
    put(&mut token, "expires_at", json!(iam_timestamp(expires_at)));
    Reply::value(StatusCode::CREATED, &json!({ "token": token })).with_header(SUBJECT_TOKEN, &id)
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn malformed() -> Reply {
    Reply::keystone_error(StatusCode::BAD_REQUEST, "The request body is invalid.")
}
