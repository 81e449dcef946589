//! What becomes of doc comments.

use tfplug::Object;

/// A station, of which
/// there are many:
///
/// ```hcl
/// data "wx_station" "this" {
///   id = 1
/// }
/// ```
#[doc = concat!("It has ", "an id.")]
#[derive(Object)]
struct Station {
    #[doc = concat!("Its ", "id.")]
    #[tf(required)]
    id: i64,
}

#[test]
fn paragraphs_are_lines_and_the_rest_stays_as_it_is() {
    let block = Station::block();
    let expected = "A station, of which there are many:\n\n```hcl\ndata \"wx_station\" \"this\" {\n  id = 1\n}\n```\nIt has an id.";
    assert_eq!((block.description, block.attributes[0].description), (expected, "Its id."));
}
