//! IAM: the projects and domains of a caller.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::exchange::Exchange;
use crate::http::reply::Reply;

/// Handles `GET /v3/projects?name=`.
pub(crate) fn projects(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let caller = exchange.caller()?;
    let name = exchange.request.query_value("name");
    let domain = exchange.request.query_value("domain_id");
    let found: Vec<Value> = exchange
        .state
        .projects_of(&caller.account_id)
        .filter(|fleet| name.as_ref().is_none_or(|name| fleet.project_name == *name))
        .filter(|fleet| domain.as_ref().is_none_or(|domain| fleet.account_id == *domain))
        .map(|fleet| {
            json!({
                "id": fleet.project_id,
                "name": fleet.project_name,
                "domain_id": fleet.account_id,
                "parent_id": fleet.account_id,
                "description": "",
                "enabled": true,
                "is_domain": false,
                "links": { "self": format!("/v3/projects/{}", fleet.project_id) },
            })
        })
        .collect();
    let links = json!({ "self": "/v3/projects", "next": null, "previous": null });
    Ok(Reply::value(StatusCode::OK, &json!({ "links": links, "projects": found })))
}

/// Handles `GET /v3/auth/domains`.
pub(crate) fn domains(exchange: &mut Exchange<'_>) -> Result<Reply, Reply> {
    let caller = exchange.caller()?;
    let own = exchange
        .state
        .account(&caller.account_id)
        .map(|account| json!({ "id": account.id, "name": account.name, "description": "", "enabled": true }));
    let links = json!({ "self": "/v3/auth/domains", "next": null, "previous": null });
    let domains: Vec<Value> = own.into_iter().collect();
    Ok(Reply::value(StatusCode::OK, &json!({ "links": links, "domains": domains })))
}
