//! Rules of schemas, and what users are told about configurations.

use serde_json::{Value as Json, json};

use super::*;
use crate::typed::derive::{self, attribute};
use crate::{AttributeValue, Diagnostics, Known, Number, Value};

/// An optional attribute.
fn optional<T: AttributeValue>(name: &'static str) -> Attribute {
    Attribute { optional: true, ..attribute::<T>(name, "described") }
}

fn with(attribute: Attribute, validator: Validator) -> Attribute {
    Attribute { validators: vec![validator], ..attribute }
}

fn block(attributes: Vec<Attribute>) -> Block {
    Block { attributes, ..Block::default() }
}

fn holding(nesting: Nesting, (min_items, max_items): (u32, u32), attributes: Vec<Attribute>) -> Block {
    let name = "inner";
    let nested = NestedBlock { name, nesting, block: block(attributes), min_items, max_items };
    Block { blocks: vec![nested], ..Block::default() }
}

#[test]
fn a_schema_that_hosts_would_refuse_is_refused_at_start() {
    let text = || optional::<Option<String>>("a");
    let any = || vec![optional::<Value>("a")];
    let rule = |names| Block { rules: vec![Rule::Conflicts(names)], ..block(vec![text()]) };
    for (schema, complaint) in [
        (block(vec![attribute::<String>("a", "d")]), "x.a: it must be required, optional or computed"),
        (block(vec![Attribute { required: true, ..text() }]), "x.a: required excludes optional and computed"),
        (block(vec![text(), text()]), "x.a: the name is taken"),
        (block(vec![optional::<Option<String>>("A")]), "x.A: the name must match ^[a-z_][a-z0-9_]*$"),
        (block(vec![optional::<Option<String>>("1a")]), "x.1a: the name must match ^[a-z_][a-z0-9_]*$"),
        (block(vec![optional::<Option<String>>("count")]), "x.count: hosts reserve the name"),
        (
            block(vec![optional::<String>("a")]),
            "x.a: it is optional, so its Rust type needs a place for null",
        ),
        (block(vec![optional::<Option<Vec<Value>>>("a")]), "x.a: collections and objects cannot hold values"),
        (block(vec![with(text(), Validator::Pattern("("))]), "x.a: its pattern is malformed: "),
        (rule(&["a", "b"]), "x.b: a rule names it, and there is no such argument"),
        (holding(Nesting::Single, (0, 1), vec![]), "x.inner: min_items and max_items do not fit the nesting"),
        (holding(Nesting::Map, (1, 0), vec![]), "x.inner: min_items and max_items do not fit the nesting"),
        (holding(Nesting::List, (2, 1), vec![]), "x.inner: min_items and max_items do not fit the nesting"),
        (holding(Nesting::List, (0, 0), any()), "x.inner: repeated blocks cannot hold values of any type"),
        (holding(Nesting::List, (0, 0), vec![text(), text()]), "x.inner.a: the name is taken"),
    ] {
        let error = schema.check(Place::DataSource, "x").unwrap_err().to_string();
        assert!(error.starts_with(complaint), "{error}");
    }
    for fine in [
        block(vec![text(), optional::<Value>("any"), optional::<Known<Vec<i64>>>("late")]),
        block(vec![Attribute { required: true, ..attribute::<Vec<String>>("a", "d") }]),
        holding(Nesting::Single, (1, 1), any()),
        holding(Nesting::List, (1, 0), vec![text()]),
        rule(&["a"]),
    ] {
        assert_eq!(fine.check(Place::DataSource, "x"), Ok(()));
    }
}

#[test]
fn a_name_is_reserved_only_where_hosts_do() {
    for (name, in_provider, in_data_source) in
        [("version", true, false), ("alias", true, false), ("provider", false, true), ("count", true, true)]
    {
        let schema = block(vec![optional::<Option<String>>(name)]);
        assert_eq!(schema.check(Place::Provider, "x").is_err(), in_provider, "{name}");
        assert_eq!(schema.check(Place::DataSource, "x").is_err(), in_data_source, "{name}");
    }
}

/// The details with their paths, one a line.
fn told(diagnostics: &Diagnostics) -> String {
    let told = diagnostics.iter().map(|diagnostic| match &diagnostic.path {
        Some(path) if !path.steps().is_empty() => format!("{path}: {}", diagnostic.detail),
        _ => diagnostic.detail.clone(),
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_value_does_not_fulfil() {
    let length = |min, max| Validator::Length { min, max };
    let range = |min, max| Validator::Range { min, max };
    let one_of = || Validator::OneOf(&["north", "south", "west"]);
    let text = |text: &str| Value::String(text.to_owned());
    let number = |number: &str| Value::Number(Number::parse(number).unwrap());
    let list = |length| Value::List(vec![Value::Null; length]);
    for (validator, good, bad, complaint) in [
        (Validator::Pattern("^a+$"), text("aa"), text("ab"), "The value must match the pattern `^a+$`."),
        (length(2, 3), text("\u{e4}\u{e4}"), text("a"), "The value must have 2 to 3 characters, and has 1."),
        (length(0, 2), list(2), list(3), "The value must have at most 2 elements, and has 3."),
        (length(1, usize::MAX), list(1), list(0), "The value must have at least 1 element, and has 0."),
        (range(1, 9), number("9"), number("10"), "The value must be between 1 and 9."),
        (range(1, i64::MAX), number("1"), number("0"), "The value must be at least 1."),
        (range(i64::MIN, 5), number("5.0"), number("6"), "The value must be at most 5."),
        (range(1, 9), number("2"), number("2.5"), "The value must be a whole number."),
        (one_of(), text("west"), text("East"), "The value must be one of `north`, `south` and `west`."),
        (Validator::Custom(|_| Err("It is odd".into())), Value::Null, text("x"), "It is odd."),
    ] {
        let schema = block(vec![with(optional::<Option<String>>("a"), validator)]);
        let told = |value: &Value| told(&schema.validate(&Value::Map([("a".into(), value.clone())].into())));
        assert_eq!(told(&bad), format!("a: {complaint}"));
        for passed in [good, Value::Null, Value::Unknown] {
            assert_eq!(told(&passed), "", "{complaint} {passed:?}");
        }
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
        (Rule::ExactlyOneOf(NAMES), "", "Exactly one of `a`, `b` and `c` must be given, and none is."),
        (
            Rule::ExactlyOneOf(NAMES),
            "ac",
            "c: Only one of `a`, `b` and `c` can be given, but `a` and `c` are.",
        ),
        (Rule::ExactlyOneOf(NAMES), "A", ""),
        (Rule::AtLeastOneOf(NAMES), "abc", ""),
        (Rule::AtLeastOneOf(NAMES), "", "At least one of `a`, `b` and `c` must be given, and none is."),
        (Rule::Conflicts(NAMES), "", ""),
        (Rule::Conflicts(NAMES), "ab", "b: Only one of `a`, `b` and `c` can be given, but `a` and `b` are."),
        (Rule::Together(NAMES), "", ""),
        (Rule::Together(NAMES), "abc", ""),
        (
            Rule::Together(NAMES),
            "b",
            "b: `a`, `b` and `c` must be given together: `a` and `c` are missing beside `b`.",
        ),
        (Rule::Together(NAMES), "bC", ""),
    ] {
        let attributes = NAMES.iter().map(|name| optional::<Option<String>>(name)).collect();
        let schema = Block { rules: vec![rule.clone()], ..block(attributes) };
        assert_eq!(told(&schema.validate(&config(given))), complaint, "{rule:?} {given}");
    }
}

/// An attribute that holds objects.
fn nested(nesting: Nesting, attributes: Vec<Attribute>) -> Attribute {
    let shape = derive::object_shape(block(attributes));
    let nested = shape.nested.map(|nested| Nested { nesting, ..nested });
    Attribute { ty: nesting.of(shape.ty), nested, ..optional::<Option<String>>("a") }
}

#[test]
fn unknown_values_are_found_where_the_rust_type_has_no_place_for_them() {
    let unknown = || Value::Unknown;
    let object = |name: &str| Value::Map([(name.to_owned(), Value::Unknown)].into());
    let inner = || vec![optional::<Option<String>>("plain"), optional::<Known<String>>("late")];
    for (attribute, value, paths) in [
        (optional::<Option<String>>("a"), unknown(), vec!["a"]),
        (optional::<Known<String>>("a"), unknown(), vec![]),
        (optional::<Known<Vec<String>>>("a"), Value::List(vec![unknown()]), vec![]),
        (optional::<Option<Vec<String>>>("a"), Value::List(vec![Value::Null, unknown()]), vec!["a[1]"]),
        (optional::<Option<Vec<Known<String>>>>("a"), Value::List(vec![unknown()]), vec![]),
        (optional::<Option<Vec<Known<String>>>>("a"), unknown(), vec!["a"]),
        (optional::<Option<BTreeMap<String, String>>>("a"), object("k"), vec![r#"a["k"]"#]),
        (nested(Nesting::Single, inner()), object("plain"), vec!["a.plain"]),
        (nested(Nesting::Single, inner()), object("late"), vec![]),
        (
            nested(Nesting::List, inner()),
            Value::List(vec![object("late"), object("plain")]),
            vec!["a[1].plain"],
        ),
        (nested(Nesting::List, inner()), Value::List(vec![unknown()]), vec!["a[0]"]),
    ] {
        let config = Value::Map([("a".to_owned(), value.clone())].into());
        let found = block(vec![attribute]).unknowns(&config);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), paths, "{value:?}");
    }
}

#[test]
fn values_and_their_rust_types() {
    fn back<T: AttributeValue>(json: &Json) -> Result<Json, String> {
        let value = Value::from_json(json, &T::shape().ty).map_err(|error| error.to_string())?;
        T::from_value(value).map(|typed| typed.into_value().to_json()).map_err(|error| error.to_string())
    }
    let error = |text: &str| Err(text.to_owned());
    let ok = |json: Json| Ok(json);
    for (result, expected) in [
        (back::<i64>(&json!(5.0)), ok(json!(5))),
        (back::<i64>(&json!("7")), ok(json!(7))),
        (back::<i64>(&json!(5.5)), error("a whole number is required")),
        (back::<i64>(&json!(u64::MAX)), error("a whole number is required")),
        (back::<f64>(&json!("0.1")), ok(json!(0.1))),
        (back::<bool>(&json!("true")), error("a bool is required")),
        (back::<String>(&json!(null)), error("the value must not be null")),
        (back::<Option<String>>(&json!(null)), ok(json!(null))),
        (back::<Known<String>>(&json!(null)), ok(json!(null))),
        (back::<crate::Secret>(&json!("s")), ok(json!("s"))),
        (back::<Vec<i64>>(&json!([1, 1.5])), error("[1]: a whole number is required")),
        (back::<BTreeMap<String, Vec<String>>>(&json!({"k": ["a", null]})), {
            error(r#"["k"][1]: the value must not be null"#)
        }),
        (back::<Option<Vec<Option<bool>>>>(&json!([true, null])), ok(json!([true, null]))),
    ] {
        assert_eq!(result, expected);
    }
    assert_eq!(Known::<Vec<String>>::from_value(Value::List(vec![Value::Unknown])), Ok(Known::Unknown));
    assert!(<crate::Secret as AttributeValue>::shape().sensitive && Vec::<crate::Secret>::shape().sensitive);
}
