//! Evidence that does not agree: a person looks at it, and nothing is hidden for it.

use serde::{Deserialize, Serialize};

use super::super::basis::BasisKind;
use super::super::examined::ExaminedPart;
use crate::label::{Label, LabelSet};

/// Where what is known of a part does not agree (POLICY §2). What came restricted without a reason we know is not among
/// them: nothing vouches for it, so it is unclassified ([`super::super::Review::IncomingRestriction`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// Its sender marked it as not restricted (confidentiality N or less), and the rules find something sensitive in it.
    CameUnrestricted,
    /// It says what the item is: its code is ordinary, and its words say something sensitive.
    WordsAgainstCode,
}

impl Conflict {
    /// What does not agree of a part, if anything, by its own evidence: what it took from elsewhere is looked at there.
    pub(in super::super) fn of(
        part: &ExaminedPart,
        identifies: bool,
        came_normal: bool,
    ) -> Option<Self> {
        let mut by_code = LabelSet::EMPTY;
        let mut by_words = LabelSet::EMPTY;
        let mut came = LabelSet::EMPTY;
        for basis in part.basis.iter().filter(|basis| counts(basis.label)) {
            let found = match basis.kind {
                BasisKind::Code => &mut by_code,
                BasisKind::Text => &mut by_words,
                BasisKind::Incoming => &mut came,
                BasisKind::Reference | BasisKind::Origin | BasisKind::Reviewed => continue,
            };
            *found = found.with(basis.label);
        }
        let told = by_code.join(by_words);
        if came_normal && came.is_empty() && !told.is_empty() {
            Some(Self::CameUnrestricted)
        } else if identifies
            && part.known
            && !part.free_text
            && by_code.join(came).is_empty()
            && !by_words.is_empty()
        {
            Some(Self::WordsAgainstCode)
        } else {
            None
        }
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CameUnrestricted => "came-unrestricted",
            Self::WordsAgainstCode => "words-against-code",
        }
    }

    /// The conflict in plain words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CameUnrestricted => {
                "It came marked as not restricted, and our rules find something sensitive in it."
            }
            Self::WordsAgainstCode => {
                "Its code is ordinary, and its words say something sensitive."
            }
        }
    }
}

/// Whether a label tells of a sensitive subject: identity details are on every person, and laws and marks tell of none.
fn counts(label: Label) -> bool {
    label.is_segment() && label != Label::General && !LabelSet::IDENTITY.has(label)
}
