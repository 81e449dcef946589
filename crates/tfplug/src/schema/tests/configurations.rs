//! The messages that users receive about configurations.

use super::*;

#[test]
fn what_a_value_does_not_fulfil() {
    let length = |min, max| Validator::Length { min, max };
    let range = |min, max| Validator::Range { min, max };
    let whole = |min, max| Validator::Whole { min, max };
    let any_whole = || whole(i64::MIN.into(), i64::MAX.into());
    let unsigned = || whole(0, u64::MAX.into());
    let each = |validator| Validator::Each(vec![validator]);
    let typed = |value| Value::Dynamic(Box::new((crate::Type::String, value)));
    let one_of = || Validator::OneOf(&["north", "south", "west"]);
    let text = |text: &str| Value::String(text.to_owned());
    let number = |number: &str| Value::Number(Number::parse(number).unwrap());
    let list = |length| Value::List(vec![Value::Null; length]);
    for (validator, good, bad, complaint) in [
        (pattern("^a+$"), text("aa"), text("ab"), "`a` must match the pattern `^a+$`, but is \"ab\"."),
        (length(2, 3), text("\u{e4}\u{e4}"), text("a"), "`a` must have 2 to 3 characters, but has 1."),
        (length(0, 2), list(2), list(3), "`a` must have at most 2 elements, but has 3."),
        (length(1, usize::MAX), list(1), list(0), "`a` must have at least 1 element, but has 0."),
        (range(1, 9), number("9"), number("10"), "`a` must be between 1 and 9, but is 10."),
        (range(1, i128::MAX), number("1e400"), number("0"), "`a` must be at least 1, but is 0."),
        (range(i128::MIN, 5), number("-1e400"), number("6"), "`a` must be at most 5, but is 6."),
        (range(1, 9), number("2.5"), number("9.5"), "`a` must be between 1 and 9, but is 9.5."),
        (range(1, 9), number("1e0"), number("1e400"), "`a` must be between 1 and 9, but is 1e400."),
        (whole(1, 9), number("2"), number("2.5"), "`a` must be a whole number, but is 2.5."),
        (
            whole(1, 9),
            number("9"),
            number("9223372036854775808"),
            "`a` must be between 1 and 9, but is 9223372036854775808.",
        ),
        (whole(1, 9), number("9"), number("1e400"), "`a` must be between 1 and 9, but is 1e400."),
        (
            any_whole(),
            number("9223372036854775807"),
            number("9223372036854775808"),
            "`a` must be at most 9223372036854775807, but is 9223372036854775808.",
        ),
        (
            unsigned(),
            number("18446744073709551615"),
            number("18446744073709551616"),
            "`a` must be at most 18446744073709551615, but is 18446744073709551616.",
        ),
        (unsigned(), number("0"), number("-1"), "`a` must be at least 0, but is -1."),
        (range(1, u64::MAX.into()), number("1"), number("0"), "`a` must be at least 1, but is 0."),
        (
            any_whole(),
            number("-1e3"),
            number("-1e19"),
            "`a` must be at least -9223372036854775808, but is -1e19.",
        ),
        (
            Validator::Custom(|_| Err("It is odd".into())),
            typed(Value::Null),
            typed(text("x")),
            "`a`: It is odd.",
        ),
        (
            Validator::Custom(|_| Err("It is odd".into())),
            typed(Value::Unknown),
            typed(text("x")),
            "`a`: It is odd.",
        ),
        (
            Validator::Text(|text| text.parse::<u8>().map(drop).map_err(|e| e.to_string())),
            text("7"),
            text("x"),
            { "`a`: invalid digit found in string." },
        ),
        (
            one_of(),
            text("west"),
            text("East"),
            "`a` must be one of `north`, `south` or `west`, but is \"East\".",
        ),
        (Validator::Custom(|_| Err("It is odd".into())), Value::Null, text("x"), "`a`: It is odd."),
    ] {
        let schema = block(vec![with(optional::<Option<String>>("a"), validator.clone())]);
        let told = |value: &Value| told(&schema.validate(&Value::Map([("a".into(), value.clone())].into())));
        assert_eq!(told(&bad), format!("a: {complaint}"));
        for passed in [good.clone(), Value::Null, Value::Unknown] {
            assert_eq!(told(&passed), "", "{complaint} {passed:?}");
        }
        let schema = block(vec![with(optional::<Option<Vec<String>>>("a"), each(validator))]);
        let config = Value::Map([("a".into(), Value::List(vec![good, bad]))].into());
        let complaint = complaint.replace("`a`", "`a[1]`");
        assert_eq!(self::told(&schema.validate(&config)), format!("a[1]: {complaint}"));
    }
}

#[test]
fn nothing_is_told_of_a_secret() {
    let mut secret = with(optional::<Option<crate::Secret>>("a"), Validator::Length { min: 20, max: 20 });
    secret.validators.extend([pattern("x"), Validator::OneOf(&["x"])]);
    let inside = nested(Nesting::Single, vec![Attribute { sensitive: false, ..secret.clone() }]);
    for (attribute, value) in [
        (secret, Value::String("hunter2".into())),
        (
            Attribute { sensitive: true, ..inside },
            Value::Map([("a".into(), Value::String("hunter2".into()))].into()),
        ),
    ] {
        let config = Value::Map([("a".to_owned(), value)].into());
        let told = told(&block(vec![attribute]).validate(&config));
        assert!(told.contains("` must have 20 characters.") && told.lines().count() == 3, "{told}");
        assert!(!told.contains("hunter2") && !told.contains('7'), "{told}");
    }
}

#[test]
fn a_number_is_complained_of_once() {
    let mut size = optional::<Option<i64>>("a");
    derive::must(&mut size.validators, Validator::Range { min: 1, max: 9 });
    let schema = block(vec![size]);
    for (number, complaint) in [
        ("2.5", "a: `a` must be a whole number, but is 2.5."),
        ("10", "a: `a` must be between 1 and 9, but is 10."),
        ("1e30", "a: `a` must be between 1 and 9, but is 1e30."),
        ("9", ""),
    ] {
        let value = Value::Number(Number::parse(number).unwrap());
        assert_eq!(told(&schema.validate(&Value::Map([("a".into(), value)].into()))), complaint, "{number}");
    }
    assert_eq!(schema.check(Place::DataSource, "x"), Ok(()));
}

#[test]
fn a_validator_is_of_a_type_that_it_can_judge() {
    let length = |min, max| Validator::Length { min, max };
    let range = |min, max| Validator::Range { min, max };
    for (attribute, validator, complaint) in [
        (
            optional::<Option<i64>>("a"),
            pattern("x"),
            "a pattern applies to text, but the attribute is a number",
        ),
        (
            optional::<Option<Vec<String>>>("a"),
            pattern("x"),
            "a pattern applies to text, but the attribute is a list",
        ),
        (
            optional::<Value>("a"),
            pattern("x"),
            "a pattern applies to text, but the attribute is a value of any type",
        ),
        (
            optional::<Option<bool>>("a"),
            Validator::OneOf(&["x"]),
            "one_of applies to text, but the attribute is a bool",
        ),
        (
            optional::<Option<i64>>("a"),
            Validator::Text(|_| Ok(())),
            "validate with a function of &str applies to text, but the attribute is a number",
        ),
        (optional::<Option<String>>("a"), Validator::OneOf(&[]), "no value can satisfy it"),
        (
            optional::<Option<f64>>("a"),
            length(1, 2),
            "a length applies to text or a collection, but the attribute is a number",
        ),
        (optional::<Option<String>>("a"), length(2, 1), "no value can satisfy it"),
        (
            optional::<Option<String>>("a"),
            range(1, 2),
            "a range applies to a number, but the attribute is a string",
        ),
        (optional::<Option<f64>>("a"), range(2, 1), "no value can satisfy it"),
        (
            optional::<Option<Vec<i64>>>("a"),
            Validator::Each(vec![pattern("x")]),
            "a pattern applies to text, but the attribute is a number",
        ),
    ] {
        let schema = block(vec![with(attribute, validator)]);
        let error = schema.check(Place::DataSource, "x").unwrap_err();
        assert_eq!(error.to_string(), format!("x.a: {complaint}"));
    }
    for (attribute, validator) in [
        (optional::<Option<f64>>("a"), range(0, 1)),
        (optional::<Option<BTreeMap<String, i64>>>("a"), length(0, 1)),
        (optional::<Value>("a"), Validator::Custom(|_| Ok(()))),
    ] {
        assert_eq!(block(vec![with(attribute, validator)]).check(Place::DataSource, "x"), Ok(()));
    }
}

/// The same struct as one object, in a collection, and in a collection of collections.
#[test]
fn objects_are_checked_however_they_are_held() {
    let given = |field: Attribute| Attribute { optional: false, required: true, ..field };
    let text = || with(optional::<Option<String>>("b"), pattern("^b$"));
    let attributes = || vec![given(text()), given(optional::<Option<bool>>("c"))];
    let object = Block { rules: vec![Rule::Conflicts(&["b", "c"])], ..block(attributes()) };
    let value = |b: &str, c| Value::Map([("b".into(), Value::String(b.into())), ("c".into(), c)].into());
    for (nestings, held, path) in [
        (vec![], (|value| value) as fn(Value) -> Value, "a"),
        (vec![Nesting::List], |value| Value::List(vec![Value::Null, value]), "a[1]"),
        (
            vec![Nesting::List, Nesting::Map],
            |value| Value::Map([("k".to_owned(), Value::List(vec![Value::Null, value]))].into()),
            "a[\"k\"][1]",
        ),
    ] {
        let mut shape = derive::object_shape(object.clone());
        for nesting in nestings {
            shape.nested = shape.nested.map(|nested| nested.collected(nesting));
            shape.ty = nesting.of(shape.ty);
        }
        let Shape { ty, nested, .. } = shape;
        let schema = block(vec![Attribute { ty, nested, ..optional::<Option<String>>("a") }]);
        assert_eq!(schema.check(Place::DataSource, "x"), Ok(()));
        let told = |value| told(&schema.validate(&Value::Map([("a".into(), held(value))].into())));
        assert_eq!(told(value("b", Value::Null)), "");
        assert_eq!(
            told(value("x", Value::Null)),
            format!("{path}.b: `{path}.b` must match the pattern `^b$`, but is \"x\".")
        );
        let both = told(value("b", Value::Bool(true)));
        assert!(both.starts_with(&format!("{path}.c: `{path}.c`: Set only one of `b` and `c`")), "{both}");
    }
}

#[test]
fn what_arguments_do_not_fulfil_together() {
    const NAMES: &[&str] = &["a", "b", "c"];
    let config = |given: &str| {
        let value = |name: &str| match given.find(name) {
            Some(_) => Value::String("x".into()),
            None if given.contains(&name.to_uppercase()) => Value::Unknown,
            None => Value::Null,
        };
        Value::Map(NAMES.iter().map(|name| ((*name).to_owned(), value(name))).collect())
    };
    for (rule, given, complaint) in [
        (Rule::ExactlyOneOf(NAMES), "b", ""),
        (Rule::ExactlyOneOf(NAMES), "", "Set exactly one of `a`, `b` and `c`."),
        (Rule::ExactlyOneOf(NAMES), "ac", "c: Set only one of `a` and `c`."),
        (Rule::ExactlyOneOf(NAMES), "A", ""),
        (Rule::AtLeastOneOf(NAMES), "abc", ""),
        (Rule::AtLeastOneOf(NAMES), "", "Set at least one of `a`, `b` and `c`."),
        (Rule::Conflicts(NAMES), "", ""),
        (Rule::Conflicts(NAMES), "ab", "b: Set only one of `a` and `b`."),
        (Rule::Together(NAMES), "", ""),
        (Rule::Together(NAMES), "abc", ""),
        (Rule::Together(NAMES), "b", "b: `a` and `c` must be set too, because `b` is set."),
        (Rule::Together(NAMES), "bC", ""),
    ] {
        let attributes = NAMES.iter().map(|name| optional::<Option<String>>(name)).collect();
        let schema = Block { rules: vec![rule.clone()], ..block(attributes) };
        assert_eq!(told(&schema.validate(&config(given))), complaint, "{rule:?} {given}");
    }
}

#[test]
fn a_block_that_is_not_there_is_not_given() {
    let rule = Rule::AtLeastOneOf(&["inner", "a"]);
    let empty = || [Value::List(vec![]), Value::Map(BTreeMap::new())];
    for nesting in [Nesting::List, Nesting::Map] {
        let schema = holding(nesting, (0, 0), vec![]);
        let attributes = vec![optional::<Value>("a")];
        let schema = Block { rules: vec![rule.clone()], attributes, ..schema };
        for absent in empty() {
            let typed_null = Value::Dynamic(Box::new((crate::Type::String, Value::Null)));
            for a in [Value::Null, typed_null] {
                let config = Value::Map([("inner".into(), absent.clone()), ("a".into(), a)].into());
                let told = told(&schema.validate(&config));
                assert_eq!(told, "Set at least one of `inner` and `a`.");
            }
        }
        for given in empty() {
            let unknown = Value::Dynamic(Box::new((crate::Type::String, Value::Unknown)));
            let config = Value::Map([("inner".into(), given.clone()), ("a".into(), unknown)].into());
            assert_eq!(told(&schema.validate(&config)), "", "it may be given");
        }
    }
}

#[test]
fn blocks_are_counted_whatever_the_host_did() {
    let of = |count| Value::List(vec![Value::Map(BTreeMap::new()); count]);
    for (nesting, counts, value, complaint) in [
        (Nesting::List, (2, 3), of(1), "inner: `inner`: at least 2 blocks must be set, but there is 1."),
        (Nesting::List, (2, 3), of(2), ""),
        (Nesting::List, (2, 3), of(4), "inner: `inner`: at most 3 blocks can be set, but there are 4."),
        (Nesting::List, (1, 1), of(2), "inner: `inner`: at most 1 block can be set, but there are 2."),
        (Nesting::List, (0, 0), of(9), ""),
        (Nesting::List, (1, 0), Value::Unknown, ""),
        (
            Nesting::Single,
            (1, 1),
            Value::Null,
            "inner: `inner`: at least 1 block must be set, but there are 0.",
        ),
        (Nesting::Single, (1, 1), Value::Map(BTreeMap::new()), ""),
        (Nesting::Single, (0, 0), Value::Null, ""),
    ] {
        let schema = holding(nesting, counts, vec![]);
        let config = Value::Map([("inner".to_owned(), value.clone())].into());
        assert_eq!(told(&schema.validate(&config)), complaint, "{nesting:?} {counts:?} {value:?}");
    }
}
