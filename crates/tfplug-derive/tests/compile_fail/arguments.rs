use tfplug::Object;

#[derive(Object)]
struct Arguments {
    /// Required, so nothing else gives it.
    #[tf(required, env = "WX_ID")]
    id: String,
    /// The provider gives it.
    #[tf(optional, computed, default = 1)]
    size: Option<i64>,
    /// Of a function alone.
    #[tf(optional, variadic)]
    more: Option<Vec<String>>,
}

fn main() {}
