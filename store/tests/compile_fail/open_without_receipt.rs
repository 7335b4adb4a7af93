//! Nothing opens without a receipt.
fn open(store: &store::Store, sealed: store::SealedItem) {
    let _ = store.vault().open(sealed);
}

fn main() {}
