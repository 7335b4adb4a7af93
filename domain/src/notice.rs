//! Prescribed texts, verbatim, in this one place (LAW, "Prescribed texts"; 42 CFR 2.22, 2.31, 2.32).

use crate::consent::ConsentKind;
use crate::purpose::{Purpose, PurposeSet};
use serde::{Deserialize, Serialize};

/// N1: 42 CFR 2.32(a)(1), the long form, paragraph by paragraph.
pub const N1: [&str; 5] = [
    "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). These rules prohibit you from using or disclosing this record, or testimony that describes the information contained in this record, in any civil, criminal, administrative, or legislative proceedings by any Federal, State, or local authority, against the patient, unless authorized by the consent of the patient, except as provided at 42 CFR 2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, the Federal rules prohibit you from making any other use or disclosure of this record unless at least one of the following applies:",
    "(i) Further use or disclosure is expressly permitted by the written consent of the individual whose information is being disclosed in this record or as otherwise permitted by 42 CFR part 2.",
    "(ii) You are a covered entity or business associate and have received the record for treatment, payment, or health care operations, or",
    "(iii) You have received the record from a covered entity or business associate as permitted by 45 CFR part 164, subparts A and E.",
    "A general authorization for the release of medical or other information is NOT sufficient to meet the required elements of written consent to further use or redisclose the record (see 42 CFR 2.31).",
];

/// N2: 42 CFR 2.32(a)(2), the short form.
pub const N2: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

/// N3, its title: 42 CFR 2.22(b)(1)(i).
pub const N3_TITLE: &str = "Notice of Privacy Practices of";
/// N3, how its header goes on.
pub const N3_INTRO: &str = "This notice describes:";
/// N3, the three points of its header.
pub const N3_POINTS: [&str; 3] = [
    "HOW HEALTH INFORMATION ABOUT YOU MAY BE USED AND DISCLOSED",
    "YOUR RIGHTS WITH RESPECT TO YOUR HEALTH INFORMATION",
    "HOW TO FILE A COMPLAINT CONCERNING A VIOLATION OF THE PRIVACY OR SECURITY OF YOUR HEALTH INFORMATION, OR OF YOUR RIGHTS CONCERNING YOUR INFORMATION.",
];

/// The last sentence of N3's header, with the contact filled in.
pub fn n3_closing(name_or_title: &str, phone_and_email: &str) -> String {
    format!(
        "YOU HAVE A RIGHT TO A COPY OF THIS NOTICE (IN PAPER OR ELECTRONIC FORM) AND TO DISCUSS IT WITH {name_or_title} AT {phone_and_email} IF YOU HAVE ANY QUESTIONS."
    )
}

/// LAW A2: who receives under a treatment, payment and operations consent, in the rule's words (2.31(a)(4)(i)).
pub const TPO_RECIPIENTS: &str = "my treating providers, health plans, third-party payers, and people helping to operate this program";

/// LAW A2: what for, in the rule's words (2.31(a)(5)(ii)).
pub const TPO_PURPOSE: &str = "for treatment, payment, and health care operations";

/// A statement that a consent shows before it is signed (LAW A1, A3, A8, A9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Statement {
    /// The right to revoke in writing, how, and the reliance exception (A1, 2.31(a)(6)).
    RightToRevoke,
    /// What is disclosed may be redisclosed and then no longer be protected by Part 2 (A3, 2.31(a)(10)).
    Redisclosure,
    /// What a recipient under HIPAA may do with what was disclosed for treatment, payment or operations, and what not (A4,
    /// 2.31(a)(4)(iii)).
    HipaaRedisclosure,
    /// What refusing to sign means (A3, 2.31(a)(10)).
    Refusal,
    /// The notes are never a condition of care, payment, enrollment or eligibility (A9, 2.31(b)).
    NotesNeverACondition,
    /// The fundraising opt-out (A8, 2.31(a)(5)(iii)).
    FundraisingOptOut,
}

impl Statement {
    /// Those a consent of this kind must show.
    pub const fn required(kind: ConsentKind) -> &'static [Self] {
        match kind {
            ConsentKind::Tpo => &[Self::RightToRevoke, Self::Redisclosure, Self::Refusal],
            ConsentKind::Notes => &[Self::RightToRevoke, Self::NotesNeverACondition],
            ConsentKind::Specific
            | ConsentKind::Legal
            | ConsentKind::Proxy
            | ConsentKind::CriminalJustice => &[Self::RightToRevoke, Self::Refusal],
        }
    }

    /// Those that terms of this kind and for these purposes must show: the kind's, and the way out of fundraising where
    /// that is a purpose (LAW A8).
    pub fn required_for(kind: ConsentKind, purposes: PurposeSet) -> impl Iterator<Item = Self> {
        Self::required(kind).iter().copied().chain(
            purposes
                .has(Purpose::Fundraising)
                .then_some(Self::FundraisingOptOut),
        )
    }

    /// Those that a consent signed here says: what it must, and on every consent for treatment, payment or operations what
    /// may come of it then, whoever receives (LAW A3, A4).
    pub fn said_on(kind: ConsentKind, purposes: PurposeSet) -> impl Iterator<Item = Self> {
        let tpo = [Purpose::Treatment, Purpose::Payment, Purpose::Operations];
        let for_care = matches!(kind, ConsentKind::Tpo | ConsentKind::Specific)
            && tpo.into_iter().any(|purpose| purposes.has(purpose));
        let more = [Self::Redisclosure, Self::HipaaRedisclosure];
        let more = more
            .into_iter()
            .filter(move |statement| for_care && !Self::required(kind).contains(statement));
        Self::required_for(kind, purposes).chain(more)
    }

    /// The text as it stands on the consent.
    pub const fn text(self) -> &'static str {
        match self {
            Self::RightToRevoke => {
                "You have the right to revoke this consent in writing at any time. You can do it here: open Sharing, choose this consent and press Revoke. It ends sharing from that moment, except to the extent that somebody has already acted in reliance on it."
            }
            Self::Redisclosure => {
                "The information that is used or disclosed under this consent may be redisclosed by the person who receives it and may then no longer be protected by 42 CFR part 2."
            }
            Self::HipaaRedisclosure => {
                "A health care provider or health plan that gets this information for treatment, payment, or health care operations may share it further as the HIPAA rules (45 CFR parts 160 and 164) allow, except for uses and disclosures for civil, criminal, administrative, and legislative proceedings against you."
            }
            Self::Refusal => {
                "You do not have to sign this. If you do not sign, these people will not see this information here. Your program may not refuse you care only because you do not sign, unless the rules allow it and it has told you so."
            }
            Self::NotesNeverACondition => {
                "Signing this is never a condition of your treatment, of payment for it, of enrollment in a health plan, or of being eligible for benefits."
            }
            Self::FundraisingOptOut => {
                "You may choose not to receive any fundraising messages, and this does not affect your care."
            }
        }
    }
}

/// POLICY §5: the standing sentence on every chart shown to anyone but the patient, whatever is in it.
pub const STANDING_SENTENCE: &str = "A patient may have chosen to share only part of a record. This is so for every chart in this portal.";
