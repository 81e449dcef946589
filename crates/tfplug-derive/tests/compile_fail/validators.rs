use tfplug::Object;

#[derive(Object)]
struct Misplaced {
    /// Blocks are no text.
    #[tf(block, pattern = "x")]
    hops: Vec<Hop>,
    /// Neither are they checked where they are flattened.
    #[tf(flatten, validate = check)]
    hop: Hop,
    /// Not deprecated either.
    #[tf(flatten, deprecated = "gone")]
    other: Hop,
    /// One of none.
    #[tf(optional, one_of())]
    name: Option<String>,
}

#[derive(Object)]
struct Hop {
    /// Where to.
    #[tf(required)]
    host: String,
}

fn main() {}
