//! Options of fields that hosts do not see, because they receive a collection of objects as a plain type.

use std::collections::{BTreeMap, HashMap};
use tfplug::{AttributeValue, Known, Object};

#[derive(Object)]
struct Optional {
    /// Hosts require it.
    #[tf(optional)]
    name: Option<String>,
}

#[derive(Object)]
struct Computed {
    /// Hosts require it.
    #[tf(computed)]
    name: Option<String>,
}

#[derive(Object, Default)]
struct Required {
    /// Nobody can set it.
    #[tf(required)]
    name: String,
}

#[derive(Object, Default)]
struct Deprecated {
    /// Nobody is warned.
    #[tf(computed, deprecated = "Use `id`.")]
    name: String,
}

#[derive(Object)]
struct Flattened {
    #[tf(flatten)]
    inner: Optional,
}

#[derive(Object)]
struct Outer {
    /// One object, in a collection.
    #[tf(required)]
    inner: Optional,
}

#[derive(AttributeValue)]
struct Newtype(Vec<Optional>);

#[derive(Object)]
struct Completed {
    /// An argument of no block.
    #[tf(optional, env = "WX_NAME")]
    name: Option<String>,
}

#[derive(Object)]
struct Blocks {
    /// A block.
    #[tf(block)]
    inner: Vec<Optional>,
}

#[derive(Object)]
struct Source {
    /// 1
    #[tf(optional)]
    a: Option<Vec<Optional>>,
    /// 2
    #[tf(required)]
    b: Known<BTreeMap<String, Vec<Computed>>>,
    /// 3
    #[tf(computed)]
    c: HashMap<String, Required>,
    /// 4
    #[tf(computed)]
    d: Option<Vec<Deprecated>>,
    /// 5
    #[tf(required)]
    e: Vec<Flattened>,
    /// 6
    #[tf(required)]
    f: Vec<Outer>,
    /// 7
    #[tf(optional)]
    g: Option<Newtype>,
    /// 8
    #[tf(optional)]
    h: Option<Completed>,
    /// 9
    #[tf(required)]
    i: Blocks,
}

#[derive(Object)]
#[tf(arguments)]
struct Arguments {
    /// 10
    a: Vec<Optional>,
}

/// What hosts do see.
#[derive(Object)]
struct Fine {
    /// The flags of one object.
    #[tf(required)]
    a: Outer,
    /// The flags of blocks.
    #[tf(block)]
    b: Vec<Optional>,
    /// A given collection of required fields.
    #[tf(required)]
    c: Vec<Required>,
    /// A computed collection of computed fields.
    #[tf(computed)]
    d: Vec<Computed>,
}

fn main() {}
