//! What a fact is about.

use std::fmt;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident => $key:literal,)*) => {
        /// What a fact or text is about. The words live with the pages, under [`Field::key`].
        ///
        /// Prints as its key only: the names that components and questions carry are part of the record.
        #[derive(Clone, PartialEq, Eq)]
        pub enum Field {
            $($(#[$doc])* $name,)*
            /// A part of a measurement, with its name, such as the diastolic pressure.
            Component(String),
            /// An answer in a questionnaire, with the question.
            Question(String),
        }

        impl Field {
            /// Every key there is, for the check that each has its words.
            pub const KEYS: &'static [&'static str] = &[$($key,)* "component", "question"];

            /// The name under which the page finds the words.
            pub fn key(&self) -> &'static str {
                match self {
                    $(Self::$name => $key,)*
                    Self::Component(_) => "component",
                    Self::Question(_) => "question",
                }
            }
        }
    };
}

fields! {
    /// The item's code and its system, where the record has no words for it.
    Code => "code",
    /// Where the item stands, as its FHIR code.
    Status => "status",
    /// How sure it is, as its FHIR code.
    Verification => "verification",
    /// Why it has that status, such as why something was not done.
    StatusReason => "status-reason",
    /// What it is for: a plan, an order; as its FHIR code.
    Intent => "intent",
    /// When it happened.
    Date => "date",
    /// When it was written down or released.
    Recorded => "recorded",
    /// When it began, or at what age.
    Began => "began",
    /// When it ended, or at what age.
    Ended => "ended",
    /// What kind of thing it is.
    Category => "category",
    /// What was found.
    Result => "result",
    /// Why there is no result.
    NoResult => "no-result",
    /// What the result means: high, low, positive.
    Interpretation => "interpretation",
    /// What is usual.
    ReferenceRange => "reference-range",
    /// How it was done.
    Method => "method",
    /// How much of a medicine, or how to take it.
    Dose => "dose",
    /// How often.
    Frequency => "frequency",
    /// To be taken only when needed: yes, or for what.
    AsNeeded => "as-needed",
    /// By what way a medicine is given.
    Route => "route",
    /// What to mind.
    Instructions => "instructions",
    /// How much is handed out.
    Supply => "supply",
    /// How many times more it may be handed out.
    Refills => "refills",
    /// Lot number of a vaccine.
    Lot => "lot",
    /// Where on the body.
    BodySite => "body-site",
    /// Why it was done.
    Reason => "reason",
    /// How bad.
    Severity => "severity",
    /// How far a disease has gone.
    Stage => "stage",
    /// How likely to be dangerous, as its FHIR code.
    Risk => "risk",
    /// What happened to the body.
    Reaction => "reaction",
    /// How it ended.
    Outcome => "outcome",
    /// What went wrong.
    Complication => "complication",
    /// What is to be done next.
    FollowUp => "follow-up",
    /// Who wrote or ordered it.
    Author => "author",
    /// Who did it or was there.
    Performer => "performer",
    /// Where.
    Place => "place",
    /// About what or whom, if not the patient.
    About => "about",
    /// A person's name.
    Name => "name",
    /// Date of birth.
    BirthDate => "birth-date",
    /// Administrative sex, as its FHIR code.
    Sex => "sex",
    /// When, or whether, the person died.
    Died => "died",
    /// Postal address.
    Address => "address",
    /// Telephone, e-mail.
    Contact => "contact",
    /// Language spoken.
    Language => "language",
    /// Married or not.
    MaritalStatus => "marital-status",
    /// A file that can't be shown as text.
    Attachment => "attachment",
    /// A note.
    Note => "note",
    /// A document's text.
    Document => "document",
    /// What the author concludes.
    Conclusion => "conclusion",
    /// What the author says it is.
    Description => "description",
    /// The item in its author's prose.
    Narrative => "narrative",
}

impl fmt::Debug for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key())
    }
}
