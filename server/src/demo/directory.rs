//! The demo's data directory: which it takes, and which it may throw away.

use crate::{config::Variables, failure::Failure};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Says that a directory is the demo's.
pub const MARKER: &str = "confide-demo.txt";
const MARKER_TEXT: &str =
    "This directory belongs to `confide demo`. `confide demo --fresh` throws away what is in it.\n";
const LOCK: &str = "confide-demo.lock";
const PEOPLE: &str = "confide-demo.json";
/// The directory with the letters that people would get.
const LETTERS: &str = "mail";

/// The demo's directory, taken for this process alone until dropped.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// The lock goes with the file.
    _lock: File,
}

impl Directory {
    /// Takes a directory that is the demo's, or is empty, or makes one.
    ///
    /// # Errors
    /// When it is somebody else's, another demo runs in it, or it can't be written.
    pub fn take(path: &Path) -> Result<Self, Failure> {
        let fault = |error: io::Error| unusable(path, &error);
        if !is_ours(path).map_err(fault)? {
            if path.exists() && !is_empty(path).map_err(fault)? {
                return Err(Failure::bad_input(format!(
                    "{}: this directory holds something else than a demo; choose another with --data",
                    path.display()
                )));
            }
            make_private(path).map_err(fault)?;
            write_private(&path.join(MARKER), MARKER_TEXT.as_bytes()).map_err(fault)?;
        }
        let lock = lock(path)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where letters go.
    pub(super) fn letters(&self) -> PathBuf {
        self.path.join(LETTERS)
    }

    /// The file with the sign-in sheet.
    pub(super) fn people_file(&self) -> PathBuf {
        self.path.join(PEOPLE)
    }
}

/// Throws an earlier demo away. Nothing happens when there is none.
///
/// # Errors
/// When the directory is not the demo's, holds files that no demo made, or another demo runs in it. Then
/// nothing is removed.
pub fn remove(path: &Path) -> Result<(), Failure> {
    let fault = |error: io::Error| unusable(path, &error);
    if !path.exists() || (path.is_dir() && is_empty(path).map_err(fault)?) {
        return Ok(());
    }
    if !is_ours(path).map_err(fault)? {
        return Err(Failure::bad_input(format!(
            "{}: not a demo's directory (no {MARKER} in it): nothing was removed",
            path.display()
        )));
    }
    let lock = lock(path)?;
    let letters = path.join(LETTERS);
    let mut files = own_files(path, |name| made_by_a_demo(name) || name == LETTERS)?;
    files.retain(|file| *file != letters);
    if letters.is_dir() {
        files.extend(own_files(&letters, is_letter)?);
    }
    // The marker goes last: a removal that was cut short can be taken up again.
    files.sort_by_key(|file| file.ends_with(MARKER));
    for file in files {
        fs::remove_file(&file).map_err(fault)?;
    }
    if letters.is_dir() {
        fs::remove_dir(&letters).map_err(fault)?;
    }
    drop(lock);
    fs::remove_dir(path).map_err(fault)
}

fn is_letter(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "eml" || extension == "part")
}

/// What is in a directory, if a demo made all of it. No directory is a demo's but the letters'.
fn own_files(path: &Path, ours: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let fault = |error: io::Error| unusable(path, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_directory = entry.file_type().map_err(fault)?.is_dir();
        if !ours(&name) || is_directory != (name == LETTERS) {
            return Err(Failure::bad_input(format!(
                "{}: no demo made this: nothing was removed",
                entry.path().display()
            )));
        }
        files.push(entry.path());
    }
    Ok(files)
}

/// The demo's place on this machine, by the custom of the platform.
///
/// # Errors
/// When the environment names no home.
pub fn default(variables: &Variables) -> Result<PathBuf, Failure> {
    let variable = |wanted: &str| {
        variables
            .iter()
            .find(|(name, value)| name == wanted && !value.is_empty())
            .map(|(_, value)| PathBuf::from(value))
    };
    let data = if cfg!(target_os = "windows") {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library").join("Application Support"))
    } else {
        // A relative path there is to be ignored (XDG Base Directory Specification).
        variable("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| variable("HOME").map(|home| home.join(".local").join("share")))
    };
    data.map(|data| data.join("confide-demo")).ok_or_else(|| {
        Failure::environment(
            "no home directory is known: say with --data where the demo may keep its things",
        )
    })
}

/// Makes a directory that only its owner may enter, with those above it; an existing one stays as it is.
///
/// # Errors
/// When it can't be made.
pub fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Writes a file that only its owner may read; it appears whole or not at all.
///
/// # Errors
/// When it can't be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("draft");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

/// A directory (not a link to one) with the marker in it.
fn is_ours(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Ok(path.join(MARKER).is_file()),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_empty(path: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(path)?.next().is_none())
}

fn made_by_a_demo(name: &str) -> bool {
    name.starts_with("confide.db")
        || name.starts_with("confide.key")
        || name.starts_with(".confide.key.")
        || name.starts_with("confide-demo.")
}

fn lock(path: &Path) -> Result<File, Failure> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join(LOCK))
        .map_err(|error| unusable(path, &error))?;
    file.try_lock().map_err(|_| {
        Failure::environment(format!("{}: another demo is running here", path.display()))
    })?;
    Ok(file)
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::environment(format!(
        "{}: can't be used: {}",
        path.display(),
        error.kind()
    ))
}
