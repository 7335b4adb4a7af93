//! How fast a chart is decided.

fn main() {}
