use tfplug::Object;

#[derive(Object)]
enum Choice {
    One,
}

#[derive(Object)]
struct Position(i64);

#[derive(Object)]
struct Generic<T> {
    /// Anything.
    #[tf(required)]
    value: T,
}

fn main() {}
