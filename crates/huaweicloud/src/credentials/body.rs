//! JSON bodies that hold secrets: written from borrowed strings into memory that is wiped.

use bytes::Bytes;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::error::{Error, Kind};

/// Larger than any body that is sent, tokens included: a reallocation would leave copies behind.
const CAPACITY: usize = 64 << 10;

/// A value of a JSON body.
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(u64),
    List(Vec<&'a str>),
    Object(Vec<(&'a str, Self)>),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::List(texts) => texts.serialize(serializer),
            Self::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
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
