//! What happened, in words: the lines of a history.

use crate::{
    components::time::zone,
    dates,
    i18n::{kind_name, purpose_name},
    t,
    words::consent,
};
use domain::{
    clock::Instant,
    party::{RelationshipKind, Role},
};
use portal::{
    directory::Name,
    history::{Line, What},
};

/// Who it was: "You", a name with its place, or the system itself.
pub fn who(line: &Line) -> String {
    match (&line.who, line.by_me) {
        (_, true) => t!("history-you"),
        // Who acts for the patient is told from the patient, also where both have one name.
        (Some(name), false) if line.role == Some(Role::Proxy) => {
            t!("history-acting", name = name.name.as_str())
        }
        (Some(name), false) => consent::name_with_place(name),
        (None, false) if line.what == What::PasswordFailed => t!("history-unknown"),
        // An event that carries a role was somebody's who is no longer in the directory.
        (None, false) if line.role.is_some() => t!("history-somebody"),
        (None, false) => t!("history-system"),
    }
}

/// What it was, in words that follow no name: "Looked at 12 items".
pub fn what(what: &What) -> String {
    match what {
        What::Viewed { open: 0, masked: 0 } => t!("history-viewed-nothing"),
        What::Viewed { open: 0, masked } => t!("history-viewed-masked", count = *masked),
        What::Viewed { open, masked: 0 } => t!("history-viewed", count = *open),
        What::Viewed { open, masked } => {
            t!("history-viewed-both", count = *open, hidden = *masked)
        }
        What::Downloaded { items } => t!("history-downloaded", count = *items),
        What::Previewed { items } => t!("history-previewed", count = *items),
        What::LabelsLookedAt { items } => t!("history-labels-looked-at", count = *items),
        What::LabelsReviewed => t!("history-labels-reviewed"),
        What::LabelsProposed => t!("history-labels-proposed"),
        What::LabelsLowered => t!("history-labels-lowered"),
        What::LabelsRefused => t!("history-labels-refused"),
        What::KeptPrivate => t!("history-kept-private"),
        What::NoLongerPrivate => t!("history-no-longer-private"),
        What::Denied => t!("history-denied"),
        What::SignedIn => t!("history-signed-in"),
        What::SignInFailed => t!("history-sign-in-failed"),
        What::PasswordFailed => t!("history-password-failed"),
        What::FactorChanged => t!("history-factor-changed"),
        What::FactorSuspected => t!("history-factor-suspected"),
        What::SessionsEnded => t!("history-sessions-ended"),
        What::SignedOut => t!("history-signed-out"),
        What::SteppedUp => t!("history-stepped-up"),
        What::ConsentSigned => t!("history-consent-signed"),
        What::ConsentRevoked => t!("history-consent-revoked"),
        What::ToldToEnd => t!("history-told-to-end"),
        What::ConsentCopied => t!("history-consent-copied"),
        What::ConsentEnded => t!("history-consent-ended"),
        What::Relationship => t!("history-relationship"),
        What::RelationshipGiven { to, kind, until } => given(to.as_ref(), *kind, *until),
        What::RelationshipEnded { with } => {
            t!("history-relationship-ended", who = somebody(with.as_ref()))
        }
        What::EmergencyOpened => t!("history-emergency-opened"),
        What::EmergencyEnded => t!("history-emergency-ended"),
        What::EmergencyLookedAt => t!("history-emergency-looked-at"),
        What::EmergencyReviewed { justified: true } => t!("history-emergency-justified"),
        What::EmergencyReviewed { justified: false } => t!("history-emergency-unjustified"),
        What::EmergencyAcknowledged { concern: true } => t!("history-emergency-concern"),
        What::EmergencyAcknowledged { concern: false } => t!("history-emergency-read"),
        What::RestrictionAsked => t!("history-restriction-asked"),
        What::RestrictionAgreed => t!("history-restriction-agreed"),
        What::RestrictionRefused => t!("history-restriction-refused"),
        What::RestrictionQuestioned => t!("history-restriction-questioned"),
        What::RestrictionLookedAt => t!("history-restriction-looked-at"),
        What::RestrictionLimited => t!("history-restriction-limited"),
        What::RestrictionEnded => t!("history-restriction-ended"),
        What::Imported { new, changed } => {
            t!("history-imported", new = *new, changed = *changed)
        }
        What::RecoveryCodeUsed => t!("history-recovery-code-used"),
        What::RecoveryAsked => t!("history-recovery-asked"),
        What::RecoveryStopped => t!("history-recovery-stopped"),
        What::RecoveryFinished => t!("history-recovery-finished"),
        What::AddressesChanged => t!("history-addresses-changed"),
        What::NoticeRead => t!("history-notice-read"),
        What::ProofTaken => t!("history-proof-taken"),
        What::LedgerCopied => t!("history-ledger-copied"),
        What::ActorAdded => t!("history-actor-added"),
        What::ActorEnded => t!("history-actor-ended"),
        What::ApplicationMade => t!("history-application-made"),
        What::ApplicationRefused => t!("history-application-refused"),
        What::DocumentOpened => t!("history-document-opened"),
        What::ConsentAwaits => t!("history-consent-awaits"),
        What::ConsentWithdrawn => t!("history-consent-withdrawn"),
        What::Other => t!("history-other"),
    }
}

/// What it was and of which kinds: "Looked at 12 items (Result: 9, Visit: 3)".
pub fn what_and_kinds(line: &Line) -> String {
    let kinds: Vec<String> = line
        .kinds
        .iter()
        .map(|(kind, count)| t!("history-of-kind", kind = kind_name(*kind), count = *count))
        .collect();
    let what = what(&line.what);
    if kinds.is_empty() {
        what
    } else {
        t!("history-with-kinds", what = what, kinds = kinds.join(", "))
    }
}

fn somebody(name: Option<&Name>) -> String {
    name.map_or_else(|| t!("history-somebody"), consent::name_with_place)
}

/// A care relationship that was given: to whom, what about, until when.
fn given(to: Option<&Name>, kind: RelationshipKind, until: Option<Instant>) -> String {
    let who = somebody(to);
    let kind = match kind {
        RelationshipKind::Treating => t!("history-kind-treating"),
        RelationshipKind::Coordinating => t!("history-kind-coordinating"),
        RelationshipKind::Payer => t!("history-kind-payer"),
        RelationshipKind::Operations => t!("history-kind-operations"),
    };
    match until {
        Some(until) => t!(
            "history-relationship-given",
            who = who,
            kind = kind,
            until = dates::last_day(until, zone())
        ),
        None => t!("history-relationship-given-open", who = who, kind = kind),
    }
}

/// Why: the purpose that was named.
pub fn why(line: &Line) -> Option<String> {
    if line.by_me {
        return None;
    }
    line.purpose.map(purpose_name)
}

/// Who and what in one sentence: "Dr. Amara Okafor: looked at 12 items".
pub fn sentence(line: &Line) -> String {
    t!("history-sentence", who = who(line), what = what(&line.what))
}
