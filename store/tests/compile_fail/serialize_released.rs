//! Released content does not serialise: it is rendered.
fn show(released: &store::Released<store::Shown>) -> String {
    serde_json::to_string(released).unwrap()
}

fn main() {}
