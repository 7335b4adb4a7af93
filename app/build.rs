//! Prepares what the crate embeds: the style sheet, scripts and pictures under one
//! content-hashed directory, and the list of messages that `t!` checks its keys against.

#[path = "build/assets.rs"]
mod assets;
#[path = "build/messages.rs"]
mod messages;

use std::{env, path::PathBuf};

fn main() -> Result<(), String> {
    let manifest = directory("CARGO_MANIFEST_DIR")?;
    let out = directory("OUT_DIR")?;
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    assets::embed(&manifest, &out)?;
    messages::embed(&manifest, &out)
}

fn directory(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{variable} is not set"))
}
