//! Terraform's types, and their JSON form in schemas and dynamic values.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value as Json, json};

use super::{Value, ValueError};
use crate::path::{AttributePath, Step};

/// A type of Terraform's type system.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Text in UTF-8.
    String,
    /// A number of any size and precision.
    Number,
    /// True or false.
    Bool,
    /// Any type: each value has its own.
    Dynamic,
    /// A sequence of values of one type.
    List(Box<Self>),
    /// Distinct values of one type, without order.
    Set(Box<Self>),
    /// Values of one type by text key.
    Map(Box<Self>),
    /// A sequence in which every position has its own type.
    Tuple(Vec<Self>),
    /// Named attributes, each of its own type, all of them always present.
    Object(BTreeMap<String, Self>),
}

/// Creates the step to an entry from its key.
type StepTo = fn(String) -> Step;

/// Maximum nesting depth of types; a dynamic value beyond it is rejected.
const MAX_DEPTH: usize = 64;

impl Type {
    /// Returns the types of `length` elements, each with the step to it. Returns an error if no value of this type has so
    /// many elements.
    pub(super) fn elements(
        &self,
        length: usize,
    ) -> Result<impl Iterator<Item = (Option<Step>, &Self)>, ValueError> {
        let types = match self {
            Self::List(element) | Self::Set(element) => std::slice::from_ref(&**element),
            Self::Tuple(elements) if elements.len() == length => elements,
            Self::Tuple(elements) => {
                let message = format!("the value must be a tuple of {} elements", elements.len());
                return Err(ValueError::new(message));
            }
            _ => return Err(ValueError::expected(self)),
        };
        // Elements of a set have no path.
        let step = |index| (!matches!(self, Self::Set(_))).then_some(Step::Index(index));
        Ok((0..length).map(step).zip(types.iter().cycle()))
    }

    /// Returns the type of the entry of a map or object with this key, and the kind of the step to it.
    pub(super) fn entry(&self, key: &str) -> Result<(StepTo, &Self), ValueError> {
        match self {
            Self::Map(element) => Ok((Step::Key, element)),
            Self::Object(attributes) => match attributes.get(key) {
                Some(ty) => Ok((Step::Attribute, ty)),
                None => Err(ValueError::new(format!("unexpected attribute {key:?}"))),
            },
            _ => Err(ValueError::expected(self)),
        }
    }

    /// Returns an error if an attribute of an object is missing.
    pub(super) fn complete(&self, entries: &BTreeMap<String, Value>) -> Result<(), ValueError> {
        let Self::Object(attributes) = self else { return Ok(()) };
        match attributes.keys().find(|name| !entries.contains_key(*name)) {
            Some(name) => Err(ValueError::new(format!("the attribute {name:?} is missing"))),
            None => Ok(()),
        }
    }

    /// Returns the part of a path that hosts can follow in a value of this type: up to the first set.
    pub(crate) fn addressable(&self, path: AttributePath) -> AttributePath {
        let mut ty = Some(self);
        let mut length = 0;
        for step in path.steps() {
            ty = match (ty, step) {
                (Some(Self::Set(_)), _) => break,
                (Some(Self::Object(attributes)), Step::Attribute(name)) => attributes.get(name),
                (Some(Self::List(element) | Self::Map(element)), _) => Some(&**element),
                (Some(Self::Tuple(elements)), Step::Index(index)) => elements.get(*index),
                _ => None,
            };
            length += 1;
        }
        path.truncated(length)
    }

    /// Returns the type's JSON form, such as `["map","string"]`.
    pub fn to_json(&self) -> Json {
        match self {
            Self::String => json!("string"),
            Self::Number => json!("number"),
            Self::Bool => json!("bool"),
            Self::Dynamic => json!("dynamic"),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Tuple(elements) => json!(["tuple", elements.iter().map(Self::to_json).collect::<Vec<_>>()]),
            Self::Object(attributes) => {
                let attributes = attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json()));
                json!(["object", attributes.collect::<serde_json::Map<_, _>>()])
            }
        }
    }

    /// Parses the JSON form.
    ///
    /// # Errors
    /// Returns a sentence that describes what is wrong with it.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        Self::parse(json, MAX_DEPTH)
    }

    fn parse(json: &Json, depth: usize) -> Result<Self, String> {
        let depth = depth.checked_sub(1).ok_or("the type is nested too deeply")?;
        if let Some(name) = json.as_str() {
            return match name {
                "string" => Ok(Self::String),
                "number" => Ok(Self::Number),
                "bool" => Ok(Self::Bool),
                "dynamic" => Ok(Self::Dynamic),
                _ => Err(format!("{name:?} is not a primitive type")),
            };
        }
        let (kind, of) = match json.as_array().map(Vec::as_slice) {
            Some([Json::String(kind), of]) => (kind.as_str(), of),
            // The third element names attributes that a conversion may omit; a value has all of them.
            Some([Json::String(kind), of, Json::Array(_)]) if kind == "object" => (kind.as_str(), of),
            _ => return Err("a type is a name or an array of a name and an argument".into()),
        };
        let element = || Self::parse(of, depth).map(Box::new);
        match (kind, of) {
            ("list", _) => element().map(Self::List),
            ("set", _) => element().map(Self::Set),
            ("map", _) => element().map(Self::Map),
            ("tuple", Json::Array(of)) => {
                of.iter().map(|of| Self::parse(of, depth)).collect::<Result<_, _>>().map(Self::Tuple)
            }
            ("object", Json::Object(of)) => {
                let attributes = of.iter().map(|(name, of)| Ok((name.clone(), Self::parse(of, depth)?)));
                attributes.collect::<Result<_, String>>().map(Self::Object)
            }
            _ => Err(format!("{kind:?} is not a type that takes an argument")),
        }
    }

    /// Returns whether the type or any part of it is [`Type::Dynamic`].
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::String | Self::Number | Self::Bool => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
            Self::Object(attributes) => attributes.values().any(Self::has_dynamic),
        }
    }

    /// Returns the kind of the type with its article, for messages: `a list`.
    pub fn friendly_name(&self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a bool",
            Self::Dynamic => "a value of any type",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Tuple(_) => "a tuple",
            Self::Object(_) => "an object",
        }
    }
}

/// Writes the type as in a `type` constraint of the configuration language: `map(list(string))`,
/// `object({ id = string })`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Bool => f.write_str("bool"),
            Self::Dynamic => f.write_str("any"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Set(element) => write!(f, "set({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (position, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if position == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (position, (name, ty)) in attributes.iter().enumerate() {
                    write!(f, "{} {name} = {ty}", if position == 0 { "" } else { "," })?;
                }
                f.write_str(if attributes.is_empty() { "})" } else { " })" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_the_way_through_json() {
        let json = json!(["object", {
            "a": ["list", "string"], "b": ["set", "number"], "c": ["map", "bool"],
            "d": ["tuple", ["dynamic", ["object", {}]]],
        }]);
        let ty = Type::from_json(&json).unwrap();
        assert_eq!(ty.to_json(), json);
        assert!(ty.has_dynamic());
        assert_eq!(
            ty.to_string(),
            "object({ a = list(string), b = set(number), c = map(bool), d = tuple([any, object({})]) })"
        );
    }

    #[test]
    fn optional_attributes_are_attributes() {
        let ty = Type::from_json(&json!(["object", {"a": "string"}, ["a"]])).unwrap();
        assert_eq!(ty, Type::Object([("a".to_owned(), Type::String)].into()));
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let deep = (0..200).fold(json!("string"), |of, _| json!(["list", of]));
        for bad in [json!(null), json!("strng"), json!(["list"]), json!(["object", []]), json!([1, 2]), deep]
        {
            assert!(Type::from_json(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_stops_at_the_first_set() {
        let json = serde_json::json!(["object", {"a": ["list", ["object", {"b": ["set", ["object", {"c": "bool"}]]}]]}]);
        let ty = Type::from_json(&json).unwrap();
        let path = crate::path!(a[1].b[0].c);
        assert_eq!(ty.addressable(path).to_string(), "a[1].b");
        assert_eq!(ty.addressable(crate::path!(a[1])).to_string(), "a[1]");
    }
}
