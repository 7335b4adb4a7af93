//! Labels as the security codings that a copy carries (LAW G1, POLICY §2).

use domain::fhir::security::{self, ACT_CODE, CONFIDENTIALITY, SEGMENT};
use domain::label::{ALL, Label, LabelSet};
use serde_json::Value;

/// The codes of a set, each after the first letter of its system: confidentiality, act code, own segment.
fn written(labels: &[Label]) -> Vec<String> {
    let codings = security::security(labels.iter().copied().collect(), &[]);
    let code = |coding: &Value| {
        let system = match coding["system"].as_str() {
            Some(CONFIDENTIALITY) => "c",
            Some(ACT_CODE) => "a",
            Some(SEGMENT) => "s",
            _ => "?",
        };
        format!("{system}:{}", coding["code"].as_str().unwrap_or_default())
    };
    codings.iter().map(code).collect()
}

/// LAW G1: one confidentiality first; HL7's code; a code of our own beside it only where HL7's says less.
#[test]
fn each_label_has_its_codes() {
    for (label, codes) in [
        (Label::Identity, &["a:DEMO"][..]),
        (Label::LegalSex, &["a:DEMO", "s:identity.legal-sex"]),
        (
            Label::PreferredName,
            &["a:DEMO", "s:identity.preferred-name"],
        ),
        (Label::Contact, &["a:DEMO", "s:identity.contact"]),
        (Label::SubstanceUse, &["a:SUD"]),
        (Label::Alcohol, &["a:ETHUD"]),
        (Label::Opioids, &["a:OPIOIDUD"]),
        (Label::OtherDrugs, &["a:SUD", "s:substance-use.other-drugs"]),
        (Label::MentalHealth, &["a:PSY"]),
        (
            Label::Personality,
            &["a:PSY", "s:mental-health.personality"],
        ),
        (Label::Hiv, &["a:HIV"]),
        (Label::SexualReproductive, &["a:SEX"]),
        (
            Label::Contraception,
            &["a:SEX", "s:sexual-reproductive.contraception"],
        ),
        (Label::Sti, &["a:STD"]),
        (Label::Pregnancy, &["a:PREGNANT"]),
        (
            Label::Abortion,
            &["a:SEX", "s:sexual-reproductive.abortion"],
        ),
        (Label::GenderOrientation, &["a:GENDER"]),
        (
            Label::GenderIdentity,
            &["a:GENDER", "s:gender-orientation.gender-identity"],
        ),
        (
            Label::SexualOrientation,
            &["a:GENDER", "s:gender-orientation.sexual-orientation"],
        ),
        (Label::Violence, &["a:SDV", "a:VIO"]),
        (Label::Genetics, &["a:GDIS"]),
        (Label::Part2, &["a:42CFRPart2"]),
        (Label::MinorConsented, &["s:minor-consented"]),
        (Label::Unclassified, &["s:unclassified"]),
        (Label::PatientRequested, &["a:PRS"]),
    ] {
        let mut expected = vec!["c:R"];
        expected.extend(codes);
        assert_eq!(written(&[label]), expected, "{}", label.name());
    }
    assert_eq!(written(&[]), ["c:N"]);
    assert_eq!(written(&[Label::General]), ["c:N"]);
    assert_eq!(written(&[Label::PsychotherapyNote]), ["c:V", "a:PSYTHPN"]);
    assert_eq!(
        written(&[Label::SudCounselingNote]),
        ["c:V", "a:SUD", "s:sud-counseling-note"]
    );
}

/// A code that two labels share is written once, and then each label says its own name where it could be doubted.
#[test]
fn labels_that_share_a_code_are_told_apart() {
    assert_eq!(
        written(&[Label::MentalHealth, Label::Personality]),
        [
            "c:R",
            "a:PSY",
            "s:mental-health",
            "s:mental-health.personality"
        ]
    );
    assert_eq!(
        written(&[Label::Hiv, Label::Personality]),
        ["c:R", "a:PSY", "a:HIV", "s:mental-health.personality"]
    );
    for one in ALL {
        for other in ALL {
            let labels = LabelSet::of([one, other]).without(Label::General);
            let read = security::read(&security::security(labels, &[])).labels;
            assert!(read == labels, "{} {}", one.name(), other.name());
        }
    }
}
