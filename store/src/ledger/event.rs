//! What a ledger entry can say.
//!
//! INVARIANT: entries are kept for good. Add variants and optional fields; never rename or retype one.

use super::facts::DisclosedFacts;
use core::fmt;
use domain::clock::Instant;
use domain::decide::{Action, Ground, Obligations};
use domain::id::{
    AccessReviewId, AccountId, ApplicationId, AuthorityId, BackupId, BatchId, ConsentId,
    DocumentId, EmergencyId, InvitationId, ItemId, OrganizationId, PatientId, PersonId, ProposalId,
    RecoveryCaseId, RelationshipId, RestrictionId, ReviewId,
};
use domain::label::LabelSet;
use domain::party::{Party, RelationshipKind, Role, Span};
use domain::purpose::Purpose;
use domain::state::EmergencyRecipient;
use serde::{Deserialize, Serialize};

/// One item of a disclosure.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedItem {
    /// The item.
    pub item: ItemId,
    /// The permitted parts as bits, 64 a word.
    pub parts: Vec<u64>,
    /// Whether every part was permitted.
    pub whole: bool,
    /// Whether only kind, date and segment were shown (the privacy screen).
    pub masked: bool,
    /// The join of the permitted parts' labels.
    pub labels: LabelSet,
}

impl fmt::Debug for DisclosedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisclosedItem([redacted])")
    }
}

/// What goes onto the record when a record is opened in an emergency (42 CFR 2.51(c)); the date and time are the entry's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyEntry {
    /// The recipient's name and affiliation.
    pub recipient: EmergencyRecipient,
    /// The affiliation.
    pub affiliation: OrganizationId,
    /// The discloser's name.
    pub discloser: String,
    /// The organizations whose records they are.
    pub disclosers: Vec<OrganizationId>,
    /// The nature of the emergency.
    pub nature: String,
    /// Why consent could not be had.
    pub without_consent: String,
}

impl fmt::Debug for EmergencyEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmergencyEntry([redacted])")
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Something was shown or handed over; `items` may be empty: a view that showed nothing.
    Disclosed {
        /// What was done with it.
        action: Action,
        /// Why.
        purpose: Purpose,
        /// The epoch it was decided at.
        epoch: u64,
        /// When it was decided.
        decided_at: Instant,
        /// What.
        items: Vec<DisclosedItem>,
        /// On what it rests.
        basis: Vec<Ground>,
        /// What goes with it.
        obligations: Obligations,
        /// SHA-256 over what was released (item id, ciphertext, part bits, masked).
        digest: [u8; 32],
        /// What it rested on of each item, in the order of `items`; `None`: written before that was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        facts: Option<DisclosedFacts>,
        /// How far the house's chain had come: roles and programs count as they stood there. `None`: not kept then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        house: Option<u64>,
    },
    /// Somebody asked for what they may not see.
    Denied {
        /// What they wanted to do.
        action: Action,
        /// Why.
        purpose: Option<Purpose>,
        /// The item they named, if any.
        item: Option<ItemId>,
    },
    /// An account signed in.
    SignedIn {
        /// By which factors, in a fixed word such as `password+totp`.
        method: String,
    },
    /// Somebody failed to sign in.
    SignInFailed,
    /// A wrong password was given for an account's name, or any password for a name that no account has.
    PasswordFailed,
    /// An account signed out.
    SignedOut,
    /// A fresh second factor was given.
    SteppedUp {
        /// For which action, in a fixed word.
        action: String,
    },
    /// A consent was signed.
    ConsentSigned {
        /// Which.
        consent: ConsentId,
        /// Its version.
        version: u32,
        /// SHA-256 of its canonical form.
        digest: [u8; 32],
        /// When its term begins.
        start: Instant,
        /// When its term ends, if at an instant.
        ends: Option<Instant>,
    },
    /// A consent was revoked.
    ConsentRevoked {
        /// Which.
        consent: ConsentId,
    },
    /// An oral revocation was recorded.
    ConsentSuspended {
        /// Which.
        consent: ConsentId,
    },
    /// A newer version took a consent's place.
    ConsentSuperseded {
        /// Which.
        consent: ConsentId,
        /// By which.
        by: ConsentId,
    },
    /// The event a consent was to end with came about.
    ConsentEnded {
        /// Which.
        consent: ConsentId,
    },
    /// Staff wrote down that the patient takes sharing back, or that something happened with which it was to end
    /// (LAW A12). What it ended stands in the entries before.
    SharingToldToEnd {
        /// What was told, in a fixed word such as `revoked`.
        what: String,
        /// How it was told, in a fixed word such as `by-phone`.
        how: String,
        /// About sharing with whom; `None`: about all of it.
        recipient: Option<Party>,
        /// In the words of the one who wrote it down.
        note: String,
    },
    /// Somebody of the staff wanted to write such a thing down, and no record is of that name and birth date.
    SharingNotFound,
    /// A copy of a consent's signed document was taken (LAW F2).
    ConsentCopied {
        /// Which.
        consent: ConsentId,
    },
    /// A care relationship was recorded.
    RelationshipAdded {
        /// Which.
        relationship: RelationshipId,
        /// With whom.
        party: Party,
        /// What it is about.
        kind: RelationshipKind,
        /// While it lasts.
        span: Span,
        /// Whether an administrator assigned it, rather than a record telling of it.
        #[serde(default)]
        assigned: bool,
    },
    /// A care relationship ended.
    RelationshipEnded {
        /// Which.
        relationship: RelationshipId,
        /// With whom it was.
        #[serde(default)]
        party: Option<Party>,
    },
    /// An administrator wanted to assign a care relationship, and none was: no record, or more than one, is of that
    /// name and birth date.
    RelationshipNotAssigned,
    /// A restriction was agreed to.
    RestrictionAdded {
        /// Which.
        restriction: RestrictionId,
    },
    /// A restriction ended.
    RestrictionEnded {
        /// Which.
        restriction: RestrictionId,
    },
    /// An authority to act for the patient was recorded.
    AuthorityAdded {
        /// Which.
        authority: AuthorityId,
        /// Who acts.
        person: PersonId,
        /// While it lasts.
        span: Span,
    },
    /// An authority ended.
    AuthorityEnded {
        /// Which.
        authority: AuthorityId,
    },
    /// Somebody applied to act for the patient (LAW D4, D5).
    ApplicationMade {
        /// Which.
        application: ApplicationId,
    },
    /// The office refused an application; why is not told here.
    ApplicationRefused {
        /// Which.
        application: ApplicationId,
    },
    /// A privacy officer looked at a document of an application.
    DocumentOpened {
        /// Which application.
        application: ApplicationId,
        /// Which document.
        document: DocumentId,
    },
    /// A minor signed a consent that waits for a parent's or guardian's signature: nothing is disclosed on it (LAW D2).
    ConsentAwaits {
        /// Which.
        consent: ConsentId,
    },
    /// A consent that waited for a second signature was taken back.
    ConsentWithdrawn {
        /// Which.
        consent: ConsentId,
    },
    /// Somebody who has an account of their own took up an invitation to act for a patient.
    HelperJoined {
        /// The person that the patient named.
        person: PersonId,
        /// The account that acts as that person from now on.
        account: AccountId,
    },
    /// An emergency grant was opened.
    EmergencyOpened {
        /// Which.
        emergency: EmergencyId,
        /// By whom.
        person: PersonId,
        /// While it lasts.
        span: Span,
        /// What 2.51(c) wants recorded, in the words that were given (LAW E1).
        #[serde(default)]
        record: Option<EmergencyEntry>,
    },
    /// An emergency grant ended.
    EmergencyEnded {
        /// Which.
        emergency: EmergencyId,
    },
    /// A privacy officer looked at an emergency grant and at what was opened on it.
    EmergencyLookedAt {
        /// Which.
        emergency: EmergencyId,
    },
    /// A privacy officer recorded whether an emergency grant was justified.
    EmergencyReviewed {
        /// Which.
        emergency: EmergencyId,
        /// For whom.
        organizations: Vec<OrganizationId>,
        /// What was found.
        justified: bool,
    },
    /// The patient read of an emergency grant.
    EmergencyAcknowledged {
        /// Which.
        emergency: EmergencyId,
        /// Whether they reported a concern.
        concern: bool,
    },
    /// Somebody asked for emergency access, and no record was opened: no record is of that name and birth date.
    EmergencyNotOpened,
    /// The person who is the subject of the record was named.
    SubjectSet {
        /// Who.
        person: PersonId,
    },
    /// An account was made.
    AccountCreated {
        /// Which.
        account: AccountId,
    },
    /// An account's factors or roles changed.
    AccountChanged {
        /// Which.
        account: AccountId,
    },
    /// Somebody was invited to make an account, or to set theirs up anew.
    InvitationMade {
        /// Which.
        invitation: InvitationId,
        /// Who.
        person: PersonId,
        /// The roles the account is to have.
        roles: Vec<Role>,
    },
    /// An invitation was taken up.
    InvitationUsed {
        /// Which.
        invitation: InvitationId,
        /// By which account.
        account: AccountId,
    },
    /// An invitation was taken back, or another took its place.
    InvitationWithdrawn {
        /// Which.
        invitation: InvitationId,
    },
    /// The privacy notice was shown, and the person said so (42 CFR 2.22, LAW C5).
    NoticeAcknowledged {
        /// SHA-256 of the text that was shown.
        notice: [u8; 32],
    },
    /// Something an account signs in with came or went.
    FactorChanged {
        /// Whose.
        account: AccountId,
        /// What, in a fixed word such as `passkey-added`.
        change: String,
    },
    /// A passkey answered with a counter that did not rise: a copy of it may be in use (WebAuthn §6.1.1). It was
    /// refused.
    FactorSuspected {
        /// Whose.
        account: AccountId,
    },
    /// Staff checked who somebody is, to help them back into their account; nothing happens to it yet.
    RecoveryCaseOpened {
        /// Which.
        case: RecoveryCaseId,
        /// Whose account.
        account: AccountId,
        /// How it was made sure who they are, in a fixed word such as `in-person`.
        how: String,
    },
    /// A second administrator agreed to a case.
    RecoveryCaseAgreed {
        /// Which.
        case: RecoveryCaseId,
        /// Whose account.
        account: AccountId,
    },
    /// A case was stopped, and nothing came of it.
    RecoveryCaseStopped {
        /// Which.
        case: RecoveryCaseId,
        /// Whose account.
        account: AccountId,
        /// Whether the account's owner did it.
        by_owner: bool,
    },
    /// A case ended with a code to set the account up anew; the entries after tell what was taken away.
    RecoveryCaseFinished {
        /// Which.
        case: RecoveryCaseId,
        /// Whose account.
        account: AccountId,
    },
    /// Staff asked for an account to be recovered, and none has that e-mail and birth date.
    RecoveryCaseNotOpened,
    /// The addresses changed at which an account's owner is told.
    ContactsChanged {
        /// Whose.
        account: AccountId,
        /// What, in a fixed word such as `added`.
        change: String,
    },
    /// Sessions of an account were ended.
    SessionsEnded {
        /// Whose.
        account: AccountId,
    },
    /// A person's place in a workforce changed.
    RoleChanged {
        /// Whose.
        person: PersonId,
        /// The roles held from now on, past memberships too.
        roles: Vec<Role>,
    },
    /// An administrator asked for something that a second one has to agree to; nothing changed by that.
    StaffChangeProposed {
        /// Which.
        proposal: ProposalId,
        /// About whom.
        person: PersonId,
        /// The role that is to be given; `None`: a new code for an account.
        role: Option<Role>,
    },
    /// A second administrator refused, or who asked took it back.
    StaffChangeRefused {
        /// Which.
        proposal: ProposalId,
        /// About whom.
        person: PersonId,
    },
    /// A second administrator agreed; the entry after tells what changed by it.
    StaffChangeApproved {
        /// Which.
        proposal: ProposalId,
        /// About whom.
        person: PersonId,
    },
    /// A role was given to somebody.
    RoleGiven {
        /// To whom.
        person: PersonId,
        /// Which.
        role: Role,
        /// At which organization.
        organization: OrganizationId,
        /// From when until when; `None`: from then on.
        #[serde(default)]
        span: Option<Span>,
    },
    /// Somebody's roles ended, and their sessions with them.
    RolesEnded {
        /// Whose.
        person: PersonId,
        /// Which.
        roles: Vec<Role>,
        /// At which organization; `None`: everywhere.
        organization: Option<OrganizationId>,
    },
    /// Somebody with several roles took another one for the rest of their session.
    RoleTaken {
        /// Which.
        role: Role,
    },
    /// An account was closed because nobody had used it for long.
    AccountClosed {
        /// Which.
        account: AccountId,
    },
    /// It was reviewed who has access.
    AccessReviewed {
        /// Which review.
        review: AccessReviewId,
        /// How many people keep what they have.
        kept: u64,
        /// How many lost it.
        removed: u64,
    },
    /// An organization was recorded or changed.
    OrganizationChanged {
        /// Which.
        organization: OrganizationId,
        /// Whether it is a Part 2 program from now on.
        part2_program: bool,
        /// What changed, in fixed words: `new`, `name`, `kind`, `npi`, `class`, `program`. Empty: not told.
        #[serde(default)]
        what: Vec<String>,
    },
    /// Somebody looked at the house's chain of the ledger; told once in a while, not at every page.
    HouseLedgerRead,
    /// Somebody had the house's chain checked.
    HouseLedgerChecked {
        /// Whether it was found sound; `None`: the check took too long.
        sound: Option<bool>,
    },
    /// Somebody took a copy of entries of the house's chain.
    HouseLedgerTaken {
        /// How many.
        entries: u64,
    },
    /// A file was imported.
    Imported {
        /// The run.
        batch: BatchId,
        /// Items that were new.
        new: u64,
        /// Items that changed.
        changed: u64,
        /// Items that stayed the same.
        unchanged: u64,
    },
    /// A privacy officer looked at an item's labels and confirmed or raised them (POLICY §2).
    LabelsReviewed {
        /// Of which item.
        item: ItemId,
        /// What was said.
        review: ReviewId,
    },
    /// A privacy officer proposed to take labels off an item; nothing changed by that.
    LabelsProposed {
        /// Of which item.
        item: ItemId,
        /// What was said.
        review: ReviewId,
    },
    /// A second privacy officer approved, and the labels came off.
    LabelsLowered {
        /// Of which item.
        item: ItemId,
        /// The proposal.
        proposal: ReviewId,
    },
    /// A proposal was refused, or withdrawn by who made it.
    LabelsRefused {
        /// Of which item.
        item: ItemId,
        /// The proposal.
        proposal: ReviewId,
    },
    /// The patient asked that an item be private, or no longer asks for it (PRS).
    KeptPrivate {
        /// Which item.
        item: ItemId,
        /// Whether it is private from now on.
        private: bool,
    },
    /// The patient asked an organization to keep something back (LAW C4).
    RestrictionAsked {
        /// Which.
        restriction: RestrictionId,
        /// Who was asked.
        organization: OrganizationId,
        /// Whether it is about what was paid for in full: then it binds from now on.
        paid_in_full: bool,
    },
    /// The organization did not agree to a restriction.
    RestrictionRefused {
        /// Which.
        restriction: RestrictionId,
    },
    /// The organization asked the patient whether it was paid in full; the restriction binds on.
    RestrictionQuestioned {
        /// Which.
        restriction: RestrictionId,
    },
    /// A privacy officer read what was asked.
    RestrictionLookedAt {
        /// Which.
        restriction: RestrictionId,
    },
    /// The organization ended a restriction for what comes later; what was there by then is kept back on.
    RestrictionLimited {
        /// Which.
        restriction: RestrictionId,
    },
    /// The patient took a file that proves an entry to be in the log (LAW F3).
    ProofTaken {
        /// The entry's place in the chain.
        seq: u64,
    },
    /// Entries were copied out of the ledger by the operator.
    LedgerExported {
        /// Whose chain; `None`: every chain.
        patient: Option<PatientId>,
        /// Whether what items are about went along.
        labels: bool,
    },
    /// Every key is wrapped by another wrapping key too.
    KeyRotated {
        /// The id of the key that wraps from now on.
        key: String,
    },
    /// What other wrapping keys wrapped was dropped.
    OldWrappingsDropped {
        /// The id of the key that stays.
        key: String,
    },
    /// Every data key has a new version, and everything but the ledger was sealed anew.
    DataKeysRotated {
        /// How many patients.
        patients: u64,
    },
    /// A patient's keys were destroyed: nothing of the record can be read again.
    RecordShredded {
        /// Whose; an opaque id.
        patient: PatientId,
        /// Why, in the words of who did it.
        reason: String,
    },
    /// A backup was made.
    BackupMade {
        /// Which.
        backup: BackupId,
    },
    /// This is a backup that was put in place: what came after it was made is gone.
    BackupRestored {
        /// Which.
        backup: BackupId,
        /// When it was made.
        made: Instant,
    },
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Event([redacted])")
    }
}
