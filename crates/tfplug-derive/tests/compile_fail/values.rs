use tfplug::AttributeValue;

#[derive(AttributeValue)]
enum Holding {
    Nothing,
    Something(String),
}

#[derive(AttributeValue)]
#[tf(rename_all = "snake")]
enum Cased {
    One,
}

#[derive(AttributeValue)]
#[tf(rename_all = "lowercase")]
enum Twice {
    One,
    #[tf(rename = "one")]
    Other,
}

#[derive(AttributeValue)]
#[tf(required)]
struct Flagged(String);

#[derive(AttributeValue)]
struct Pair(String, String);

fn main() {}
