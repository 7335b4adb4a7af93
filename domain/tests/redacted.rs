//! Types that hold something about a person print as `[redacted]`: nothing of them gets into a log or an error by
//! `{:?}` (ARCHITECTURE, Sealing).

use crate::decide_case as case;

use case::{Case, emergency, signature, terms};
use core::fmt::Debug;
use domain::fhir::consent;
use domain::fhir::reader::{self, ReadError};
use domain::fhir::reference::Target;
use domain::label::{Label, LabelSet};
use domain::labeling::review::{Act, Outcome, Part, PartSeen, Why};
use domain::labeling::{Context, OrganizationRef, Part2Programs, Review, examine, settle};
use domain::what_if::PartAnswer;
use serde_json::json;

fn prints(value: &dyn Debug, name: &str) {
    assert_eq!(format!("{value:?}"), format!("{name}([redacted])"));
}

/// ARCHITECTURE, Sealing.
#[test]
fn what_holds_something_about_a_person_prints_nothing_of_it() {
    let case = Case::new(&[Label::Hiv]);
    prints(&LabelSet::of([Label::Hiv]), "LabelSet");
    prints(&case.item.parts[0], "PartFacts");
    prints(&signature(), "Signature");
    prints(&terms(&[Label::Hiv]).to[0], "Recipient");
    prints(&Target::of("Patient/1").expect("a reference"), "Target");
    let directive = consent::read(&json!({"resourceType": "Consent", "id": "secret"}), None, 0);
    prints(&directive, "Directive");
    prints(&OrganizationRef::default(), "OrganizationRef");
    let programs = Part2Programs::of(["Organization/1"]);
    prints(&programs, "Part2Programs");
    let resource = json!({"resourceType": "Condition", "id": "1", "code": {"text": "heroin"}});
    let examined = examine(&resource).expect("a readable resource");
    prints(&examined, "Examined");
    prints(&examined.parts[0], "ExaminedPart");
    prints(&examined.parts[0].basis[0], "Basis");
    let context = Context {
        part2_programs: &programs,
    };
    let labelled = settle(vec![examined], &context).swap_remove(0);
    prints(&labelled, "Labelled");
    prints(&labelled.parts[0], "LabelledPart");
    let answer = PartAnswer {
        resource: "Condition/1".to_owned(),
        part: "code".to_owned(),
        permits: false,
        basis: Vec::new(),
        obligations: domain::decide::Obligations::default(),
    };
    prints(&answer, "PartAnswer");
    prints(&Act::KeptPrivate, "Act");
    prints(&Outcome::Raised(LabelSet::of([Label::Hiv])), "Outcome");
    let seen = PartSeen {
        path: "note[0]".to_owned(),
        digest: [0; 32],
        labels: LabelSet::EMPTY,
    };
    prints(&seen, "PartSeen");
    let waits = Part {
        path: "note[0]".to_owned(),
        why: Why::Unclassified(Review::NoCode),
    };
    prints(&waits, "Part");
}

/// The same where an id, which tells nothing, helps to find what was meant.
#[test]
fn some_print_their_id_or_place_and_no_more() {
    let case = Case::new(&[Label::Hiv]);
    let id = case.item.id;
    assert_eq!(
        format!("{:?}", case.item),
        format!("ItemFacts {{ id: {id:?}, .. }}")
    );
    let emergency = emergency();
    let id = emergency.id;
    assert_eq!(
        format!("{emergency:?}"),
        format!("Emergency {{ id: {id:?}, .. }}")
    );
    let mut printed = String::new();
    reader::read(
        r#"{"resourceType": "Patient", "id": "secret"}"#.as_bytes(),
        |entry| {
            printed = format!("{entry:?}");
            Ok::<(), ()>(())
        },
    )
    .expect("a readable file");
    assert_eq!(printed, "Entry { index: 0, .. }");
}

/// Faults say where, and what in plain words: each part of the place only when it is known.
#[test]
fn faults_name_their_place() {
    let told = |file: &str| match reader::read(file.as_bytes(), |_| Ok::<(), ()>(())) {
        Err(ReadError::Fault(fault)) => fault.to_string(),
        _ => panic!("{file}: no fault"),
    };
    assert_eq!(told(" "), "the file is empty");
    assert_eq!(told("{}"), "entry 0: resourceType: is missing");
    assert_eq!(
        told("{\"resourceType\": \"Patient\"} []"),
        "entry 1: line 1, column 29: a resource or a Bundle starts with {"
    );
    let fault = examine(&json!([])).expect_err("no resource");
    assert_eq!(fault.to_string(), "the resource must be an object");
    let fault = examine(&json!({"resourceType": "Patient", "id": 1})).expect_err("no resource");
    assert!(fault.to_string().starts_with("id "), "{fault}");
    let directive = consent::read(
        &json!({"resourceType": "Consent", "status": "maybe"}),
        None,
        0,
    );
    let faults: Vec<String> = directive.faults.iter().map(ToString::to_string).collect();
    assert!(
        faults.contains(&"status is not a status of R4".to_owned()),
        "{faults:?}"
    );
}
