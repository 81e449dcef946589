use tfplug::Object;

#[derive(Object)]
#[tf(exactly_one_of(id, nmae))]
struct Station {
    /// One.
    #[tf(optional)]
    id: Option<String>,
    /// Other.
    #[tf(optional)]
    name: Option<String>,
}

fn main() {}
