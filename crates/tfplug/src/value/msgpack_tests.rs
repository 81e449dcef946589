use super::*;

fn map(ty: Type) -> Type {
    Type::Map(Box::new(ty))
}

fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

fn object(attributes: &[(&str, Type)]) -> Type {
    Type::Object(attributes.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

/// Bytes that hosts send, and the bytes that they receive for the same value.
#[test]
fn values_and_their_bytes() {
    let cases = [
        (Type::Bool, "c3", Value::Bool(true)),
        (Type::String, "a2 6869", Value::String("hi".into())),
        (Type::Number, "07", Value::Number(Number::Int(7))),
        (Type::Number, "ff", Value::Number(Number::Int(-1))),
        (Type::Number, "cd 22b3", Value::Number(Number::Int(8883))),
        (Type::Number, "d3 8000000000000000", Value::Number(Number::Int(i64::MIN))),
        (Type::Number, "cf ffffffffffffffff", Value::Number(Number::Unsigned(u64::MAX))),
        (Type::Number, "cb 4004000000000000", Value::Number(Number::Float(2.5))),
        (Type::Number, "a3 302e31", Value::Number(Number::Decimal("0.1".into()))),
        (Type::Number, "cb 7ff0000000000000", Value::Number(Number::Float(f64::INFINITY))),
        (Type::Dynamic, "92 c408 226e756d62657222 07", {
            Value::Dynamic(Box::new((Type::Number, Value::Number(Number::Int(7)))))
        }),
        (list(Type::String), "92 a161 c0", Value::List(vec![Value::String("a".into()), Value::Null])),
        (Type::Tuple(vec![Type::Bool, Type::String]), "92 c2 a0", {
            Value::List(vec![Value::Bool(false), Value::String(String::new())])
        }),
        (map(Type::Bool), "81 a16b c3", Value::Map([("k".to_owned(), Value::Bool(true))].into())),
        (object(&[("a", Type::Bool)]), "81 a161 c0", Value::Map([("a".to_owned(), Value::Null)].into())),
    ];
    for (ty, bytes, value) in cases {
        assert_eq!(decode(&hex(bytes), &ty), Ok(value.clone()), "{bytes}");
        assert_eq!(encode(&value), Ok(hex(bytes)), "{bytes}");
    }
}

#[test]
fn every_extension_is_unknown_whatever_the_type() {
    for bytes in ["d40000", "d40500", "c7030c8101c2", "c7000c", "c800030c8101c2"] {
        for ty in [Type::String, Type::Dynamic, list(Type::Bool), object(&[("a", Type::Bool)])] {
            assert_eq!(decode(&hex(bytes), &ty), Ok(Value::Unknown), "{bytes}");
        }
    }
    assert_eq!(encode(&Value::Unknown), Ok(hex("d40000")));
}

#[test]
fn forms_that_hosts_may_choose() {
    assert_eq!(decode(&hex("c402 6869"), &Type::String), Ok(Value::String("hi".into())));
    assert_eq!(decode(&hex("ca 40200000"), &Type::Number), Ok(Value::Number(Number::Float(2.5))));
    assert_eq!(decode(&hex("92 a8 226e756d62657222 07"), &Type::Dynamic).map(|v| v.is_null()), Ok(false));
}

#[test]
fn errors_name_the_place() {
    let ty = object(&[("a", list(object(&[("m", map(Type::Number))])))]);
    let error = decode(&hex("81 a161 92 81a16d80 81 a16d 81 a16b c3"), &ty).unwrap_err();
    assert_eq!(error.to_string(), r#"a[1].m["k"]: the value must be a number"#);
    // Elements of a set have no path: it stops at the set.
    let ty = object(&[("s", Type::Set(Box::new(Type::Bool)))]);
    assert_eq!(decode(&hex("81 a173 91 07"), &ty).unwrap_err().path.to_string(), "s");
}

#[test]
fn malformed_bytes_are_errors() {
    let ty = object(&[("a", Type::String), ("b", Type::Number)]);
    for (bytes, why) in [
        ("", "truncated"),
        ("82 a161 a568", "truncated"),
        ("81 a161 c0", r#""b" is missing"#),
        ("83 a161 c0 a162 c0 a163 c0", r#"unexpected attribute "c""#),
        ("82 a161 c0 a161 c0", "a key is repeated"),
        ("82 07 c0 a162 c0", "a key is not text"),
        ("82 a161 a1ff a162 c0", "not UTF-8"),
        ("82 a161 c0 a162 cb7ff8000000000000", "NaN"),
        ("82 a161 c0 a162 c3", "the value must be a number"),
        ("82 a161 07 a162 c0", "the value must be a string"),
        ("82 a161 c0 a162 c0 00", "there are bytes after"),
        ("df ffffffff", "truncated"),
        ("c8 ffff 0c", "an unknown value is too large"),
        ("c1", "the value must be an object"),
    ] {
        let error = decode(&hex(bytes), &ty).unwrap_err().to_string();
        assert!(error.contains(why), "{bytes}: {error}");
    }
}

#[test]
fn lengths_that_lie_allocate_nothing() {
    assert!(decode(&hex("dd ffffffff c0"), &list(Type::Bool)).unwrap_err().message.contains("truncated"));
    assert!(decode(&hex("db ffffffff 61"), &Type::String).unwrap_err().message.contains("truncated"));
}

#[test]
fn dynamic_values_nest_only_so_deep() {
    let mut bytes = hex("92 c409").into_iter().chain(*b"\"dynamic\"").collect::<Vec<_>>().repeat(200);
    bytes.push(0xc0);
    assert!(decode(&bytes, &Type::Dynamic).unwrap_err().message.contains("too deeply"));
}

#[test]
fn nan_is_never_written() {
    let value = Value::List(vec![Value::Number(Number::Float(f64::NAN))]);
    assert_eq!(encode(&value).unwrap_err().to_string(), "[0]: NaN is not a number");
}
