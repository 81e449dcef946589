//! Properties that hold for every value and for any bytes.

use proptest::prelude::*;

use super::{Number, Type, Value, json, msgpack};

/// Generates a type and a value of it.
fn typed() -> impl Strategy<Value = (Type, Value)> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::Int),
        (i64::MAX as u64 + 1..).prop_map(Number::Unsigned),
        any::<f64>().prop_filter("never sent", |float| !float.is_nan()).prop_map(Number::Float),
        "-?[1-9][0-9]{20,40}\\.[0-9]{1,20}".prop_map(Number::Decimal),
    ];
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| (Type::Bool, Value::Bool(value))),
        number.prop_map(|number| (Type::Number, Value::Number(number))),
        any::<String>().prop_map(|text| (Type::String, Value::String(text))),
        Just((Type::String, Value::Null)),
        Just((Type::Number, Value::Unknown)),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            (inner.clone(), 0..5_usize).prop_map(|((ty, value), length)| {
                (Type::List(Box::new(ty)), Value::List(vec![value; length]))
            }),
            (inner.clone(), prop::collection::vec(any::<String>(), 0..5)).prop_map(|((ty, value), keys)| {
                (
                    Type::Map(Box::new(ty)),
                    Value::Map(keys.into_iter().map(|key| (key, value.clone())).collect()),
                )
            }),
            prop::collection::vec(inner.clone(), 0..5).prop_map(|elements| {
                let (types, values) = elements.into_iter().unzip();
                (Type::Tuple(types), Value::List(values))
            }),
            prop::collection::btree_map("[a-z_]{1,5}", inner.clone(), 0..5).prop_map(|attributes| {
                let types = attributes.iter().map(|(name, (ty, _))| (name.clone(), ty.clone())).collect();
                let values = attributes.into_iter().map(|(name, (_, value))| (name, value)).collect();
                (Type::Object(types), Value::Map(values))
            }),
            inner.prop_map(|typed| (Type::Dynamic, Value::Dynamic(Box::new(typed)))),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_survives_the_wire((ty, value) in typed()) {
        let bytes = msgpack::encode(&value).unwrap();
        prop_assert_eq!(msgpack::decode(&bytes, &ty), Ok(value));
    }

    #[test]
    fn a_type_survives_its_json((ty, _) in typed()) {
        prop_assert_eq!(Type::from_json(&ty.to_json()), Ok(ty));
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error((ty, _) in typed(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = msgpack::decode(&bytes, &ty);
        let _ = json::decode(&bytes, &ty);
    }

    /// Almost valid bytes reach deeper code than random ones.
    #[test]
    fn a_damaged_value_is_a_value_or_an_error((ty, value) in typed(), at in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = msgpack::encode(&value).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = msgpack::decode(&bytes, &ty);
        prop_assert!(msgpack::decode(&bytes[..at], &ty).is_err(), "it is truncated");
    }

    #[test]
    fn any_text_is_a_number_or_an_error(text in "[-+0-9.eE]{0,12}") {
        if let Ok(number) = Number::parse(&text) {
            prop_assert_eq!(Number::parse(&number.to_string()), Ok(number.clone()));
            // A number beyond the range of f64 is a number all the same.
            let float: f64 = number.to_string().parse().unwrap();
            prop_assert_eq!(number.as_f64(), float.is_finite().then_some(float));
        }
    }
}
