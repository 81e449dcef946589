use super::*;
use crate::typed::{AttributeValue, Shape};

fn block() -> Block {
    let mut inner = crate::derive::attribute::<String>("host", "Host name.");
    inner.computed = true;
    let object = Block { attributes: vec![inner], ..Block::default() };
    let mut map = crate::derive::attribute::<String>("sensors", "Sensors by kind.");
    let Shape { ty, nested, .. } = crate::derive::object_shape(object.clone());
    map.ty = crate::schema::Nesting::Map.of(ty);
    map.nested =
        nested.map(|nested| crate::schema::Nested { nesting: crate::schema::Nesting::Map, ..nested });
    map.computed = true;
    let mut id = crate::derive::attribute::<crate::Secret>("id", "Station ID.");
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

#[test]
fn a_page_has_the_registrys_form() {
    let example =
        Example { configuration: "data \"wx_station\" \"a\" {}\n".into(), output: Some("x = 1\n".into()) };
    let text = page(&Head::data_source("wx", "wx_station"), &block(), Some(example));
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
            attributes: vec![crate::derive::attribute::<f64>("fahrenheit", "Degrees.")],
            ..block()
        },
        returns: <f64 as AttributeValue>::shape(),
        call: |_| Err(crate::ValueError::null()),
    };
    let text = function_page("wx", "celsius", &entry, None);
    assert!(text.contains("```text\ncelsius(fahrenheit number) number\n```"), "{text}");
    assert!(text.contains("1. `fahrenheit` (Number) Degrees."), "{text}");
}
