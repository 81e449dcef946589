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

fn main() {}
