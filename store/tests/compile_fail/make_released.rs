//! Released content comes only from the vault.
use store::Released;

fn main() {
    let _ = Released("content");
}
