//! Arrays as the API may send them: absent, null, or with null elements, which are dropped.

use serde::{Deserialize, Deserializer};

/// An optional array without its null elements.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list: Option<Vec<Option<T>>> = Option::deserialize(deserializer)?;
    Ok(list.map(|list| list.into_iter().flatten().collect()))
}
