//! Records in sealed chunks: AES-256-GCM by the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015), with a
//! counter of 32 bits. A chunk that is missing, moved, doubled or cut off does not open.

use super::{BackupError, Record};
use crate::error::Error;
use aead_stream::{DecryptorBE32, EncryptorBE32};
use aes_gcm::aead::Payload;
use aes_gcm::{Aes256Gcm, KeyInit};
use std::io::{ErrorKind, Read, Write};
use zeroize::Zeroizing;

/// The fixed part of the nonce: 12 bytes less the counter and the mark of the last chunk.
pub(super) const NONCE: usize = 7;
/// The plaintext of a chunk.
const CHUNK: usize = 256 * 1024;
/// A chunk's tag.
const TAG: usize = 16;
/// The longest record: an item's content and what stands beside it.
const RECORD_AT_MOST: usize = 256 * 1024 * 1024;

/// Writes records.
pub(super) struct Writer<'a> {
    to: &'a mut (dyn Write + Send),
    stream: Option<EncryptorBE32<Aes256Gcm>>,
    associated: [u8; 32],
    plain: Zeroizing<Vec<u8>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        to: &'a mut (dyn Write + Send),
        key: &[u8; 32],
        nonce: [u8; NONCE],
        associated: [u8; 32],
    ) -> Self {
        let cipher = Aes256Gcm::new(key.into());
        Self {
            to,
            stream: Some(EncryptorBE32::from_aead(cipher, &nonce.into())),
            associated,
            plain: Zeroizing::new(Vec::with_capacity(2 * CHUNK)),
        }
    }

    pub(super) fn write(&mut self, record: &Record) -> Result<(), BackupError> {
        let bytes = Zeroizing::new(postcard::to_allocvec(record).map_err(|_| Error::Unwritable)?);
        let length = u32::try_from(bytes.len()).map_err(|_| Error::TooLong)?;
        self.plain.extend_from_slice(&length.to_be_bytes());
        self.plain.extend_from_slice(&bytes);
        // What is left over waits: the last chunk is marked as the last.
        while self.plain.len() > CHUNK {
            let rest = Zeroizing::new(self.plain.split_off(CHUNK));
            let stream = self.stream.as_mut().ok_or(Error::Unwritable)?;
            let sealed = stream
                .encrypt_next(Payload {
                    msg: &self.plain,
                    aad: &self.associated,
                })
                .map_err(|_| Error::TooLong)?;
            put(self.to, &sealed)?;
            self.plain = rest;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<(), BackupError> {
        let stream = self.stream.take().ok_or(Error::Unwritable)?;
        let sealed = stream
            .encrypt_last(Payload {
                msg: &self.plain,
                aad: &self.associated,
            })
            .map_err(|_| Error::TooLong)?;
        put(self.to, &sealed)
    }
}

fn put(to: &mut (dyn Write + Send), sealed: &[u8]) -> Result<(), BackupError> {
    let length = u32::try_from(sealed.len()).map_err(|_| Error::TooLong)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(sealed)?;
    Ok(())
}

/// Reads records.
pub(super) struct Reader<'a> {
    from: &'a mut (dyn Read + Send),
    stream: Option<DecryptorBE32<Aes256Gcm>>,
    associated: [u8; 32],
    plain: Zeroizing<Vec<u8>>,
    /// How much of `plain` was read.
    read: usize,
    /// The chunk after the one in `plain`; `None`: there is none.
    next: Option<Vec<u8>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        from: &'a mut (dyn Read + Send),
        key: &[u8; 32],
        nonce: [u8; NONCE],
        associated: [u8; 32],
    ) -> Result<Self, BackupError> {
        let cipher = Aes256Gcm::new(key.into());
        let next = chunk(from)?;
        Ok(Self {
            from,
            stream: Some(DecryptorBE32::from_aead(cipher, &nonce.into())),
            associated,
            plain: Zeroizing::new(Vec::new()),
            read: 0,
            next,
        })
    }

    /// The next record; `None`: the file is at its end, and whole.
    pub(super) fn next(&mut self) -> Result<Option<Record>, BackupError> {
        let Some(length) = self.take(4)? else {
            return Ok(None);
        };
        let length = <[u8; 4]>::try_from(length.as_slice()).map_err(|_| BackupError::Damaged)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > RECORD_AT_MOST {
            return Err(BackupError::Damaged);
        }
        let record = self.take(length)?.ok_or(BackupError::Damaged)?;
        postcard::from_bytes(&record)
            .map(Some)
            .map_err(|_| BackupError::Damaged)
    }

    /// So many bytes; `None`: there are none left at all.
    fn take(&mut self, wanted: usize) -> Result<Option<Zeroizing<Vec<u8>>>, BackupError> {
        let mut taken = Zeroizing::new(Vec::with_capacity(wanted.min(CHUNK)));
        while taken.len() < wanted {
            if self.read == self.plain.len() {
                if self.next.is_none() {
                    return match taken.len() {
                        0 => Ok(None),
                        _ => Err(BackupError::Damaged),
                    };
                }
                self.open_next()?;
                continue;
            }
            let left = wanted.saturating_sub(taken.len());
            let end = self.read.saturating_add(left).min(self.plain.len());
            taken.extend_from_slice(self.plain.get(self.read..end).unwrap_or_default());
            self.read = end;
        }
        Ok(Some(taken))
    }

    fn open_next(&mut self) -> Result<(), BackupError> {
        let sealed = self.next.take().ok_or(BackupError::Damaged)?;
        self.next = chunk(self.from)?;
        let payload = Payload {
            msg: &sealed,
            aad: &self.associated,
        };
        let opened = if self.next.is_some() {
            let stream = self.stream.as_mut().ok_or(BackupError::Damaged)?;
            stream.decrypt_next(payload)
        } else {
            let stream = self.stream.take().ok_or(BackupError::Damaged)?;
            stream.decrypt_last(payload)
        };
        self.plain = Zeroizing::new(opened.map_err(|_| BackupError::Damaged)?);
        self.read = 0;
        Ok(())
    }
}

/// The next chunk as it stands in the file; `None`: the file is at its end.
fn chunk(from: &mut (dyn Read + Send)) -> Result<Option<Vec<u8>>, BackupError> {
    let mut length = [0; 4];
    let mut got = 0;
    while let Some(rest) = length.get_mut(got..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(BackupError::Damaged),
            Ok(some) => got = got.saturating_add(some),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > CHUNK.saturating_add(TAG) {
        return Err(BackupError::Damaged);
    }
    let mut sealed = vec![0; length];
    from.read_exact(&mut sealed)
        .map_err(|_| BackupError::Damaged)?;
    Ok(Some(sealed))
}
