//! The read operations of the IoTDA instance API.

use bytes::{BufMut, Bytes, BytesMut};
use hyper::StatusCode;
use serde_json::{Value, json};

use super::paging::{Page, PageQuery, bad_request, newest_first};
use super::tasks;
use crate::cloud::estate::fleet::Fleet;
use crate::cloud::estate::instance::Instance;
use crate::exchange::Exchange;
use crate::http::reply::Reply;

/// Handles a GET below `/v5/iot/{project_id}/iotda-instances`.
pub(crate) fn answer(exchange: &mut Exchange<'_>, project_id: &str, rest: &[&str]) -> Reply {
    admit(exchange, project_id).and_then(|()| dispatch(exchange, project_id, rest)).unwrap_or_else(|it| it)
}

/// Authenticates like the gateway, then checks the project like the service.
fn admit(exchange: &mut Exchange<'_>, project_id: &str) -> Result<(), Reply> {
    let caller = exchange.caller()?;
    let forbidden = |code, message: &str| Err(Reply::service_error(StatusCode::FORBIDDEN, code, message));
    let region = exchange.cloud_host().and_then(|host| host.region);
    let own = exchange.state.fleets.get(project_id).is_some_and(|fleet| {
        fleet.account_id == caller.account_id && region.is_none_or(|region| region == fleet.region)
    });
    if !own {
        let message = "Operation not allowed. The project is not one of the account's in this region.";
        return forbidden("IOTDA.000021", message);
    }
    let named = exchange.request.header("x-project-id");
    if !caller.covers(project_id) || named.is_some_and(|named| named != project_id) {
        return forbidden("IOTDA.000004", "Invalid access token.");
    }
    Ok(())
}

fn dispatch(exchange: &mut Exchange<'_>, project_id: &str, rest: &[&str]) -> Result<Reply, Reply> {
    let request = exchange.request;
    let flavors = &exchange.state.flavors;
    let Some(fleet) = exchange.state.fleets.get_mut(project_id) else {
        return Err(exchange.no_such_api(StatusCode::NOT_FOUND));
    };
    match rest {
        [] => {
            let filter = Filter {
                name: request.query_value("name").map(|name| name.to_lowercase()),
                instance_type: request.query_value("instance_type"),
            };
            Ok(list(fleet, &filter, &PageQuery::of(request)?))
        }
        ["flavors"] => {
            let instance_type = request.query_value("instance_type");
            Ok(list_flavors(flavors, instance_type.as_deref(), &PageQuery::of(request)?))
        }
        [id] => Ok(Reply::json(StatusCode::OK, find(fleet, id)?.read())),
        [id, "tasks"] => Ok(tasks::list(&find(fleet, id)?.tasks, &PageQuery::of(request)?)),
        [id, "tasks", task_id] => tasks::show(&find(fleet, id)?.tasks, task_id),
        _ => Err(exchange.no_such_api(StatusCode::NOT_FOUND)),
    }
}

struct Filter {
    name: Option<String>,
    instance_type: Option<String>,
}

impl Filter {
    fn admits(&self, instance: &Instance) -> bool {
        self.name.as_ref().is_none_or(|name| instance.folded_name.contains(name))
            && self.instance_type.as_ref().is_none_or(|it| instance.edition.as_ref() == Some(it))
    }
}

fn list(fleet: &Fleet, filter: &Filter, query: &PageQuery) -> Reply {
    let matching = fleet.newest_first().filter(|(_, instance)| filter.admits(instance));
    let page: Page<&Instance> = query.take(matching);
    let mut body = BytesMut::with_capacity(64 + page.items.len() * 384);
    body.put_slice(b"{\"count\":");
    body.put_slice(page.count.to_string().as_bytes());
    body.put_slice(b",\"marker\":");
    body.put_slice(json!(page.marker).to_string().as_bytes());
    body.put_slice(b",\"instances\":[");
    for (index, instance) in page.items.into_iter().enumerate() {
        if index > 0 {
            body.put_u8(b',');
        }
        body.put_slice(&instance.listed());
    }
    body.put_slice(b"]}");
    Reply::json(StatusCode::OK, Bytes::from(body))
}

fn list_flavors(flavors: &[Value], instance_type: Option<&str>, query: &PageQuery) -> Reply {
    let type_of = |flavor: &'_ Value| flavor.get("instance_type").and_then(Value::as_str).map(str::to_owned);
    let wanted = |flavor: &Value| instance_type.is_none_or(|it| type_of(flavor).as_deref() == Some(it));
    let page = query.take(newest_first(flavors).filter(|(_, flavor)| wanted(flavor)));
    let body = json!({ "page": { "count": page.count, "marker": page.marker }, "flavors": page.items });
    Reply::value(StatusCode::OK, &body)
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
