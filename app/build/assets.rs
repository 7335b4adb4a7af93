//! Bundles `style/`, gathers `script/` and `image/`, and names them by what they contain.

use lightningcss::{
    bundler::{Bundler, FileProvider},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
    targets::{Browsers, Targets},
};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

struct Asset {
    name: String,
    bytes: Vec<u8>,
}

/// Writes every asset into `out/assets/` and `out/assets.rs`, the table that embeds them.
///
/// One hash over all names and bytes becomes the directory in the address. So a page and the
/// files it names always belong together, scripts can import each other by plain relative
/// names, and browsers may keep everything for good.
pub fn embed(manifest: &Path, out: &Path) -> Result<(), String> {
    let style = manifest.join("../style");
    println!("cargo::rerun-if-changed={}", style.display());
    let mut assets = vec![Asset {
        name: "portal.css".to_owned(),
        bytes: bundle(&style.join("index.css"))?.into_bytes(),
    }];
    for (folder, ending) in [("script", "js"), ("image", "svg")] {
        let folder = manifest.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        for path in files(&folder, ending)? {
            assets.push(Asset {
                name: file_name(&path)?,
                bytes: fs::read(&path).map_err(|error| fault(&path, &error))?,
            });
        }
    }
    write(&assets, out)
}

/// The style sheet with its imports, minified and lowered for browsers of early 2022 and later
/// (people come with old phones).
fn bundle(entry: &Path) -> Result<String, String> {
    let targets = Targets::from(Browsers {
        android: Some(100 << 16),
        chrome: Some(100 << 16),
        edge: Some(100 << 16),
        firefox: Some(100 << 16),
        ios_saf: Some(15 << 16 | 4 << 8),
        safari: Some(15 << 16 | 4 << 8),
        samsung: Some(18 << 16),
        ..Browsers::default()
    });
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(entry)
        .map_err(|error| format!("style sheet: {error}"))?;
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| format!("style sheet: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| format!("style sheet: {error}"))?;
    Ok(printed.code)
}

fn write(assets: &[Asset], out: &Path) -> Result<(), String> {
    let mut hash = Sha256::new();
    for asset in assets {
        hash.update(asset.name.as_bytes());
        hash.update(asset.bytes.len().to_le_bytes());
        hash.update(&asset.bytes);
    }
    let mut directory = String::from("/static/");
    for byte in &hash.finalize()[..8] {
        let _ = write!(directory, "{byte:02x}");
    }

    let folder = out.join("assets");
    fs::create_dir_all(&folder).map_err(|error| fault(&folder, &error))?;
    let mut table = String::new();
    let mut addresses = String::new();
    for asset in assets {
        let path = folder.join(&asset.name);
        fs::write(&path, &asset.bytes).map_err(|error| fault(&path, &error))?;
        let name = &asset.name;
        let constant = name.to_uppercase().replace(['.', '-'], "_");
        let _ = writeln!(
            addresses,
            "/// Where `{name}` is served.\npub const {constant}: &str = \"{directory}/{name}\";"
        );
        let _ = writeln!(
            table,
            "    Asset {{ path: {constant}, content_type: \"{}\", bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/assets/{name}\")) }},",
            content_type(name)
        );
    }
    let code = format!(
        "{addresses}\n/// Everything that is served.\npub static ALL: &[Asset] = &[\n{table}];\n"
    );
    let path = out.join("assets.rs");
    fs::write(&path, code).map_err(|error| fault(&path, &error))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// The files of a folder with this ending, in the order of their names.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| fault(folder, &error))? {
        let path = entry.map_err(|error| fault(folder, &error))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn file_name(path: &Path) -> Result<String, String> {
    path.file_name()
        .and_then(|name| name.to_str())
        .map(str::to_owned)
        .ok_or_else(|| format!("{}: not a readable name", path.display()))
}

/// A fault of reading or writing, with the place.
pub fn fault(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
