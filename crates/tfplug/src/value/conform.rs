//! Check that a value is of a type, before it is sent: hosts crash on some that are not, and report others as their own
//! bug.

use super::{Type, Value, ValueError, under};

/// Whether a value that is sent may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknowns {
    /// No part may be unknown: the value is final.
    Refused,
    /// Any part may be unknown: the value is completed later.
    Allowed,
}

impl Value {
    /// Checks that the value is of the type, down to every key. A valid value causes no allocation.
    pub(crate) fn conforms(&self, ty: &Type, unknowns: Unknowns) -> Result<(), ValueError> {
        match (ty, self) {
            (_, Self::Unknown) if unknowns == Unknowns::Refused => Err(ValueError::unknown()),
            (_, Self::Null | Self::Unknown)
            | (Type::Bool, Self::Bool(_))
            | (Type::String, Self::String(_)) => Ok(()),
            (Type::Number, Self::Number(number)) => number.check(),
            (Type::Dynamic, Self::Dynamic(typed)) => typed.1.conforms(&typed.0, unknowns),
            (Type::Dynamic, _) => Err(ValueError::new("a value of any type must come with its type")),
            (ty, Self::List(elements)) => {
                ty.elements(elements.len())?.zip(elements).try_for_each(|((step, ty), value)| {
                    value.conforms(ty, unknowns).map_err(|error| under(error, step))
                })
            }
            (Type::Map(_) | Type::Object(_), Self::Map(entries)) => {
                ty.complete(entries)?;
                entries.iter().try_for_each(|(key, value)| {
                    let (step, ty) = ty.entry(key)?;
                    value.conforms(ty, unknowns).map_err(|error| error.under(step(key.clone())))
                })
            }
            (ty, _) => Err(ValueError::expected(ty)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Number;

    #[test]
    fn a_value_is_of_its_type_down_to_every_key() {
        let ty = Type::from_json(&json!(["object", {
            "a": ["list", "number"], "b": ["map", "bool"], "c": ["tuple", ["string"]], "d": "dynamic",
        }]));
        let ty = ty.unwrap();
        let json =
            json!({"a": [1, 0.1], "b": {"k": true}, "c": ["x"], "d": {"type": "string", "value": "y"}});
        let good = Value::from_json(&json, &ty).unwrap();
        assert_eq!(good.conforms(&ty, Unknowns::Refused), Ok(()));
        let with = |name: &str, value: Value| {
            let Value::Map(mut values) = good.clone() else { panic!("an object") };
            values.insert(name.to_owned(), value);
            Value::Map(values)
        };
        let Value::Map(mut fewer) = good.clone() else { panic!("an object") };
        fewer.remove("c");
        let text = || Value::String("x".into());
        let nonsense = Value::Number(Number::Decimal("nonsense".into()));
        for (bad, complaint) in [
            (text(), "the value must be an object"),
            (Value::Map(fewer), "the attribute \"c\" is missing"),
            (with("e", Value::Null), "unexpected attribute \"e\""),
            (with("a", Value::List(vec![Value::Null, text()])), "a[1]: the value must be a number"),
            (with("a", Value::List(vec![nonsense])), "a[0]: the text is not a number"),
            (
                with("a", Value::List(vec![Value::Number(Number::Float(f64::NAN))])),
                "a[0]: NaN is not a number",
            ),
            (
                with("a", Value::List(vec![Value::Number(Number::Float(f64::NEG_INFINITY))])),
                "a[0]: infinity cannot be stored",
            ),
            (with("b", Value::Map([("k".into(), text())].into())), "b[\"k\"]: the value must be a bool"),
            (with("c", Value::List(vec![])), "c: the value must be a tuple of 1 elements"),
            (with("d", text()), "d: a value of any type must come with its type"),
            (with("d", Value::Dynamic(Box::new((Type::Bool, text())))), "d: the value must be a bool"),
            (with("a", Value::List(vec![Value::Unknown])), "a[0]: the value is not known before apply"),
        ] {
            let error = bad.conforms(&ty, Unknowns::Refused).unwrap_err();
            assert_eq!(error.to_string(), complaint);
        }
        assert_eq!(with("a", Value::Unknown).conforms(&ty, Unknowns::Allowed), Ok(()));
    }
}
