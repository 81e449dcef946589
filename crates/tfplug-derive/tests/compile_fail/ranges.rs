use tfplug::Object;

#[derive(Object)]
struct Bounded {
    /// Half open.
    #[tf(required, range(1..10))]
    size: i64,
    /// No range.
    #[tf(required, length(3))]
    name: String,
}

#[derive(Object)]
struct Fraction {
    /// A range is of whole numbers.
    #[tf(required, range(0.5..))]
    half: f64,
}

fn main() {}
