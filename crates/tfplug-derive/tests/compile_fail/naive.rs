//! Ten fields of types that do not do are ten errors.

use std::time::{Duration, Instant, SystemTime};
use tfplug::Object;

#[derive(Object)]
struct Naive {
    /// 1
    #[tf(required)]
    a: Duration,
    /// 2
    #[tf(optional)]
    b: Option<Duration>,
    /// 3
    #[tf(required)]
    c: Instant,
    /// 4
    #[tf(required)]
    d: SystemTime,
    /// 5
    #[tf(required)]
    e: Vec<Duration>,
    /// 6
    #[tf(required)]
    f: char,
    /// 7
    #[tf(required)]
    g: u128,
    /// 8
    #[tf(required)]
    h: (String, String),
    /// 9
    #[tf(computed)]
    i: Option<Instant>,
    /// 10
    #[tf(flatten)]
    j: Duration,
}

fn main() {}
