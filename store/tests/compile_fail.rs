//! What must not compile: a view that was not decided or not logged.

#[test]
fn capabilities_cannot_be_forged() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
