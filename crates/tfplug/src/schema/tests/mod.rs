//! Tests of the rules of schemas, and of the Rust types that define them.

mod configurations;

use serde_json::{Value as Json, json};

use super::*;
use crate::__private::{self as derive, attribute};
use crate::{AttributeValue, Diagnostics, Known, Number, Shape, Value};

/// An optional attribute.
fn optional<T: AttributeValue>(name: &'static str) -> Attribute {
    Attribute { optional: true, ..attribute::<T>(name, "described") }
}

fn with(attribute: Attribute, validator: Validator) -> Attribute {
    Attribute { validators: vec![validator], ..attribute }
}

fn pattern(text: &'static str) -> Validator {
    Validator::Pattern(Pattern::new(text))
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
        (block(vec![text(), text()]), "x.a: another attribute or block has this name"),
        (block(vec![optional::<Option<String>>("A")]), "x.A: the name must match ^[a-z_][a-z0-9_]*$"),
        (block(vec![optional::<Option<String>>("1a")]), "x.1a: the name must match ^[a-z_][a-z0-9_]*$"),
        (block(vec![optional::<Option<String>>("count")]), "x.count: hosts reserve this name"),
        (block(vec![optional::<String>("a")]), "x.a: an optional attribute needs an Option"),
        (block(vec![optional::<Option<Vec<Value>>>("a")]), "x.a: collections and objects cannot hold values"),
        (block(vec![with(text(), pattern("("))]), "x.a: its pattern is malformed: "),
        (
            block(vec![Attribute { default: Some(5.into()), ..text() }]),
            "x.a: default: the value must be a string",
        ),
        (
            block(vec![Attribute { default: Some("b".into()), ..with(text(), Validator::OneOf(&["c"])) }]),
            "x.a: default: ",
        ),
        (rule(&["a", "b"]), "x.b: a rule names this argument, which does not exist"),
        (holding(Nesting::Single, (0, 1), vec![]), "x.inner: min_items and max_items do not fit the nesting"),
        (holding(Nesting::Map, (1, 0), vec![]), "x.inner: min_items and max_items do not fit the nesting"),
        (holding(Nesting::List, (2, 1), vec![]), "x.inner: min_items and max_items do not fit the nesting"),
        (holding(Nesting::List, (0, 0), any()), "x.inner: a repeated block cannot hold a value of any type"),
        (
            holding(Nesting::List, (0, 0), vec![text(), text()]),
            "x.inner.a: another attribute or block has this name",
        ),
    ] {
        let error = schema.check(Place::DataSource, "x").unwrap_err().to_string();
        assert!(error.starts_with(complaint), "{error}");
    }
    for fine in [
        block(vec![text(), optional::<Value>("any"), optional::<Known<Vec<i64>>>("late")]),
        block(vec![Attribute { required: true, ..attribute::<Vec<String>>("a", "d") }]),
        block(vec![Attribute { default: Some(Value::from(1.5)), ..optional::<f32>("a") }]),
        holding(Nesting::Single, (1, 1), any()),
        holding(Nesting::List, (1, 0), vec![text()]),
        block(vec![Attribute { default: Some("c".into()), ..with(text(), Validator::OneOf(&["c"])) }]),
        rule(&["a"]),
    ] {
        assert_eq!(fine.check(Place::DataSource, "x"), Ok(()));
    }
}

#[test]
fn a_name_is_reserved_only_where_hosts_do() {
    for (name, in_provider, in_data_source) in [
        ("version", true, false),
        ("alias", true, false),
        ("locals", true, true),
        ("provider", false, true),
        ("count", true, true),
    ] {
        let schema = block(vec![optional::<Option<String>>(name)]);
        assert_eq!(schema.check(Place::Provider, "x").is_err(), in_provider, "{name}");
        assert_eq!(schema.check(Place::DataSource, "x").is_err(), in_data_source, "{name}");
    }
}

/// Returns the details with their paths, one per line.
fn told(diagnostics: &Diagnostics) -> String {
    let told = diagnostics.iter().map(|diagnostic| match &diagnostic.path {
        Some(path) if !path.steps().is_empty() => format!("{path}: {}", diagnostic.detail),
        _ => diagnostic.detail.clone(),
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_attribute_holds_no_block() {
    let shape = derive::object_shape(holding(Nesting::Single, (0, 0), vec![]));
    let Shape { ty, nested, .. } = shape;
    let schema = block(vec![Attribute { ty, nested, ..optional::<Option<String>>("a") }]);
    let error = schema.check(Place::DataSource, "x").unwrap_err().to_string();
    assert_eq!(error, "x.a.inner: an attribute cannot hold blocks, and this field is one");
}

/// A struct with a secret in it.
struct Login;

impl AttributeValue for Login {
    fn shape() -> Shape {
        derive::object_shape(block(vec![optional::<Option<crate::Secret>>("token")]))
    }
    fn from_value(_: Value) -> Result<Self, crate::ValueError> {
        Ok(Self)
    }
    fn into_value(self) -> Value {
        Value::Null
    }
}

#[test]
fn a_secret_in_a_collection_makes_all_of_it_sensitive() {
    assert!(!Login::shape().sensitive, "hosts hide the one attribute");
    assert!(Vec::<Login>::shape().sensitive);
    assert!(Option::<BTreeMap<String, Vec<Login>>>::shape().sensitive);
    let outer = || derive::object_shape(block(vec![optional::<Option<Login>>("login")]));
    assert!(outer().nested.unwrap().holds_secrets());
    assert!(!Vec::<String>::shape().sensitive);
}

/// A value of any type includes its own type, even if the value is absent.
#[test]
fn what_a_dynamic_value_does_not_hold_is_not_known() {
    let typed = |value| Value::Dynamic(Box::new((crate::Type::String, value)));
    assert_eq!(Option::<Value>::from_value(typed(Value::Null)), Ok(None));
    assert_eq!(Known::<Value>::from_value(typed(Value::Null)), Ok(Known::Null));
    assert_eq!(Known::<Value>::from_value(typed(Value::Unknown)), Ok(Known::Unknown));
    assert_eq!(Known::<Value>::from_value(Value::Unknown), Ok(Known::Unknown));
    assert_eq!(Known::<Value>::from_value(typed(Value::List(vec![Value::Unknown]))), Ok(Known::Unknown));
    let text = || typed(Value::String("x".into()));
    assert_eq!(Known::<Value>::from_value(text()), Ok(Known::Value(text())));
}

/// Hosts receive the plain type of a collection, without the flags of its fields.
#[test]
fn a_flag_that_hosts_would_not_see_is_refused() {
    let given = |field: Attribute| nested(Nesting::List, vec![field]);
    let computed = |field: Attribute| {
        let held = nested(Nesting::Map, vec![field]);
        Attribute { optional: false, computed: true, ..held }
    };
    let text = || attribute::<Option<String>>("b", "described");
    let (required, computed_field) =
        (Attribute { required: true, ..text() }, Attribute { computed: true, ..text() });
    let wants_all = "x.a.b: hosts require every field of an object in a collection";
    for (schema, complaint) in [
        (given(optional::<Option<String>>("b")), wants_all),
        (given(computed_field.clone()), wants_all),
        (
            given(Attribute { deprecated: Some("gone"), ..required.clone() }),
            "x.a.b: hosts do not see that a field",
        ),
        (computed(required.clone()), "x.a.b: only the provider sets this collection"),
        (
            given(Attribute {
                required: true,
                ..Attribute {
                    name: "b",
                    optional: false,
                    ..nested(Nesting::Single, vec![optional::<Option<bool>>("c")])
                }
            }),
            "x.a.b.c: hosts require every field",
        ),
    ] {
        let error = block(vec![schema]).check(Place::DataSource, "x").unwrap_err().to_string();
        assert!(error.starts_with(complaint), "{error}");
    }
    for fine in [given(required), computed(computed_field)] {
        assert_eq!(block(vec![fine]).check(Place::DataSource, "x"), Ok(()));
    }
    let single = nested(Nesting::Single, vec![optional::<Option<String>>("b")]);
    assert_eq!(
        block(vec![single]).check(Place::DataSource, "x"),
        Ok(()),
        "hosts see the flags of one object"
    );
}

/// An attribute that holds objects.
fn nested(nesting: Nesting, attributes: Vec<Attribute>) -> Attribute {
    let shape = derive::object_shape(block(attributes));
    let nested = shape.nested.map(|nested| nested.collected(nesting));
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
        (back::<i64>(&json!(5.5)), error("the value must be a whole number")),
        (back::<i64>(&json!(u64::MAX)), {
            error("the value must be between -9223372036854775808 and 9223372036854775807")
        }),
        (back::<i64>(&json!("1e18")), ok(json!(1_000_000_000_000_000_000_i64))),
        (back::<u64>(&json!(u64::MAX)), ok(json!(u64::MAX))),
        (back::<usize>(&json!(-1)), error("the value must be between 0 and 18446744073709551615")),
        (back::<f64>(&json!("1e400")), error("the number is too large")),
        (back::<f64>(&json!("0.1")), ok(json!(0.1))),
        (back::<bool>(&json!("true")), error("the value must be a bool")),
        (back::<String>(&json!(null)), error("the value must not be null")),
        (back::<Option<String>>(&json!(null)), ok(json!(null))),
        (back::<Known<String>>(&json!(null)), ok(json!(null))),
        (back::<crate::Secret>(&json!("s")), ok(json!("s"))),
        (back::<Vec<i64>>(&json!([1, 1.5])), error("[1]: the value must be a whole number")),
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
