//! A block of a wrong type is one error.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tfplug::Object;

#[derive(Object)]
struct Source {
    /// 1
    #[tf(block)]
    a: Vec<Duration>,
    /// 2
    #[tf(block)]
    b: Option<String>,
    /// 3
    #[tf(block)]
    c: BTreeMap<String, i64>,
    /// 4
    #[tf(block)]
    d: BTreeSet<Inner>,
}

#[derive(Object)]
struct Inner {}

fn main() {}
