//! Checkpoints: the root over the whole log at an instant, signed, so that whoever keeps one can tell later whether
//! anything before it was changed or removed.
//!
//! The text is a checkpoint and its signature a signed note as C2SP has them (c2sp.org/tlog-checkpoint,
//! c2sp.org/signed-note), with two lines of our own: the instant, and the size of the checkpoint before.

use super::merkle::Hash;
use crate::signing::{About, PublicKey, Signer};
use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::BASE64;
use domain::clock::Instant;
use sha2::{Digest, Sha256};

/// The first line, and the name of the key. It is what [`About::Checkpoint`] signs along, so that the signature is one
/// over the note's very text.
const ORIGIN: &str = "confide-ledger/1";
/// The kind of an Ed25519 signature in a signed note.
const ED25519: u8 = 1;
/// The longest note that is read, in bytes: ours have about 300.
const LONGEST: usize = 4_096;

/// What a checkpoint says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// How many entries the log has.
    pub size: u64,
    /// The root over them (RFC 6962 §2.1).
    pub root: Hash,
    /// When it was made.
    pub at: Instant,
    /// The size of the checkpoint before; 0: the first.
    pub after: u64,
}

/// It is no checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoteFault {
    /// The text is not that of a checkpoint.
    #[error("this is not a checkpoint")]
    Form,
    /// No signature of the key fits the text.
    #[error("the checkpoint is not signed by the expected key")]
    Signature,
}

impl Checkpoint {
    /// What is signed after the first line.
    fn rest(&self) -> String {
        format!(
            "{}\n{}\n{}\nafter {}\n",
            self.size,
            BASE64.encode(&self.root),
            self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            self.after
        )
    }

    /// The signed note.
    pub(crate) fn sign(&self, signer: &Signer) -> String {
        let rest = self.rest();
        let signature = signer.sign(About::Checkpoint, rest.as_bytes());
        let mut signed = key_id(&signer.public()).to_vec();
        signed.extend_from_slice(&signature);
        format!(
            "{ORIGIN}\n{rest}\n\u{2014} {ORIGIN} {}\n",
            BASE64.encode(&signed)
        )
    }

    /// Reads a signed note of that key.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(note: &str, key: &PublicKey) -> Result<Self, NoteFault> {
        if note.len() > LONGEST {
            return Err(NoteFault::Form);
        }
        let (text, signatures) = note.split_once("\n\n").ok_or(NoteFault::Form)?;
        let rest = text
            .strip_prefix(ORIGIN)
            .and_then(|rest| rest.strip_prefix('\n'))
            .ok_or(NoteFault::Form)?;
        let checkpoint = parse(rest).ok_or(NoteFault::Form)?;
        // What is read is what was signed, to the letter.
        if checkpoint.rest() != format!("{rest}\n") {
            return Err(NoteFault::Form);
        }
        let signed = signatures
            .lines()
            .filter_map(|line| signature_of(line, key))
            .any(|signature| {
                key.verifies(About::Checkpoint, checkpoint.rest().as_bytes(), &signature)
            });
        if signed {
            Ok(checkpoint)
        } else {
            Err(NoteFault::Signature)
        }
    }
}

fn parse(rest: &str) -> Option<Checkpoint> {
    let mut lines = rest.split('\n');
    let size = lines.next()?.parse().ok()?;
    let root = BASE64.decode(lines.next()?.as_bytes()).ok()?;
    let at: DateTime<Utc> = DateTime::parse_from_rfc3339(lines.next()?).ok()?.into();
    let after = lines.next()?.strip_prefix("after ")?.parse().ok()?;
    let checkpoint = Checkpoint {
        size,
        root: root.try_into().ok()?,
        at,
        after,
    };
    (lines.next().is_none() && checkpoint.after < checkpoint.size).then_some(checkpoint)
}

/// The signature of a line `— name base64`, if it is of that key.
fn signature_of(line: &str, key: &PublicKey) -> Option<[u8; 64]> {
    let (name, signed) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let signed = BASE64.decode(signed.as_bytes()).ok()?;
    let (id, signature) = signed.split_first_chunk::<4>()?;
    (name == ORIGIN && *id == key_id(key))
        .then(|| signature.try_into().ok())
        .flatten()
}

fn key_id(key: &PublicKey) -> [u8; 4] {
    let mut hash = Sha256::new();
    hash.update(ORIGIN.as_bytes());
    hash.update([b'\n', ED25519]);
    hash.update(key.0);
    let digest: [u8; 32] = hash.finalize().into();
    let [first, second, third, fourth, ..] = digest;
    [first, second, third, fourth]
}

/// The key as a verifier key of a signed note: `name+id+base64`.
pub fn verifier_key(key: &PublicKey) -> String {
    let id = u32::from_be_bytes(key_id(key));
    let mut bytes = vec![ED25519];
    bytes.extend_from_slice(&key.0);
    format!("{ORIGIN}+{id:08x}+{}", BASE64.encode(&bytes))
}

/// Reads a public key: a verifier key, or 64 hexadecimal digits.
pub fn read_key(text: &str) -> Option<PublicKey> {
    let text = text.trim();
    if let Ok(bytes) = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()) {
        return bytes.try_into().ok().map(PublicKey);
    }
    // A plus is a digit of base64 too.
    let bytes = BASE64.decode(text.splitn(3, '+').nth(2)?.as_bytes()).ok()?;
    let (kind, bytes) = bytes.split_first()?;
    let key = PublicKey(bytes.try_into().ok()?);
    (*kind == ED25519 && verifier_key(&key) == text).then_some(key)
}

/// The notes of a file to which one was appended after the other.
pub fn notes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        if line == ORIGIN {
            found.push(String::new());
        }
        if let Some(note) = found.last_mut() {
            note.push_str(line);
            note.push('\n');
        }
    }
    found
}

/// A checkpoint with its signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The key it is signed with.
    pub key: PublicKey,
    /// The signed note.
    pub note: String,
}

#[cfg(test)]
mod tests {
    use super::{Checkpoint, NoteFault, notes, read_key, verifier_key};
    use crate::signing::Signer;
    use domain::clock::Instant;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            size: 20_852_163,
            root: [7; 32],
            at: Instant::from_timestamp_micros(1_795_348_800_000_001).expect("an instant"),
            after: 12,
        }
    }

    /// A note is read back by its key alone; another key, another letter, another form is refused.
    #[test]
    fn a_note_is_its_keys_to_the_letter() {
        let signer = Signer::new(&[7; 32]);
        let key = signer.public();
        let note = checkpoint().sign(&signer);
        assert_eq!(Checkpoint::read(&note, &key), Ok(checkpoint()));
        assert_eq!(note.lines().count(), 7);
        let other = Signer::new(&[8; 32]).public();
        assert_eq!(Checkpoint::read(&note, &other), Err(NoteFault::Signature));
        let larger = note.replace("20852163", "20852164");
        assert_eq!(Checkpoint::read(&larger, &key), Err(NoteFault::Signature));
        // Another way to write the same number is another text.
        let longer = note.replace("20852163", "020852163");
        assert_eq!(Checkpoint::read(&longer, &key), Err(NoteFault::Form));
        let crossed = note.replace("after 12", "after 20852163");
        assert_eq!(Checkpoint::read(&crossed, &key), Err(NoteFault::Form));
        for text in ["", "\n\n", "confide-ledger/1\n\n", &"x".repeat(5_000)] {
            assert_eq!(Checkpoint::read(text, &key), Err(NoteFault::Form));
        }
    }

    /// A file of many notes is read note by note, whatever stands around them.
    #[test]
    fn notes_that_were_appended_come_apart() {
        let signer = Signer::new(&[7; 32]);
        let note = checkpoint().sign(&signer);
        assert_eq!(notes(&format!("\n{note}\n{note}")).len(), 2);
        for found in notes(&format!("{note}{note}")) {
            assert_eq!(Checkpoint::read(&found, &signer.public()), Ok(checkpoint()));
        }
        assert!(notes("nothing").is_empty());
    }

    /// The key is read as a verifier key and as digits.
    #[test]
    fn a_key_is_read_in_both_its_forms() {
        let mut with_plus = 0;
        for seed in 0..64 {
            let key = Signer::new(&[seed; 32]).public();
            let text = verifier_key(&key);
            with_plus += usize::from(text.matches('+').count() > 2);
            assert_eq!(read_key(&format!("{text}\n")), Some(key));
            assert_eq!(read_key(&data_encoding::HEXLOWER.encode(&key.0)), Some(key));
        }
        assert!(with_plus > 0, "base64 has a plus of its own");
        let text = verifier_key(&Signer::new(&[7; 32]).public());
        assert_eq!(read_key(&text.replace("confide-ledger/1", "another")), None);
        assert_eq!(read_key("no key"), None);
    }
}
