use tfplug::Object;

#[derive(Object)]
struct Undescribed {
    #[tf(required)]
    id: String,
}

fn main() {}
