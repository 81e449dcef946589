//! Values in JSON: the second encoding of the wire, also used by tests and people.

use serde_json::{Value as Json, json};

use super::msgpack::{MAX_VALUES, too_many};
use super::{Number, Type, Value, ValueError, under};

type Result<T> = std::result::Result<T, ValueError>;

pub(super) fn decode(bytes: &[u8], ty: &Type) -> Result<Value> {
    // What may be an array, an object or one of their elements. Text can contain these characters too, but not so many.
    let values = bytes.iter().filter(|byte| matches!(byte, b'[' | b'{' | b',')).count();
    if values > MAX_VALUES {
        return Err(too_many());
    }
    let json: Json =
        serde_json::from_slice(bytes).map_err(|error| ValueError::new(format!("malformed JSON: {error}")))?;
    Value::from_json(&json, ty)
}

impl Value {
    /// Decodes a value of the expected type from JSON, in the form of `terraform output -json`.
    ///
    /// # Errors
    /// Returns an error with the path if the JSON is not of that type.
    pub fn from_json(json: &Json, ty: &Type) -> Result<Self> {
        convert(json, ty, &mut 0)
    }

    /// Returns the value as JSON, in the form of `terraform output -json`; unknown values become null.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null | Self::Unknown => Json::Null,
            Self::Bool(value) => json!(value),
            Self::Number(Number::Int(int)) => json!(int),
            Self::Number(Number::Unsigned(unsigned)) => json!(unsigned),
            Self::Number(Number::Float(float)) => json!(float),
            // If no float has this decimal text, the text is the lossless form.
            Self::Number(number @ Number::Decimal(text)) => {
                number.exact_f64().map_or_else(|| json!(text), |float| json!(float))
            }
            Self::String(text) => json!(text),
            Self::List(elements) => Json::Array(elements.iter().map(Self::to_json).collect()),
            Self::Map(entries) => {
                Json::Object(entries.iter().map(|(key, value)| (key.clone(), value.to_json())).collect())
            }
            Self::Dynamic(typed) => json!({"type": typed.0.to_json(), "value": typed.1.to_json()}),
        }
    }
}

/// Converts a value. `made` counts values: a type may have many attributes that the text omits.
fn convert(json: &Json, ty: &Type, made: &mut usize) -> Result<Value> {
    *made += 1;
    if *made > MAX_VALUES {
        return Err(too_many());
    }
    if json.is_null() {
        return Ok(Value::Null);
    }
    Ok(match (ty, json) {
        (Type::Bool, Json::Bool(value)) => Value::Bool(*value),
        (Type::Number, Json::Number(number)) => Value::Number(Number::parse(&number.to_string())?),
        (Type::Number, Json::String(text)) => Value::Number(Number::parse(text)?),
        (Type::String, Json::String(text)) => Value::String(text.clone()),
        (ty, Json::Array(elements)) => {
            let elements = ty
                .elements(elements.len())?
                .zip(elements)
                .map(|((step, ty), json)| convert(json, ty, made).map_err(|error| under(error, step)));
            Value::List(elements.collect::<Result<_>>()?)
        }
        (Type::Map(_) | Type::Object(_), Json::Object(entries)) => {
            let attributes = if let Type::Object(attributes) = ty { Some(attributes) } else { None };
            let absent = attributes.into_iter().flatten().filter(|(name, _)| !entries.contains_key(*name));
            let entries = entries.iter().chain(absent.map(|(name, _)| (name, &Json::Null)));
            let entries = entries.map(|(key, json)| {
                let (step, ty) = ty.entry(key)?;
                let value = convert(json, ty, made).map_err(|error| error.under(step(key.clone())))?;
                Ok((key.clone(), value))
            });
            Value::Map(entries.collect::<Result<_>>()?)
        }
        (Type::Dynamic, Json::Object(pair)) => match (pair.get("type"), pair.get("value")) {
            (Some(ty), Some(value)) => {
                let ty = Type::from_json(ty).map_err(ValueError::new)?;
                let value = convert(value, &ty, made)?;
                Value::Dynamic(Box::new((ty, value)))
            }
            _ => return Err(ValueError::new("a dynamic value is an object of a type and a value")),
        },
        (ty, _) => return Err(ValueError::expected(ty)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_a_value_of_the_type_and_back() {
        let ty = Type::from_json(&json!(["object", {
            "a": ["list", "number"], "b": ["map", "bool"], "c": ["tuple", ["string"]], "d": "dynamic",
        }]));
        let numbers = json!([1, 0.1, "0.1234567890123456789", "1e400"]);
        let json = json!({"a": numbers, "b": {"k": true}, "c": ["x"], "d": {"type": "string", "value": "y"}});
        assert_eq!(Value::from_json(&json, &ty.unwrap()).unwrap().to_json(), json);
    }

    #[test]
    fn too_many_values_are_refused_as_in_message_pack() {
        let numbers = format!("[{}0]", "0,".repeat(MAX_VALUES));
        let list = Type::List(Box::new(Type::Number));
        let refused = |text: &str, ty: &Type| decode(text.as_bytes(), ty).unwrap_err().to_string();
        assert!(refused(&numbers, &list).ends_with("too many values"));
        // Every empty object becomes one with a hundred attributes.
        let wide = Type::from_json(&json!([
            "object",
            (0..100).map(|it| (it.to_string(), json!("bool"))).collect::<serde_json::Map<_, _>>()
        ]));
        let objects = format!("[{}{{}}]", "{},".repeat(MAX_VALUES / 100));
        assert!(refused(&objects, &Type::List(Box::new(wide.unwrap()))).ends_with("too many values"));
    }

    #[test]
    fn a_decimal_is_a_number_where_a_float_is_written_so() {
        for (text, json) in [
            ("0.1", json!(0.1)),
            ("-2.50", json!(-2.5)),
            ("1.5e3", json!(1500.0)),
            ("100e-1", json!(10.0)),
            ("0.0", json!(0.0)),
            ("1e22", json!(1e22)),
            ("0.30000000000000004", json!(0.1 + 0.2)),
            ("0.3000000000000000444", json!("0.3000000000000000444")),
            ("98765432109876543210.5", json!("98765432109876543210.5")),
            ("1e-400", json!("1e-400")),
        ] {
            assert_eq!(Value::Number(Number::parse(text).unwrap()).to_json(), json, "{text}");
        }
    }

    #[test]
    fn absent_attributes_are_null_and_foreign_ones_are_errors() {
        let ty = Type::Object([("a".to_owned(), Type::Map(Box::new(Type::Bool)))].into());
        assert_eq!(Value::from_json(&json!({}), &ty), Ok(Value::Map([("a".to_owned(), Value::Null)].into())));
        assert_eq!(
            Value::from_json(&json!({"b": 1}), &ty).unwrap_err().message,
            r#"unexpected attribute "b""#
        );
        let error = Value::from_json(&json!({"a": {"k": 1}}), &ty).unwrap_err();
        assert_eq!(error.to_string(), r#"a["k"]: the value must be a bool"#);
        assert!(decode(b"{", &ty).unwrap_err().message.starts_with("malformed JSON"));
    }
}
