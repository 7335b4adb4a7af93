//! "Prove this line": a small file with which the patient can show later that an entry of their history was in the log,
//! and that nothing in it was changed or taken away since (LAW F3). It holds hashes and opaque ids, nothing of health.

use crate::actor::Actor;
use crate::{Portal, Refusal};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use store::ledger::checkpoint::{Checkpoint, read_key, verifier_key};
use store::ledger::{leaf_data, merkle};
use store::signing::PublicKey;
use store::{Chain, Event};
use uuid::Uuid;

/// What the file says it is. INVARIANT: another layout takes another number.
const FORMAT: &str = "confide-line-proof/1";
/// The longest file that is read, in bytes: ours have some thousand.
pub const LONGEST: usize = 64 * 1024;
/// A file name that tells nothing.
pub const FILE_NAME: &str = "proof.json";

/// The file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineProof {
    format: String,
    /// The chain of the ledger that the entry stands in.
    pub chain: Uuid,
    /// The entry's place in it, from 1.
    pub entry: u64,
    /// The entry's hash, hexadecimal: over the place, the entry before, and what the entry says, sealed.
    pub hash: String,
    /// The entry's place in the log, from 0.
    pub position: u64,
    /// The nodes from the leaf to the root (RFC 6962 §2.1.1), hexadecimal.
    pub path: Vec<String>,
    /// The signed checkpoint whose root that is.
    pub checkpoint: String,
    /// The key that signed it, as a verifier key of a signed note.
    pub key: String,
}

/// What a file proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// The key that is named in the file.
    pub key: PublicKey,
    /// The checkpoint, if it is that key's.
    pub checkpoint: Option<Checkpoint>,
    /// Whether the entry was in the log when the checkpoint was signed.
    pub included: bool,
}

impl Verdict {
    /// Whether the file proves what it says.
    pub const fn holds(&self) -> bool {
        self.checkpoint.is_some() && self.included
    }
}

impl LineProof {
    /// Reads a file; `None`: it is none of ours.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let proof: Self = (bytes.len() <= LONGEST)
            .then(|| serde_json::from_slice(bytes).ok())
            .flatten()?;
        (proof.format == FORMAT && read_key(&proof.key).is_some()).then_some(proof)
    }

    /// Checks it, with nothing but what it holds.
    pub fn check(&self) -> Option<Verdict> {
        let key = read_key(&self.key)?;
        let checkpoint = Checkpoint::read(&self.checkpoint, &key).ok();
        let included = checkpoint.is_some_and(|checkpoint| self.is_in(&checkpoint).is_some());
        Some(Verdict {
            key,
            checkpoint,
            included,
        })
    }

    fn is_in(&self, checkpoint: &Checkpoint) -> Option<()> {
        let hash = digest(&self.hash)?;
        let path: Option<Vec<merkle::Hash>> = self.path.iter().map(|node| digest(node)).collect();
        let leaf = leaf_data(self.chain, self.entry, &hash);
        merkle::includes(
            &checkpoint.root,
            checkpoint.size,
            self.position,
            &leaf,
            &path?,
        )
        .then_some(())
    }
}

fn digest(text: &str) -> Option<merkle::Hash> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// The proof for one line of the patient's history. That it was taken is written down first (LAW F2).
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is no such line.
pub async fn take(portal: &Portal, actor: &Actor, entry: u64) -> Result<Vec<u8>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    // A place in the ledger tells how much there is that somebody else who acts for the patient doesn't read
    // (POLICY §5).
    if !actor.is_whole() {
        return Err(Refusal::NotAvailable);
    }
    let store = portal.store();
    if entry == 0 || entry > store.history_count(patient).await? {
        return Err(Refusal::NotAvailable);
    }
    let event = Event::ProofTaken { seq: entry };
    store
        .append(&actor.stamp(), Chain::Patient(patient), event)
        .await?;
    let found = store
        .prove(patient, entry)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let proof = LineProof {
        format: FORMAT.to_owned(),
        chain: patient.0,
        entry,
        hash: HEXLOWER.encode(&found.hash),
        position: found.position,
        path: found
            .path
            .iter()
            .map(|node| HEXLOWER.encode(node))
            .collect(),
        checkpoint: found.checkpoint.note,
        key: verifier_key(&found.checkpoint.key),
    };
    serde_json::to_vec_pretty(&proof).map_err(|_| store::Error::Unwritable.into())
}
