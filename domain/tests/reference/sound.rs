//! Whether a signed consent has what LAW A wants, element by element, in plain words.

use domain::consent::{Consent, ConsentKind, Discloser, Expiry, Participants, Recipient};
use domain::item::KindSet;
use domain::label::Label;
use domain::notice::Statement;
use domain::purpose::Purpose;

#[allow(
    clippy::too_many_lines,
    reason = "one list of elements, in the order of LAW A"
)]
pub fn is_sound(consent: &Consent) -> bool {
    let terms = &consent.terms;
    let what = &terms.what;
    let purposes: Vec<Purpose> = terms.purposes.iter().collect();
    let only = |wanted: &[Purpose]| purposes.iter().all(|one| wanted.contains(one));
    let tpo = [Purpose::Treatment, Purpose::Payment, Purpose::Operations];

    // The form this version reads, and a signature that can stand (A1, A11).
    let format_is_known = serde_json::to_value(consent).is_ok_and(|value| value["format"] == 1);
    let signatures: Vec<_> = std::iter::once(&consent.signature)
        .chain(consent.countersignature().map(|other| &other.signature))
        .collect();
    if !format_is_known
        || consent.version == 0
        || consent.supersedes == Some(consent.id)
        || signatures
            .iter()
            .any(|one| one.typed_name.trim().is_empty() || one.stepped_up_at > one.signed_at)
    {
        return false;
    }
    // A recipient, a purpose, a discloser, a description (A1).
    if terms.to.is_empty() || purposes.is_empty() {
        return false;
    }
    if matches!(&terms.from, Discloser::Organizations(list) if list.is_empty()) {
        return false;
    }
    let excluded = super::names(what.exclude);
    let opens_content = domain::label::ALL
        .into_iter()
        .map(Label::name)
        .filter(|name| super::is_segment(name) || super::is_note(name))
        .any(|name| {
            super::any_includes(&super::names(what.include), name)
                && !super::any_includes(&excluded, name)
        })
        && what.kinds != KindSet::EMPTY;
    let names_an_item = what
        .items_included
        .iter()
        .any(|item| !what.items_excluded.contains(item));
    if !opens_content && !names_an_item {
        return false;
    }
    for to in &terms.to {
        match to {
            Recipient::Named(name) if name.trim().is_empty() => return false,
            // A class only on a consent for all of treatment, payment and operations (A2).
            Recipient::TpoClass if terms.kind != ConsentKind::Tpo => return false,
            // An intermediary with its participants (A5).
            Recipient::Intermediary {
                participants: Participants::Named(list),
                ..
            } if list.is_empty() => return false,
            Recipient::Person(_) => {}
            // A helper is a person (D5).
            _ if terms.kind == ConsentKind::Proxy => return false,
            _ => {}
        }
    }
    if terms.kind == ConsentKind::Tpo && !(only(&tpo) && purposes.len() == 3) {
        return false;
    }
    // How long (A6, A13).
    let ends_well = match &terms.expiry {
        None => false,
        Some(Expiry::At(end)) => *end > terms.start,
        Some(Expiry::Event(words)) => !words.trim().is_empty(),
        Some(Expiry::None | Expiry::EndOfTreatment) => {
            only(&tpo) && matches!(terms.kind, ConsentKind::Tpo | ConsentKind::Specific)
        }
        Some(Expiry::EndOfResearch) => only(&[Purpose::Research]),
    };
    if !ends_well {
        return false;
    }
    if let (Some(from), Some(until)) = (what.service_from, what.service_until)
        && until < from
    {
        return false;
    }
    // Purposes of their own (A7, A10, A13).
    for (purpose, kind) in [
        (Purpose::Legal, ConsentKind::Legal),
        (Purpose::CriminalJustice, ConsentKind::CriminalJustice),
    ] {
        if purposes.contains(&purpose) != (terms.kind == kind)
            || (terms.kind == kind && !only(&[purpose]))
        {
            return false;
        }
    }
    if purposes.contains(&Purpose::PatientRequest) && !terms.patient_started {
        return false;
    }
    // Separated notes have a consent of their own (A9).
    let names_notes = super::names(what.include).into_iter().any(super::is_note);
    if names_notes != (terms.kind == ConsentKind::Notes) {
        return false;
    }
    // The statements (A1, A3, A8, A9).
    let mut wanted = vec![Statement::RightToRevoke];
    match terms.kind {
        ConsentKind::Tpo => wanted.extend([Statement::Redisclosure, Statement::Refusal]),
        ConsentKind::Notes => wanted.push(Statement::NotesNeverACondition),
        _ => wanted.push(Statement::Refusal),
    }
    if purposes.contains(&Purpose::Fundraising) {
        wanted.push(Statement::FundraisingOptOut);
    }
    wanted.iter().all(|one| terms.statements.contains(one))
}
