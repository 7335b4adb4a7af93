//! The words for labels, kinds and purposes (UX: labels are words, never codes).

use crate::t;
use domain::{item::ItemKind, label::Label, purpose::Purpose};

/// A label in words: "Substance use care".
pub fn label_name(label: Label) -> String {
    match label {
        Label::General => t!("label-general"),
        Label::Identity => t!("label-identity"),
        Label::LegalSex => t!("label-legal-sex"),
        Label::PreferredName => t!("label-preferred-name"),
        Label::Contact => t!("label-contact"),
        Label::SubstanceUse => t!("label-substance-use"),
        Label::Alcohol => t!("label-alcohol"),
        Label::Opioids => t!("label-opioids"),
        Label::OtherDrugs => t!("label-other-drugs"),
        Label::MentalHealth => t!("label-mental-health"),
        Label::Personality => t!("label-personality"),
        Label::Hiv => t!("label-hiv"),
        Label::SexualReproductive => t!("label-sexual-reproductive"),
        Label::Contraception => t!("label-contraception"),
        Label::Sti => t!("label-sti"),
        Label::Pregnancy => t!("label-pregnancy"),
        Label::Abortion => t!("label-abortion"),
        Label::GenderOrientation => t!("label-gender-orientation"),
        Label::GenderIdentity => t!("label-gender-identity"),
        Label::SexualOrientation => t!("label-sexual-orientation"),
        Label::Violence => t!("label-violence"),
        Label::Genetics => t!("label-genetics"),
        Label::Part2 => t!("label-part2"),
        Label::SudCounselingNote => t!("label-sud-counseling-note"),
        Label::PsychotherapyNote => t!("label-psychotherapy-note"),
        Label::MinorConsented => t!("label-minor-consented"),
        Label::PatientRequested => t!("label-prs"),
        Label::Unclassified => t!("label-unclassified"),
    }
}

/// The drawing in `app/image/icons.svg` that stands beside a label's word. A child segment has
/// its parent's.
pub const fn label_icon(label: Label) -> &'static str {
    match label {
        Label::General => "general",
        Label::Identity | Label::LegalSex | Label::PreferredName | Label::Contact => "identity",
        Label::SubstanceUse | Label::Alcohol | Label::Opioids | Label::OtherDrugs => {
            "substance-use"
        }
        Label::MentalHealth | Label::Personality => "mental-health",
        Label::Hiv => "hiv",
        Label::SexualReproductive
        | Label::Contraception
        | Label::Sti
        | Label::Pregnancy
        | Label::Abortion => "sexual-reproductive",
        Label::GenderOrientation | Label::GenderIdentity | Label::SexualOrientation => {
            "gender-orientation"
        }
        Label::Violence => "violence",
        Label::Genetics => "genetics",
        Label::Part2 => "part2",
        Label::SudCounselingNote | Label::PsychotherapyNote => "note",
        Label::MinorConsented | Label::PatientRequested => "private",
        Label::Unclassified => "unclassified",
    }
}

/// A kind of item in words: "Test result".
pub fn kind_name(kind: ItemKind) -> String {
    match kind {
        ItemKind::Demographics => t!("kind-demographics"),
        ItemKind::Condition => t!("kind-condition"),
        ItemKind::Medication => t!("kind-medication"),
        ItemKind::Result => t!("kind-result"),
        ItemKind::Report => t!("kind-report"),
        ItemKind::Document => t!("kind-document"),
        ItemKind::Encounter => t!("kind-encounter"),
        ItemKind::Procedure => t!("kind-procedure"),
        ItemKind::Allergy => t!("kind-allergy"),
        ItemKind::Immunization => t!("kind-immunization"),
        ItemKind::Questionnaire => t!("kind-questionnaire"),
        ItemKind::Claim => t!("kind-claim"),
        ItemKind::Plan => t!("kind-plan"),
        ItemKind::Other => t!("kind-other"),
    }
}

/// A purpose in words: "Treatment".
pub fn purpose_name(purpose: Purpose) -> String {
    match purpose {
        Purpose::Treatment => t!("purpose-treatment"),
        Purpose::Payment => t!("purpose-payment"),
        Purpose::Operations => t!("purpose-operations"),
        Purpose::CareCoordination => t!("purpose-care-coordination"),
        Purpose::Research => t!("purpose-research"),
        Purpose::Legal => t!("purpose-legal"),
        Purpose::PatientRequest => t!("purpose-patient-request"),
        Purpose::Family => t!("purpose-family"),
        Purpose::Emergency => t!("purpose-emergency"),
        Purpose::Fundraising => t!("purpose-fundraising"),
        Purpose::CriminalJustice => t!("purpose-criminal-justice"),
        Purpose::PublicHealth => t!("purpose-public-health"),
    }
}

/// Words one after the other, for names that would make no sentence: "A, B, C".
pub fn row(words: &[String]) -> String {
    let mut words = words.iter().cloned();
    let first = words.next().unwrap_or_default();
    words.fold(first, |sofar, next| {
        t!("list-more", first = sofar, second = next)
    })
}

/// Words as a list: "A", "A and B", "A, B, and C".
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => t!("list-two", first = first, second = second),
        [start @ .., last] => {
            t!("list-last", first = row(start), second = last)
        }
    }
}
