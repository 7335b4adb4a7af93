//! Whose notice of privacy practices it is, and whom to ask about it (LAW C5, 42 CFR 2.22(b)(1)).

use chrono::NaiveDate;

/// What the operator fills into the patient notice. The words around it are prescribed (`domain::notice`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeFacts {
    /// The program, or the programs, whose notice it is.
    pub program: String,
    /// The name or title of whom to ask.
    pub contact: String,
    /// How they are reached: phone and e-mail.
    pub reached: String,
    /// From when on the notice is in effect (2.22(b)(1)(ix)).
    pub effective: NaiveDate,
}

impl Default for NoticeFacts {
    /// Words that are true anywhere, for as long as the operator has said nothing; the date is that from which programs had
    /// to comply with the rule as amended (89 FR 12472).
    fn default() -> Self {
        Self {
            program: "the programs and clinics of this portal".to_owned(),
            contact: "the privacy officer".to_owned(),
            reached: "the phone number and email address of your clinic".to_owned(),
            effective: NaiveDate::from_ymd_opt(2026, 2, 16).unwrap_or_default(),
        }
    }
}
