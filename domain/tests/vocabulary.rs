//! Names and codes that stand in files, forms, addresses, exports and signed consents: changing one changes what is
//! already written (CLI.md, LAW G1). And the sets that are made of them.

use std::collections::BTreeSet;

use domain::item::{ItemKind, KINDS, KindSet};
use domain::label::{self, Label, LabelSet};
use domain::labeling::{BasisKind, Review};
use domain::notice::n3_closing;
use domain::party::{ROLES, Role};
use domain::purpose::{self, Purpose, PurposeSet};

/// POLICY §1: what each FHIR resource type becomes.
#[test]
fn a_resource_becomes_an_item_of_its_kind() {
    for (kind, types) in [
        (ItemKind::Demographics, &["Patient"][..]),
        (ItemKind::Condition, &["Condition"]),
        (
            ItemKind::Medication,
            &[
                "MedicationRequest",
                "MedicationStatement",
                "MedicationAdministration",
                "MedicationDispense",
            ],
        ),
        (ItemKind::Result, &["Observation"]),
        (ItemKind::Report, &["DiagnosticReport"]),
        (ItemKind::Document, &["DocumentReference", "Composition"]),
        (ItemKind::Encounter, &["Encounter"]),
        (ItemKind::Procedure, &["Procedure"]),
        (ItemKind::Allergy, &["AllergyIntolerance"]),
        (ItemKind::Immunization, &["Immunization"]),
        (ItemKind::Questionnaire, &["QuestionnaireResponse"]),
        (
            ItemKind::Claim,
            &["Claim", "ClaimResponse", "ExplanationOfBenefit", "Coverage"],
        ),
        (ItemKind::Plan, &["CarePlan", "Goal", "CareTeam"]),
        (ItemKind::Other, &["Device", "Organization", ""]),
    ] {
        for name in types {
            assert!(ItemKind::of_resource(name) == kind, "{name}");
        }
    }
    let hidden = [ItemKind::Claim, ItemKind::Plan, ItemKind::Other];
    for kind in KINDS {
        assert_eq!(kind.is_shown(), !hidden.contains(&kind), "{}", kind.name());
    }
}

#[test]
fn kinds_have_their_names() {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "allergy",
            "claim",
            "condition",
            "demographics",
            "document",
            "encounter",
            "immunization",
            "medication",
            "other",
            "plan",
            "procedure",
            "questionnaire",
            "report",
            "result"
        ]
    );
    assert_eq!(ItemKind::Result.name(), "result");
    assert_eq!(ItemKind::Report.name(), "report");
    for kind in KINDS {
        assert!(ItemKind::from_name(kind.name()) == Some(kind));
    }
    assert!(ItemKind::from_name("no such kind").is_none());
}

#[test]
fn roles_have_their_names() {
    for (role, name) in [
        (Role::Patient, "patient"),
        (Role::Proxy, "proxy"),
        (Role::SudClinician, "sud-clinician"),
        (Role::Clinician, "clinician"),
        (Role::CareCoordinator, "care-coordinator"),
        (Role::Billing, "billing"),
        (Role::Support, "support"),
        (Role::PrivacyOfficer, "privacy-officer"),
        (Role::Administrator, "administrator"),
    ] {
        assert_eq!(role.name(), name);
        assert_eq!(Role::from_name(name), Some(role));
    }
    assert_eq!(ROLES.into_iter().collect::<BTreeSet<_>>().len(), 9);
    assert!(Role::from_name("").is_none());
}

/// LAW G1: HL7 v3-ActReason.
#[test]
fn purposes_have_their_names_and_codes() {
    for (purpose, name, code) in [
        (Purpose::Treatment, "treatment", "TREAT"),
        (Purpose::Payment, "payment", "HPAYMT"),
        (Purpose::Operations, "operations", "HOPERAT"),
        (Purpose::CareCoordination, "care-coordination", "CAREMGT"),
        (Purpose::Research, "research", "HRESCH"),
        (Purpose::Legal, "legal", "HLEGAL"),
        (Purpose::PatientRequest, "patient-request", "PATRQT"),
        (Purpose::Family, "family", "FAMRQT"),
        (Purpose::Emergency, "emergency", "ETREAT"),
        (Purpose::Fundraising, "fundraising", "MARKT"),
        (Purpose::CriminalJustice, "criminal-justice", "HLEGAL"),
        (Purpose::PublicHealth, "public-health", "PUBHLTH"),
    ] {
        assert_eq!(purpose.name(), name);
        assert_eq!(purpose.code(), code);
        assert_eq!(Purpose::from_name(name), Some(purpose));
    }
    assert_eq!(purpose::ALL.into_iter().collect::<BTreeSet<_>>().len(), 12);
    assert!(Purpose::from_name("no such purpose").is_none());
}

/// CLI.md, `label explain`: kinds of evidence, and why a part waits for review, by name and in words.
#[test]
fn evidence_and_reviews_have_their_names() {
    for (kind, name) in [
        (BasisKind::Code, "code"),
        (BasisKind::Text, "text"),
        (BasisKind::Reference, "reference"),
        (BasisKind::Origin, "origin"),
        (BasisKind::Incoming, "incoming"),
        (BasisKind::Reviewed, "reviewed"),
    ] {
        assert_eq!(kind.name(), name);
    }
    let mut words = BTreeSet::new();
    for (review, name) in [
        (Review::UnknownSystem, "unknown-system"),
        (Review::Uncoded, "uncoded"),
        (Review::FreeText, "free-text"),
        (Review::UnreadableAttachment, "unreadable-attachment"),
        (Review::NoCode, "no-code"),
        (Review::IncomingRestriction, "incoming-restriction"),
        (Review::Reference, "reference"),
    ] {
        assert_eq!(review.name(), name);
        assert_eq!(serde_json::to_value(review).expect("a name"), name);
        assert!(review.words().ends_with('.'), "{name}: a sentence");
        words.insert(review.words());
    }
    assert_eq!(words.len(), 7, "each its own");
}

/// POLICY §2: the tree of segments, and nothing in it twice or nowhere.
#[test]
fn every_child_has_its_parent() {
    for (parent, children) in [
        (
            Label::Identity,
            &[Label::LegalSex, Label::PreferredName, Label::Contact][..],
        ),
        (
            Label::SubstanceUse,
            &[Label::Alcohol, Label::Opioids, Label::OtherDrugs],
        ),
        (Label::MentalHealth, &[Label::Personality]),
        (
            Label::SexualReproductive,
            &[
                Label::Contraception,
                Label::Sti,
                Label::Pregnancy,
                Label::Abortion,
            ],
        ),
        (
            Label::GenderOrientation,
            &[Label::GenderIdentity, Label::SexualOrientation],
        ),
    ] {
        let found: Vec<Label> = label::ALL
            .into_iter()
            .filter(|label| label.parent() == Some(parent))
            .collect();
        assert!(found == children, "{}", parent.name());
        assert!(parent.parent().is_none());
        let whole = LabelSet::of([parent]).with_children();
        assert!(whole == LabelSet::of([parent]).join(LabelSet::of(children.iter().copied())));
        for child in children {
            // A name tells where in the tree it stands.
            assert!(
                child.name().starts_with(&format!("{}.", parent.name())),
                "{}",
                child.name()
            );
            assert!(LabelSet::of([*child]).with_parents().has(parent));
        }
    }
}

/// POLICY §2: the sets that rules speak of.
#[test]
fn named_sets_hold_what_they_say() {
    let family = |parent: Label| LabelSet::of([parent]).with_children();
    assert!(LabelSet::SUBSTANCE_USE == family(Label::SubstanceUse));
    assert!(LabelSet::IDENTITY == family(Label::Identity));
    assert!(LabelSet::NOTES == LabelSet::of([Label::SudCounselingNote, Label::PsychotherapyNote]));
    let segments = label::ALL.into_iter().filter(|label| label.is_segment());
    assert!(LabelSet::SEGMENTS == segments.collect());
    let others = LabelSet::of(label::ALL).minus(LabelSet::SEGMENTS);
    let expected = [
        Label::Part2,
        Label::SudCounselingNote,
        Label::PsychotherapyNote,
        Label::MinorConsented,
        Label::PatientRequested,
        Label::Unclassified,
    ];
    assert!(others == LabelSet::of(expected));
    let tpo = PurposeSet::of([Purpose::Treatment, Purpose::Payment, Purpose::Operations]);
    assert!(PurposeSet::TPO == tpo);
    assert!(
        KINDS
            .into_iter()
            .all(|kind| KindSet::ALL.has(kind) && !KindSet::EMPTY.has(kind))
    );
}

/// Sets read back from their stored bits; a bit of a later version is unreadable, not ignored.
#[test]
fn sets_know_their_bits() {
    let all = LabelSet::of(label::ALL);
    assert!(LabelSet::from_bits(all.bits()) == Some(all));
    assert!(LabelSet::from_bits(0) == Some(LabelSet::EMPTY));
    for label in label::ALL {
        assert!(LabelSet::from_bits(LabelSet::of([label]).bits()) == Some(LabelSet::of([label])));
    }
    let twice = KindSet::of([ItemKind::Plan, ItemKind::Plan]);
    assert!(twice.has(ItemKind::Plan) && !twice.has(ItemKind::Claim));
    let every = PurposeSet::of(purpose::ALL);
    assert!(every.is_readable());
    assert!(
        PurposeSet::of([Purpose::PublicHealth, Purpose::PublicHealth]).has(Purpose::PublicHealth)
    );
    let later: PurposeSet = serde_json::from_str("4096").expect("a set of a later version");
    assert!(!later.is_readable());
}

/// N3: 42 CFR 2.22(b)(1)(i), with the contact filled in.
#[test]
fn the_notice_closes_with_the_contact() {
    assert_eq!(
        n3_closing("the privacy officer", "555-0100"),
        "YOU HAVE A RIGHT TO A COPY OF THIS NOTICE (IN PAPER OR ELECTRONIC FORM) AND TO DISCUSS IT WITH the privacy \
         officer AT 555-0100 IF YOU HAVE ANY QUESTIONS."
    );
}
