//! The ciphertext of sealed content stays inside.
fn peek(sealed: &store::SealedItem) -> &[u8] {
    &sealed.content
}

fn main() {}
