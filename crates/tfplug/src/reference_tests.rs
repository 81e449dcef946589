use super::*;
use crate::typed::{AttributeValue, Shape};

fn block() -> Block {
    let mut inner = crate::__private::attribute::<String>("host", "Host name.");
    inner.computed = true;
    let object = Block { attributes: vec![inner], ..Block::default() };
    let mut map = crate::__private::attribute::<String>("sensors", "Sensors by kind.");
    let Shape { ty, nested, .. } = crate::__private::object_shape(object.clone());
    map.ty = crate::schema::Nesting::Map.of(ty);
    map.nested =
        nested.map(|nested| crate::schema::Nested { nesting: crate::schema::Nesting::Map, ..nested });
    map.computed = true;
    let mut id = crate::__private::attribute::<crate::Secret>("id", "Station ID.");
    id.required = true;
    let timeouts = crate::schema::NestedBlock {
        name: "timeouts",
        nesting: crate::schema::Nesting::Single,
        block: Block { description: "How long to wait.", ..object },
        min_items: 0,
        max_items: 0,
    };
    Block {
        attributes: vec![map, id],
        blocks: vec![timeouts],
        description: "One station.\n\nMore of it.",
        ..Block::default()
    }
}

/// The Registry's tools reject a subcategory on the provider's own page, and require one on every other page.
#[test]
fn only_the_page_of_the_provider_has_no_category() {
    assert!(!page("wx", Subject::Provider, &block(), None).contains("subcategory"));
    assert!(page("wx", Subject::DataSource("wx_station"), &block(), None).contains("subcategory: \"\"\n"));
}

#[test]
fn a_page_has_the_registrys_form() {
    let example =
        Example { configuration: "data \"wx_station\" \"a\" {}\n".into(), output: Some("x = 1\n".into()) };
    let text = page("wx", Subject::DataSource("wx_station"), &block(), Some(example));
    let expected = "\
---
page_title: \"wx_station Data Source - terraform-provider-wx\"
subcategory: \"\"
description: |-
  One station.
---

# wx_station (Data Source)

One station.

More of it.

## Example Usage

```terraform
data \"wx_station\" \"a\" {}
```

It prints:

```text
x = 1
```

## Schema

### Required

- `id` (String, Sensitive) Station ID.

### Optional

- `timeouts` (Block) How long to wait. (see [below for nested schema](#nestedblock--timeouts))

### Read-Only

- `sensors` (Map of Object) Sensors by kind. (see [below for nested schema](#nestedatt--sensors))

<a id=\"nestedblock--timeouts\"></a>
### Nested Schema for `timeouts`

#### Read-Only

- `host` (String) Host name.

<a id=\"nestedatt--sensors\"></a>
### Nested Schema for `sensors`

- `host` (String) Host name.
";
    assert_eq!(text, expected);
}

#[test]
fn a_function_page_has_a_signature() {
    let entry = FunctionEntry {
        parameters: Block {
            attributes: vec![crate::__private::attribute::<f64>("fahrenheit", "Degrees.")],
            ..block()
        },
        returns: <f64 as AttributeValue>::shape(),
        call: |_| Err(crate::ValueError::null()),
    };
    let text = function_page("wx", "celsius", &entry, None);
    assert!(text.contains("```text\ncelsius(fahrenheit number) number\n```"), "{text}");
    assert!(text.contains("1. `fahrenheit` (Number) Degrees."), "{text}");
}

#[test]
fn a_variadic_parameter_is_shown_by_what_each_argument_is() {
    let mut numbers = crate::__private::attribute::<Vec<f64>>("numbers", "Numbers.");
    numbers.variadic = true;
    let parameters = Block { attributes: vec![numbers], ..block() };
    let returns = <f64 as AttributeValue>::shape();
    let entry = FunctionEntry { parameters, returns, call: |_| Err(crate::ValueError::null()) };
    let text = function_page("wx", "sum", &entry, None);
    assert!(text.contains("```text\nsum(numbers number...) number\n```"), "{text}");
    assert!(text.contains("1. `numbers` (Variadic, Number) Numbers."), "{text}");
}

#[test]
fn what_gives_an_argument_without_a_configuration_is_shown() {
    let mut network = crate::__private::attribute::<String>("network", "Network.");
    network.optional = true;
    network.env = Some("WX_NETWORK");
    network.default = Some(crate::Value::from("north"));
    let text = page("wx", Subject::Provider, &Block { attributes: vec![network], ..block() }, None);
    let line = "- `network` (String) Network. Can also be set with the environment variable `WX_NETWORK`. Defaults to `north`.";
    assert!(text.contains(line), "{text}");
}

/// Parameter and result of a function: objects in a list, each of which contains an object.
fn legs() -> (crate::schema::Attribute, Shape) {
    let mut at = crate::__private::attribute::<f64>("latitude", "Degrees north.");
    at.computed = true;
    let place = crate::__private::object_shape(Block { attributes: vec![at], ..Block::default() });
    let mut from = crate::__private::attribute::<f64>("from", "Where it begins.");
    (from.ty, from.nested) = (place.ty, place.nested);
    let leg = crate::__private::object_shape(Block { attributes: vec![from.clone()], ..Block::default() });
    let nested = leg.nested.map(|nested| crate::schema::Nested { nesting: Nesting::List, ..nested });
    (from, Shape { ty: Nesting::List.of(leg.ty.clone()), nested, ..Shape::of(leg.ty) })
}

/// Checks that the target of every link of a page exists.
fn links_lead_somewhere(text: &str) -> usize {
    let anchors: Vec<_> = text.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    for anchor in &anchors {
        let count = text.matches(&format!("<a id=\"{anchor}\"></a>")).count();
        assert_eq!(count, 1, "#{anchor}: {text}");
    }
    anchors.len()
}

#[test]
fn objects_that_a_function_takes_and_gives_are_described_below() {
    let (from, returns) = legs();
    let parameters = Block { attributes: vec![from], description: "A way.", ..Block::default() };
    let entry = FunctionEntry { parameters, returns, call: |_| Err(crate::ValueError::null()) };
    let text = function_page("wx", "way", &entry, None);
    assert!(text.contains("1. `from` (Object) Where it begins. (see [below"), "{text}");
    assert!(text.contains("## Return Type\n\nA list of objects:\n\n- `from` (Attributes) Where"), "{text}");
    assert_eq!(links_lead_somewhere(&text), 2, "{text}");
    assert_eq!(text.matches("- `latitude` (Number) Degrees north.").count(), 2, "{text}");
}

#[test]
fn counts_of_blocks_and_deprecations_are_shown() {
    let mut block = block();
    block.deprecated = Some("Use `wx_place`.");
    let list = crate::schema::NestedBlock {
        name: "alarm",
        nesting: Nesting::List,
        block: Block { description: "An alarm.", deprecated: Some("Nobody hears it."), ..Block::default() },
        min_items: 1,
        max_items: 3,
    };
    block.blocks.push(list);
    let text = page("wx", Subject::DataSource("wx_station"), &block, None);
    assert!(text.contains("More of it.\n\n~> **Deprecated** Use `wx_place`.\n"), "{text}");
    let alarm = "- `alarm` (Block List, Min: 1, Max: 3, Deprecated) An alarm. Nobody hears it. (see [below";
    assert!(text.contains(alarm), "{text}");
    assert_eq!(links_lead_somewhere(&text), 3);
}

#[test]
fn a_description_of_several_lines_stays_within_its_item_and_within_the_front_matter() {
    let mut id = crate::__private::attribute::<String>("id", "One of:\n- a\n\n```text\nb\n\n  c\n```");
    id.required = true;
    id.validators.push(crate::schema::Validator::OneOf(&["x", "y"]));
    let block = Block { attributes: vec![id], description: "Two\n- lines.\n\nMore.", ..Block::default() };
    let text = page("wx", Subject::DataSource("wx_station"), &block, None);
    assert!(text.contains("description: |-\n  Two\n  - lines.\n---\n"), "{text}");
    let item = "- `id` (String) One of:\n  - a\n\n  ```text\n  b\n\n    c\n  ```\n\n  One of `x` or `y`.\n";
    assert!(text.contains(item), "{text}");
}
