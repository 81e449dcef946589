//! Lenient decoding of arrays: absent, null, or with null elements, which are dropped. And strict decoding of objects.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Far more than any array of these services contains: a page has 500 elements. Without a limit, 16 MiB of `{},{},…`
/// would become more than a gigabyte.
const MAX_ELEMENTS: usize = 10_000;

/// Deserializes an optional array without its null elements.
///
/// # Errors
///
/// Anything except null or an array, more than 10,000 elements, or an element that is not a `T`.
pub fn list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.map(|Elements(elements)| elements))
}

/// The elements of an array that are not null; while it is read, those so far.
struct Elements<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self(Vec::new()))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut array: A) -> Result<Self, A::Error> {
        while let Some(element) = array.next_element()? {
            if self.0.len() >= MAX_ELEMENTS {
                return Err(A::Error::custom("an array of more than 10000 elements"));
            }
            self.0.extend::<Option<T>>(element);
        }
        Ok(self)
    }
}

/// Deserializes an optional array of objects without its null elements.
///
/// # Errors
///
/// Those of [`list`], or an element that is not an object.
pub fn objects<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(list(deserializer)?.map(|objects| objects.into_iter().map(|Object(object)| object).collect()))
}

/// Deserializes an optional object.
///
/// # Errors
///
/// Anything except null or an object of the shape of `T`.
pub fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.map(|Object(object)| object))
}

/// Accepts only an object: by default serde also accepts an array, as the fields of a struct in their order.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Deserialize)]
    struct Thing {}

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Things {
        #[serde(deserialize_with = "objects")]
        things: Option<Vec<Thing>>,
    }

    #[test]
    fn an_array_has_an_end() {
        let things = |count: usize| format!(r#"{{"things":[{}]}}"#, vec!["{}"; count].join(","));
        let read = |count| serde_json::from_str::<Things>(&things(count));
        assert_eq!(read(MAX_ELEMENTS).unwrap().things.map(|things| things.len()), Some(MAX_ELEMENTS));
        assert!(read(MAX_ELEMENTS + 1).err().unwrap().to_string().contains("more than 10000"));
    }

    #[test]
    fn null_elements_are_left_out_and_null_is_no_array() {
        let read = |body| serde_json::from_str::<Things>(body).unwrap().things.map(|things| things.len());
        assert_eq!(read(r#"{"things":[null,{},null]}"#), Some(1));
        assert_eq!((read(r#"{"things":null}"#), read("{}")), (None, None));
    }
}
