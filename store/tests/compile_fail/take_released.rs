//! What is released is looked at, not taken out.
fn take(released: store::Released<String>) -> String {
    released.0
}

fn main() {}
