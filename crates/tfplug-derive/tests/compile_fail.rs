//! What the derive refuses, and where its errors point.

/// `TRYBUILD=overwrite cargo test -p tfplug-derive --test compile_fail` rewrites the messages.
#[test]
fn mistakes_are_told_at_the_field() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
