use tfplug::Object;

#[derive(Object)]
struct Missing {
    /// Neither required, optional nor computed.
    id: String,
    /// Both.
    #[tf(required, optional)]
    name: Option<String>,
    /// A block is none of these.
    #[tf(block, optional)]
    timeouts: Option<Inner>,
    /// For blocks.
    #[tf(optional, max_items = 1)]
    size: Option<i64>,
}

#[derive(Object)]
struct Inner {}

#[derive(Object)]
#[tf(computed)]
struct Twice {
    /// The struct says it.
    #[tf(optional)]
    id: Option<String>,
}

fn main() {}
