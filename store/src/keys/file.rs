//! The wrapping key in a file that only its owner may read.

use super::{KeyError, KeyProvider, WrappingKey, parse, print};
use crate::entropy::{Entropy, fresh_key, random};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The wrapping key in a file of mode 0600, made on first run.
#[derive(Debug)]
pub struct KeyFile(WrappingKey);

impl KeyFile {
    /// Opens the key file, or makes one with a fresh key when there is none.
    ///
    /// The file appears whole or not at all, and is on the disk before this returns. When two processes make it
    /// at once, both end with the same key.
    pub fn open_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        match Self::open(path) {
            Err(KeyError::Io(error)) if error.kind() == ErrorKind::NotFound => {}
            other => return other,
        }
        let key = fresh_key(entropy);
        let draft = Draft::write(path, &print(&key), entropy)?;
        draft.publish(path)?;
        Self::open(path)
    }

    /// Opens a key file that must exist.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let file = File::open(path)?;
        refuse_loose_mode(&file)?;
        let mut text = Zeroizing::new(String::new());
        // A key is 80 bytes; whatever is longer is something else.
        let limit = 4096;
        file.take(limit)
            .read_to_string(&mut text)
            .map_err(|_| KeyError::Malformed)?;
        Ok(Self(WrappingKey::new(&parse(&text)?)))
    }
}

/// A key file under a name of its own until it is whole.
struct Draft(PathBuf);

impl Draft {
    fn write(path: &Path, text: &str, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let suffix = data_encoding::HEXLOWER.encode(&random::<8>(entropy));
        let name = path.file_name().map_or_else(
            || "key".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let draft = Self(path.with_file_name(format!(".{name}.{suffix}")));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(&draft.0)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(draft)
    }

    /// Gives it its name unless another has it already: that one then stands.
    fn publish(&self, path: &Path) -> Result<(), KeyError> {
        match std::fs::hard_link(&self.0, path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(folder) = path.parent() {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Nothing is lost when it stays: it is as private as the key file itself.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(unix)]
fn refuse_loose_mode(file: &File) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    let for_others = mode & 0o077;
    match for_others {
        0 => Ok(()),
        _ => Err(KeyError::Permissions(mode)),
    }
}

#[cfg(not(unix))]
fn refuse_loose_mode(_: &File) -> Result<(), KeyError> {
    Ok(())
}

impl KeyProvider for KeyFile {
    fn id(&self) -> String {
        self.0.id()
    }

    fn kind(&self) -> &'static str {
        "file"
    }

    fn wrap(&self, key: &[u8; 32], aad: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, KeyError> {
        self.0.wrap(key, aad, entropy)
    }

    fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.0.unwrap(wrapped, aad)
    }
}
