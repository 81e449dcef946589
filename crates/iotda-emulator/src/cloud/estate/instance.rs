//! An instance with prepared responses.

use std::collections::VecDeque;

use anyhow::{Context, ensure};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::account::StatusStep;

/// The fields of an instance that the list includes.
const LISTED: [&str; 9] = [
    "instance_type",
    "instance_id",
    "name",
    "charge_mode",
    "flavor",
    "status",
    "create_time",
    "update_time",
    "enterprise_project_id",
];

#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) id: String,
    /// Lower-case name: the list's filter by name ignores case.
    pub(crate) folded_name: String,
    pub(crate) edition: Option<String>,
    detail: Bytes,
    listed: String,
    fields: Map<String, Value>,
    /// Later statuses, as it is read.
    pub(crate) script: VecDeque<StatusStep>,
    pub(crate) tasks: Vec<Value>,
}

impl Instance {
    /// Parses the text that `ShowInstance` returns, and keeps it byte for byte.
    pub(crate) fn new(detail: &str) -> anyhow::Result<Self> {
        let fields: Map<String, Value> = serde_json::from_str(detail).context("not a JSON object")?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = text("instance_id").context("instance_id: missing, or not a string")?;
        ensure!(!id.is_empty(), "instance_id: empty");
        Ok(Self {
            id,
            folded_name: text("name").unwrap_or_default().to_lowercase(),
            edition: text("instance_type"),
            detail: Bytes::copy_from_slice(detail.trim().as_bytes()),
            listed: listed(&fields),
            fields,
            script: VecDeque::new(),
            tasks: Vec::new(),
        })
    }

    /// Returns the instance's entry in the list; this does not count as a read.
    pub(crate) fn listed(&self) -> String {
        self.script.front().map_or_else(|| self.listed.clone(), |step| listed(&self.during(step)))
    }

    /// Returns the response to a read, which advances a status script.
    pub(crate) fn read(&mut self) -> Bytes {
        let last = self.script.len() == 1;
        let Some(step) = self.script.front_mut() else { return self.detail.clone() };
        step.polls = step.polls.saturating_sub(1);
        let over = step.polls == 0 && !last;
        let step = step.clone();
        if over {
            self.script.pop_front();
        }
        Bytes::from(Value::Object(self.during(&step)).to_string())
    }

    fn during(&self, step: &StatusStep) -> Map<String, Value> {
        let mut fields = self.fields.clone();
        fields.insert("status".to_owned(), Value::from(step.status.as_str()));
        if !step.has_addresses() {
            fields.insert("access_infos".to_owned(), Value::Array(Vec::new()));
        }
        fields
    }
}

fn listed(fields: &Map<String, Value>) -> String {
    let kept = LISTED.iter().filter_map(|&name| Some((name.to_owned(), fields.get(name)?.clone())));
    Value::Object(kept.collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DETAIL: &str =
        r#"{ "instance_id" : "1", "status" : "ACTIVE", "access_infos" : [ {} ], "tags" : null }"#;

    fn status(text: impl AsRef<[u8]>) -> (String, usize) {
        let value: Value = serde_json::from_slice(text.as_ref()).unwrap();
        (value["status"].as_str().unwrap().to_owned(), value["access_infos"].as_array().map_or(9, Vec::len))
    }

    #[test]
    fn the_detail_is_kept_to_the_byte_and_the_list_has_a_part_of_it() {
        let mut instance = Instance::new(DETAIL).unwrap();
        assert_eq!(instance.read(), DETAIL);
        assert_eq!(instance.listed(), r#"{"instance_id":"1","status":"ACTIVE"}"#);
    }

    #[test]
    fn a_script_goes_on_with_every_read_and_stays_at_its_last_step() {
        let mut instance = Instance::new(DETAIL).unwrap();
        instance.script = [StatusStep::new("CREATING", 2), StatusStep::new("FROZEN", 1)].into();
        assert_eq!(status(instance.listed()), ("CREATING".into(), 9));
        assert_eq!(status(instance.read()), ("CREATING".into(), 0));
        assert_eq!(status(instance.read()), ("CREATING".into(), 0));
        for _ in 0..3 {
            assert_eq!(status(instance.read()), ("FROZEN".into(), 1));
        }
    }

    #[test]
    fn what_has_no_id_is_no_instance() {
        for (text, why) in [("[]", "not a JSON object"), ("{}", "instance_id: missing, or not a string")] {
            assert_eq!(Instance::new(text).unwrap_err().to_string(), why);
        }
    }
}
