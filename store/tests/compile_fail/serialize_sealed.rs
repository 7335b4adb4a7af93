//! Sealed content does not serialise.
fn show(sealed: &store::SealedItem) -> String {
    serde_json::to_string(sealed).unwrap()
}

fn main() {}
