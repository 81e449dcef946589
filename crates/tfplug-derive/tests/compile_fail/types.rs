use tfplug::Object;

#[derive(Object)]
struct Typed {
    /// A type that stands for nothing of Terraform's.
    #[tf(required)]
    time: std::time::Duration,
    /// Not held as blocks are.
    #[tf(block)]
    timeouts: Inner,
}

#[derive(Object)]
struct Inner {}

fn main() {}
