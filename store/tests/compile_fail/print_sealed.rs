//! Sealed content does not display.
fn show(sealed: &store::SealedItem) -> String {
    format!("{sealed}")
}

fn main() {}
