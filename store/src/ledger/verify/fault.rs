//! What can be wrong with a ledger, and what a check found.

use core::fmt;
use uuid::Uuid;

/// What is wrong with an entry, a chain, the log or a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FaultKind {
    /// An entry is missing before this one.
    Gap,
    /// The link to the entry before does not fit.
    Link,
    /// The entry is not what was hashed.
    Hash,
    /// The end of the chain is not where its head says.
    Head,
    /// A chain without a head, or of no patient.
    Chain,
    /// The body doesn't open or can't be read.
    Body,
    /// The instant is before that of the entry before.
    Instant,
    /// The epoch moved back, or did not move with a change of policy.
    Epoch,
    /// A disclosure rests on a consent that was not in force at its place.
    Consent,
    /// A disclosure rests on an authority, relationship or emergency grant that was not in force at its place.
    Ground,
    /// A disclosure rests on nothing.
    NoGround,
    /// The rules do not allow the disclosure (POLICY §4).
    Undecided,
    /// The rules allow the disclosure on other grounds, or with more obligations, than it names.
    OtherGrounds,
    /// What the disclosure rested on is not in it, or can't have been so.
    Facts,
    /// A consent is not the one that was signed at this place.
    ConsentText,
    /// The log has an entry that its chain has not.
    Missing,
    /// The entry is not the one that the log has.
    Replaced,
    /// A place in the log is missing. `seq` is the place.
    LogGap,
    /// A node of the log's tree is not what the leaves come to. `seq` is the place of a leaf under it.
    Tile,
    /// The log holds less or more of a chain than it says.
    LogChain,
    /// The log is not what a checkpoint signed. `seq` is its size, as with all below.
    Root,
    /// A checkpoint is not signed by the expected key.
    Signature,
    /// A checkpoint is missing before this one.
    NoCheckpoint,
    /// The log goes on past the last checkpoint.
    Unsigned,
    /// The log is not what a checkpoint signed that was kept elsewhere: it was rewritten.
    Rewritten,
    /// The log ends before a checkpoint that was kept elsewhere: entries were cut off, or this is an older copy.
    Short,
}

impl FaultKind {
    /// Whether it is about the log or a checkpoint rather than an entry of a chain.
    pub const fn is_of_log(self) -> bool {
        matches!(
            self,
            Self::LogGap
                | Self::Tile
                | Self::Root
                | Self::Signature
                | Self::NoCheckpoint
                | Self::Unsigned
                | Self::Rewritten
                | Self::Short
        )
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gap => "an entry is missing before this one",
            Self::Link => "the link to the entry before does not fit",
            Self::Hash => "the entry is not what was hashed",
            Self::Head => "the chain does not end where its head says",
            Self::Chain => "the chain has no head, or no patient",
            Self::Body => "the body can't be read",
            Self::Instant => "the instant is before that of the entry before",
            Self::Epoch => "the epoch moved back, or stood still at a change of policy",
            Self::Consent => "a disclosure rests on a consent that was not in force",
            Self::Ground => "a disclosure rests on a ground that was not in force",
            Self::NoGround => "a disclosure rests on nothing",
            Self::Undecided => "the rules do not allow this disclosure",
            Self::OtherGrounds => "the rules allow this disclosure on other grounds than it names",
            Self::Facts => "what the disclosure rested on is not in it, or can't have been so",
            Self::ConsentText => "the consent is not the one that was signed here",
            Self::Missing => "the log has this entry, and the chain has not",
            Self::Replaced => "the entry is not the one that the log has",
            Self::LogGap => "a place in the log is missing",
            Self::Tile => "a node of the tree is not what the leaves come to",
            Self::LogChain => "the log does not hold the chain as far as it says",
            Self::Root => "the log is not what the checkpoint signed",
            Self::Signature => "the checkpoint is not signed by the expected key",
            Self::NoCheckpoint => "a checkpoint is missing before this one",
            Self::Unsigned => "the log goes on past the last checkpoint",
            Self::Rewritten => "the log is not what the kept checkpoint signed: it was rewritten",
            Self::Short => {
                "the log ends before the kept checkpoint: entries were cut off, or this is an older copy"
            }
        })
    }
}

/// One fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// The chain; nil for the house's, and for faults of the log.
    pub chain: Uuid,
    /// The place in it; of a fault of the log, the place in the log or the checkpoint's size.
    pub seq: u64,
    /// What is wrong.
    pub what: FaultKind,
}

impl Fault {
    /// A fault of the log or of a checkpoint.
    pub(super) const fn of_log(seq: u64, what: FaultKind) -> Self {
        Self {
            chain: Uuid::nil(),
            seq,
            what,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain, seq, what } = self;
        match what {
            FaultKind::LogGap | FaultKind::Tile => write!(f, "the log, place {seq}: {what}"),
            what if what.is_of_log() => write!(f, "checkpoint of size {seq}: {what}"),
            _ => write!(f, "chain {chain}, entry {seq}: {what}"),
        }
    }
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Chains looked at.
    pub chains: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Chains whose bodies can't be read because the record was shredded; their links were checked all the same.
    pub shredded: u64,
    /// Disclosures that were decided again.
    pub replayed: u64,
    /// Disclosures that were written before what they rested on was kept: they can't be decided again.
    pub too_old: u64,
    /// Entries of the log that were looked at.
    pub logged: u64,
    /// Checkpoints that were looked at, without those kept elsewhere.
    pub checkpoints: u64,
    /// Checkpoints kept elsewhere that were held against the log.
    pub kept_elsewhere: u64,
    /// Entries that were gone over one by one: with keys all of them, without keys those beside which something was off,
    /// or that came while the check went on.
    pub one_by_one: u64,
    /// Everything that is wrong, in the order of the walk: chains first, then the log.
    pub faults: Vec<Fault>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}
