//! What `#[derive(Object)]` writes, in places where names could be mixed up.
#![allow(non_upper_case_globals, reason = "names that the written code could take for its own")]

use serde_json::json;
use tfplug::{Object, Value};

/// As the code that the derive writes might name its variables.
const block: usize = 3;
const values: usize = 2;
const inner: u32 = 4;

fn attribute(value: &Value) -> Result<(), String> {
    if value.is_null() { Err("it is null".to_owned()) } else { Ok(()) }
}

/// Its validators and counts are of its author's scope.
#[derive(Object)]
struct Mixed {
    /// Checked by a function with the name of a variable.
    #[tf(optional, validate = attribute, length(values..=block))]
    values: Option<String>,
    /// Counted by a constant with the name of another.
    #[tf(block, max_items = inner)]
    block: Vec<Leaf>,
    /// A keyword.
    #[tf(optional)]
    r#self_: Option<bool>,
}

/// A struct of which a macro knows the types only.
macro_rules! holding {
    ($name:ident, $($field:ident: $ty:ty),*) => {
        /// Made by a macro.
        #[derive(Object)]
        struct $name {
            $(
                /// A field.
                #[tf(optional, computed)]
                $field: $ty,
            )*
        }
    };
}

holding!(Leaf, text: Option<String>, number: Option<i64>, texts: Option<Vec<String>>);

#[test]
fn the_written_code_and_its_surroundings_do_not_see_each_others_names() {
    let schema = Mixed::block();
    let told = |text: &str| {
        let config = json!({"values": text, "block": [{"text": "x"}], "self_": true});
        let config = Value::from_json(&config, &schema.implied_type()).unwrap();
        schema.validate(&config).iter().map(|diagnostic| diagnostic.detail.clone()).collect::<String>()
    };
    assert_eq!(told("abc"), "");
    assert_eq!(told("abcd"), "`values` must have 2 to 3 characters, but has 4.");
    assert_eq!(schema.blocks[0].max_items, 4);
}

#[test]
fn a_struct_made_by_a_macro_is_like_any_other() {
    let arguments = json!({"text": "a", "number": 1, "texts": ["b"]});
    let Value::Map(mut fields) = Value::from_json(&arguments, &Leaf::block().implied_type()).unwrap() else {
        panic!("an object")
    };
    let leaf = Leaf::read_fields(&mut fields).unwrap();
    assert_eq!(leaf.number, Some(1));
    leaf.write_fields(&mut fields);
    assert_eq!(Value::Map(fields).to_json(), arguments);
}
