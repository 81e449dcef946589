//! The read operations of the IoTDA instance API.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::paging::{PageQuery, bad_request, newest_first};
use super::tasks;
use crate::cloud::estate::fleet::Fleet;
use crate::cloud::estate::instance::Instance;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

/// Handles a GET below `/v5/iot/{project_id}/iotda-instances`: authenticates like the gateway, then checks the project
/// like the service.
pub(crate) fn answer(exchange: &mut Exchange<'_>, project_id: &str, rest: &[&str]) -> Result<Reply, Reply> {
    let caller = exchange.caller()?;
    let forbidden = |code, message| Reply::service_error(StatusCode::FORBIDDEN, code, message);
    let region = exchange.cloud_host().and_then(|host| host.region);
    let request = exchange.request;
    let flavors = &exchange.state.flavors;
    let fleet = exchange.state.fleets.iter_mut().find(|fleet| {
        fleet.project_id == project_id
            && fleet.account_id == caller.account_id
            && region.is_none_or(|region| region == fleet.region)
    });
    let fleet = fleet.ok_or_else(|| {
        let message = "Operation not allowed. The project is not one of the account's in this region.";
        forbidden("IOTDA.000021", message)
    })?;
    if !caller.covers(project_id) || request.header("x-project-id").is_some_and(|named| named != project_id) {
        return Err(forbidden("IOTDA.000004", "Invalid access token."));
    }
    let instance_type = request.query_value("instance_type");
    match rest {
        [] => {
            let name = request.query_value("name").unwrap_or_default().to_lowercase();
            let matching = fleet.newest_first().filter(|(_, instance)| {
                instance.folded_name.contains(&name)
                    && (instance_type.is_none() || instance_type == instance.edition)
            });
            let page = PageQuery::of(request)?.take(matching);
            let (count, marker) = (page.count, json!(page.marker));
            let instances: Vec<_> = page.items.into_iter().map(Instance::listed).collect();
            let instances = instances.join(",");
            let body = format!(r#"{{"count":{count},"marker":{marker},"instances":[{instances}]}}"#);
            Ok(Reply::json(StatusCode::OK, body))
        }
        ["flavors"] => {
            let has_type =
                |flavor: &Value, wanted| flavor.get("instance_type").is_some_and(|it| it == wanted);
            let matching = newest_first(flavors)
                .filter(|(_, flavor)| instance_type.as_ref().is_none_or(|wanted| has_type(flavor, wanted)));
            let page = PageQuery::of(request)?.take(matching);
            let page_info = json!({ "count": page.count, "marker": page.marker });
            Ok(Reply::value(StatusCode::OK, &json!({ "page": page_info, "flavors": page.items })))
        }
        [id] => Ok(Reply::json(StatusCode::OK, find(fleet, id)?.read())),
        [id, "tasks"] => Ok(tasks::list(&find(fleet, id)?.tasks, &PageQuery::of(request)?)),
        [id, "tasks", task_id] => tasks::show(&find(fleet, id)?.tasks, task_id),
        _ => Err(exchange.no_such_api(StatusCode::NOT_FOUND)),
    }
}

/// Finds an instance. The API documents no code for an instance that does not exist, so this uses general ones.
fn find<'a>(fleet: &'a mut Fleet, id: &str) -> Result<&'a mut Instance, Reply> {
    let allowed = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-');
    if id.is_empty() || id.len() > 36 || !id.bytes().all(allowed) {
        return Err(bad_request("IOTDA.000006", "Invalid input data. instance_id is not valid."));
    }
    fleet.get_mut(id).ok_or_else(|| {
        let message = "Invalid input data. The instance does not exist.";
        Reply::service_error(StatusCode::NOT_FOUND, "IOTDA.000006", message)
    })
}
