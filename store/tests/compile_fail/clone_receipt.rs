//! A receipt is not copied.
fn needs_clone<T: Clone>() {}

fn main() {
    needs_clone::<store::Receipt>();
}
