use tfplug::Object;

#[derive(Object)]
#[tf(sensitive)]
struct Whole {}

#[derive(Object)]
struct Part {
    /// An option that there is not.
    #[tf(required, requierd)]
    id: String,
}

fn main() {}
