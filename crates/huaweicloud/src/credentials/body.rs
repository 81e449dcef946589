//! JSON bodies that hold secrets: written from borrowed strings into memory that is wiped.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::error::{Error, Kind};

/// Larger than any body that is sent, tokens included: a reallocation would leave copies behind.
const CAPACITY: usize = 64 << 10;

/// A value of a JSON body.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(u64),
    List(Vec<&'a str>),
    Object(#[serde(serialize_with = "in_order")] Vec<(&'a str, Self)>),
}

fn in_order<S: Serializer>(fields: &[(&str, Value<'_>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
}

/// Returns the body that has these fields in `auth`.
pub(super) fn auth(fields: Vec<(&str, Value<'_>)>) -> Result<Bytes, Error> {
    json(&Value::Object(vec![("auth", Value::Object(fields))]))
}

/// Serializes a body. Its bytes are wiped when the last request that holds them is dropped.
pub(super) fn json(body: &Value<'_>) -> Result<Bytes, Error> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(CAPACITY));
    serde_json::to_writer(&mut *bytes, body)
        .map_err(|error| Error::new(Kind::CredentialSource, None, error.to_string()))?;
    Ok(Bytes::from_owner(bytes))
}
