//! Labels that come from elsewhere: the person's other diagnoses, the organization, what surrounds an item; and reviews
//! carried out on parts (POLICY §1, §2).

use crate::world;

use chrono::DateTime;
use domain::id::{ItemId, PersonId, ReviewId};
use domain::label::{Label, LabelSet};
use domain::labeling::review::{
    Act, Conflict, Outcome, PartSeen, Parts, Record, Waiting, apply, waiting,
};
use domain::labeling::{
    Basis, BasisKind, Context, Examiner, Labelled, LabelledPart, Part2Programs, Review, settle,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;
use world::{ICD10, LOINC, RXNORM, concept, label, ordinary, to};

/// A resource of that type and id, of patient 1.
fn of(kind: &str, id: &str, more: &Value) -> Value {
    let mut resource = json!({"resourceType": kind, "id": id, "subject": to("Patient/1")});
    let map = resource.as_object_mut().expect("an object");
    map.extend(more.as_object().expect("an object").clone());
    resource
}

/// Every order of three resources.
fn orders(three: [Value; 3]) -> Vec<Vec<Value>> {
    let [a, b, c] = three;
    vec![
        vec![a.clone(), b.clone(), c.clone()],
        vec![a.clone(), c.clone(), b.clone()],
        vec![b.clone(), a.clone(), c.clone()],
        vec![b.clone(), c.clone(), a.clone()],
        vec![c.clone(), a.clone(), b.clone()],
        vec![c, b, a],
    ]
}

/// POLICY §2: a code that tells only beside a diagnosis tells wherever in the record of the same person that stands.
#[test]
fn a_diagnosis_anywhere_in_the_record_is_context() {
    let count = of(
        "Observation",
        "cd4",
        &json!({"status": "final", "code": concept(LOINC, "24467-3")}),
    );
    let diagnosis = of("Condition", "hiv", &json!({"code": concept(ICD10, "B20")}));
    let plain = of("Condition", "htn", &json!({"code": ordinary()}));
    for order in orders([count.clone(), diagnosis.clone(), plain.clone()]) {
        assert!(label(&order).has("Observation/cd4", "code", Label::Hiv));
    }
    assert!(!label(&[count.clone(), plain.clone()]).has("Observation/cd4", "code", Label::Hiv));
    let mut another = diagnosis;
    another["subject"] = to("Patient/2");
    for order in orders([count.clone(), another, plain]) {
        assert!(!label(&order).has("Observation/cd4", "code", Label::Hiv));
    }
    // What was given is no diagnosis; the diagnoses of a claim are.
    let drug = of(
        "MedicationRequest",
        "art",
        &json!({"status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": "on Biktarvy"}}),
    );
    assert!(!label(&[count.clone(), drug]).has("Observation/cd4", "code", Label::Hiv));
    let claim = json!({"resourceType": "Claim", "id": "claim", "patient": to("Patient/1"), "status": "active", "use": "claim",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "institutional"),
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(ICD10, "B20")}]});
    for order in [[claim.clone(), count.clone()], [count, claim]] {
        assert!(label(&order).has("Observation/cd4", "code", Label::Hiv));
    }
}

/// POLICY §2: the reason on the item itself is context too, once, and with its own rule.
#[test]
fn a_reason_on_the_item_is_context() {
    let request = |reason: Value| {
        let request = of(
            "MedicationRequest",
            "patch",
            &json!({"status": "active", "intent": "order",
            "medicationCodeableConcept": concept(RXNORM, "1432969"), "reasonCode": [reason]}),
        );
        label(&[request])
            .part("MedicationRequest/patch", "medicationCodeableConcept")
            .clone()
    };
    let given = request(concept(ICD10, "F11.20"));
    assert!(given.labels.has(Label::Opioids));
    let by_code = given
        .basis
        .iter()
        .filter(|basis| basis.rule == "rxnorm.buprenorphine-pain");
    assert_eq!(by_code.count(), 1);
    let alcohol = request(concept(ICD10, "F10.20"));
    let by_code = alcohol
        .basis
        .iter()
        .filter(|basis| basis.rule == "rxnorm.buprenorphine-pain");
    assert_eq!(by_code.count(), 1);
    assert!(alcohol.labels.has(Label::Opioids));
    assert!(!request(ordinary()).labels.has(Label::Opioids));
}

/// POLICY §2, LAW F: where an item comes from, through a place, a team, a service, a device or a role.
#[test]
fn an_item_comes_from_the_organization_behind_its_source() {
    let program = json!({"resourceType": "Organization", "id": "program"});
    for (kind, element, value) in [
        (
            "Location",
            "managingOrganization",
            to("Organization/program"),
        ),
        (
            "CareTeam",
            "managingOrganization",
            json!([to("Organization/program")]),
        ),
        (
            "HealthcareService",
            "providedBy",
            to("Organization/program"),
        ),
        ("Device", "owner", to("Organization/program")),
        (
            "PractitionerRole",
            "organization",
            to("Organization/program"),
        ),
    ] {
        let mut source = json!({"resourceType": kind, "id": "source"});
        source[element] = value;
        let item = of(
            "Condition",
            "one",
            &json!({"code": ordinary(), "meta": {"source": format!("{kind}/source")}}),
        );
        for order in orders([source, item, program.clone()]) {
            let world = world::label_from(&order, &["Organization/program"]);
            assert_eq!(
                world.0["Condition/one"].sources,
                ["Organization/program"],
                "{kind}"
            );
            assert!(world.has("Condition/one", "code", Label::Part2), "{kind}");
        }
    }
    // A source that is not there may be an organization only by its name.
    for (author, sources) in [
        ("Practitioner/gone", &[][..]),
        ("Organization/gone", &["Organization/gone"]),
    ] {
        let item = of(
            "Condition",
            "one",
            &json!({"code": ordinary(), "asserter": to(author)}),
        );
        assert_eq!(
            label(&[item]).0["Condition/one"].sources,
            sources,
            "{author}"
        );
    }
}

/// POLICY §5: which part names which source: itself, or by the visit; what `meta.source` names is of the item as a whole.
#[test]
fn each_part_tells_its_own_sources() {
    let visit = of(
        "Encounter",
        "v",
        &json!({"serviceProvider": to("Organization/b")}),
    );
    let item = json!({
        "code": ordinary(), "encounter": to("Encounter/v"), "performer": [{"actor": to("Organization/a")}],
        "recorder": to("Practitioner/x"), "meta": {"source": "Organization/c"}
    });
    let item = of("Procedure", "p", &item);
    let stated = json!({"resourceType": "Organization", "id": "c"});
    let labelled = label(&[visit, item, stated]).0;
    let Labelled {
        sources,
        authors,
        told,
        parts,
        ..
    } = &labelled["Procedure/p"];
    let who_sees = |seen: &[&str]| {
        let (of_sources, of_authors) =
            told.to_who_sees(|part| seen.contains(&parts[part].path.as_str()));
        let sources = of_sources.iter().map(|at| sources[*at].as_str());
        let authors = of_authors.iter().map(|at| authors[*at].as_str());
        sources.chain(authors).collect::<BTreeSet<_>>()
    };
    let (a, b, c) = ("Organization/a", "Organization/b", "Organization/c");
    for (seen, named) in [
        (&["code"][..], &[c][..]),
        (&["code", "performer[0]"], &[a, c]),
        (&["code", "encounter"], &[b, c]),
        (&["recorder"], &[c, "Practitioner/x"]),
        (&["encounter", "performer[0]"], &[a, b, c]),
    ] {
        assert_eq!(
            who_sees(seen),
            named.iter().copied().collect::<BTreeSet<_>>(),
            "{seen:?}"
        );
    }
}

/// A patient is found by every way of naming them.
#[test]
fn a_patient_is_found_by_url_and_identifier() {
    let patient = json!({"resourceType": "Patient", "id": "1", "identifier": [{"system": "urn:mrn", "value": "5"}]});
    let mut examiner = Examiner::default();
    for subject in [
        to("urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        to("Patient/1"),
        json!({"identifier": {"system": "urn:mrn", "value": "5"}}),
    ] {
        let item = json!({"resourceType": "Condition", "id": "one", "subject": subject, "code": ordinary()});
        let url = Some("urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        let all = vec![
            examiner.examine(&patient, url).expect("a patient"),
            examiner.examine(&item, None).expect("a condition"),
        ];
        let programs = Part2Programs::default();
        let labelled = settle(
            all,
            &Context {
                part2_programs: &programs,
            },
        );
        assert_eq!(
            labelled[1].patient.as_deref(),
            Some("Patient/1"),
            "{subject}"
        );
    }
}

/// A directory entry does not become what the one above it is; a procedure does.
#[test]
fn only_clinical_items_take_the_whole_they_are_part_of() {
    let clinic = json!({"resourceType": "Organization", "id": "top", "name": "Methadone clinic"});
    let unit = json!({"resourceType": "Organization", "id": "unit", "name": "Front desk", "partOf": to("Organization/top")});
    let world = label(&[clinic, unit]);
    assert!(world.has("Organization/top", "name", Label::Opioids));
    assert!(!world.has("Organization/unit", "name", Label::Opioids));
    assert!(world.has("Organization/unit", "partOf", Label::Opioids));
    let whole = of(
        "Procedure",
        "whole",
        &json!({"status": "completed", "code": {"text": "methadone intake"}}),
    );
    let piece = of(
        "Procedure",
        "piece",
        &json!({"status": "completed", "code": ordinary(), "partOf": [to("Procedure/whole")]}),
    );
    assert!(label(&[whole, piece]).has("Procedure/piece", "code", Label::Opioids));
}

/// Codes are read on the days of the service and on no other: rows that begin or end in between count (POLICY §2).
#[test]
fn codes_are_read_on_the_days_of_the_service() {
    // F10.11, alcohol abuse in remission, has a row from 2017 on, which takes the place of the one for F10.
    let condition = |more: Value| {
        let mut resource = of("Condition", "one", &more);
        resource["code"] = concept(ICD10, "F10.11");
        label(&[resource]).part("Condition/one", "code").labels
    };
    let found = |period: Value| condition(period).has(Label::Alcohol);
    assert!(found(json!({})));
    assert!(found(json!({"onsetDateTime": "2020-01-01"})));
    let before = found(
        json!({"onsetPeriod": {"start": "2010-01-01", "end": "2010-02-01"}, "recordedDate": "2010-02-01"}),
    );
    let across = found(
        json!({"onsetPeriod": {"start": "2010-01-01", "end": "2020-01-01"}, "recordedDate": "2010-01-01"}),
    );
    let recorded = found(json!({"onsetDateTime": "2010-01-01", "recordedDate": "2020-01-01"}));
    assert!(across && recorded);
    let after = found(json!({"onsetPeriod": {"start": "2020-01-01", "end": "2020-02-01"}}));
    assert!(after && !before && !found(json!({"onsetDateTime": "2010-01-01"})));
}

// Reviews, carried out on parts made for it.

const HIV: Label = Label::Hiv;

fn basis(kind: BasisKind, label: Label, from: Option<&str>) -> Basis {
    serde_json::from_value(json!({
        "kind": kind.name(), "rule": "t.rule", "system": null, "code": null, "from": from, "label": label.name()
    }))
    .expect("a basis")
}

fn piece(path: &str, labels: &[Label], basis: Vec<Basis>) -> LabelledPart {
    LabelledPart {
        leads_to: Vec::new(),
        path: path.to_owned(),
        labels: LabelSet::of(labels.iter().copied()),
        basis,
        review: None,
        conflict: None,
    }
}

fn digest(at: usize) -> [u8; 32] {
    [u8::try_from(at).expect("few parts"); 32]
}

fn record(n: u128, by: u128, act: Act) -> Record {
    Record {
        id: ReviewId(Uuid::from_u128(n)),
        item: ItemId(Uuid::from_u128(9)),
        by: PersonId(Uuid::from_u128(by)),
        at: DateTime::UNIX_EPOCH,
        act,
    }
}

fn seen(path: &str, digest: [u8; 32], outcome: Outcome) -> Act {
    Act::Reviewed {
        parts: vec![PartSeen {
            path: path.to_owned(),
            digest,
            labels: LabelSet::EMPTY,
        }],
        outcome,
        because: "read".to_owned(),
    }
}

/// The parts after these records; the first identifies the item.
fn carried_out(mut parts: Vec<LabelledPart>, records: &[Record]) -> Vec<LabelledPart> {
    let digests: Vec<_> = (0..parts.len()).map(digest).collect();
    let mut item = Parts {
        parts: &mut parts,
        identifying: &[0],
        digests: &digests,
    };
    apply(&mut item, records, 0);
    parts
}

fn lowered(parts: Vec<LabelledPart>, path: &str, at: usize, labels: &[Label]) -> Vec<LabelledPart> {
    let labels = LabelSet::of(labels.iter().copied());
    let records = [
        record(1, 1, seen(path, digest(at), Outcome::Lowered(labels))),
        record(
            2,
            2,
            Act::Approved {
                proposal: ReviewId(Uuid::from_u128(1)),
            },
        ),
    ];
    carried_out(parts, &records)
}

/// What other parts took from a lowered one goes with it, and only that.
#[test]
fn a_lowering_takes_along_what_came_from_it() {
    let code = || {
        piece(
            "code",
            &[HIV, Label::Violence],
            vec![
                basis(BasisKind::Text, HIV, Some("code")),
                basis(BasisKind::Text, Label::Violence, Some("code")),
            ],
        )
    };
    let others = || {
        vec![
            piece(
                "a",
                &[HIV, Label::Violence],
                vec![
                    basis(BasisKind::Reference, HIV, Some("code")),
                    basis(BasisKind::Reference, Label::Violence, Some("code")),
                ],
            ),
            piece(
                "b",
                &[HIV],
                vec![basis(BasisKind::Reference, HIV, Some("item"))],
            ),
            piece(
                "c",
                &[HIV],
                vec![basis(BasisKind::Reference, HIV, Some("Condition/x"))],
            ),
            piece("d", &[HIV], vec![basis(BasisKind::Text, HIV, Some("code"))]),
            piece(
                "e",
                &[HIV],
                vec![
                    basis(BasisKind::Reference, HIV, Some("code")),
                    basis(BasisKind::Reference, HIV, Some("Encounter/x")),
                ],
            ),
            piece("f", &[HIV], vec![]),
        ]
    };
    let has = |parts: &[LabelledPart]| -> Vec<bool> {
        parts.iter().map(|part| part.labels.has(HIV)).collect()
    };
    let mut parts = vec![code()];
    parts.extend(others());
    let after = lowered(parts, "code", 0, &[HIV]);
    assert_eq!(has(&after), [false, false, false, true, true, true, true]);
    assert!(after[0].labels == LabelSet::of([Label::Violence]));
    assert!(after[1].labels.has(Label::Violence));
    let kinds: Vec<_> = after[0]
        .basis
        .iter()
        .map(|basis| (basis.kind, basis.label))
        .collect();
    assert_eq!(
        kinds,
        [
            (BasisKind::Text, Label::Violence),
            (BasisKind::Reviewed, Label::General)
        ]
    );
    assert_eq!(after[5].basis.len(), 1);

    // Told by a code elsewhere, what the whole item gave stays; of another label's code it does not.
    for (kind, told, stays) in [
        (BasisKind::Code, HIV, true),
        (BasisKind::Incoming, HIV, true),
        (BasisKind::Text, HIV, false),
        (BasisKind::Code, Label::Violence, false),
    ] {
        let mut parts = vec![code()];
        parts.extend(others());
        parts.push(piece("z", &[told], vec![basis(kind, told, None)]));
        let after = lowered(parts, "code", 0, &[HIV]);
        assert_eq!(after[2].labels.has(HIV), stays, "{kind:?}");
        assert!(!after[1].labels.has(HIV) && after[3].labels.has(HIV));
    }
}

/// A lowering of what is not there, or what may not be taken off, changes nothing: the part still waits.
#[test]
fn a_lowering_that_takes_nothing_settles_nothing() {
    let mut waits = piece(
        "code",
        &[HIV, Label::Unclassified],
        vec![basis(BasisKind::Incoming, HIV, None)],
    );
    waits.review = Some(Review::FreeText);
    for labels in [&[HIV][..], &[Label::Violence]] {
        let after = lowered(vec![waits.clone()], "code", 0, labels);
        assert!(after[0] == waits);
    }
    let mut restricted = piece(
        "code",
        &[HIV, Label::Unclassified],
        vec![basis(BasisKind::Text, HIV, None)],
    );
    restricted.review = Some(Review::IncomingRestriction);
    let after = lowered(vec![restricted.clone()], "code", 0, &[HIV]);
    assert!(after[0] == restricted);
}

/// A raise whose part is gone goes to all that is like it, and to nothing else.
#[test]
fn a_raise_of_what_is_gone_goes_to_its_like() {
    let parts = || {
        vec![
            piece("code", &[], vec![]),
            piece("note[0]", &[], vec![]),
            piece("status", &[], vec![]),
            piece("note[1]", &[], vec![]),
            piece("reaction[0]", &[], vec![]),
        ]
    };
    let raise = |path: &str, digest| {
        let outcome = Outcome::Raised(LabelSet::of([HIV]));
        let after = carried_out(parts(), &[record(1, 1, seen(path, digest, outcome))]);
        let has: Vec<String> = after
            .iter()
            .filter(|part| part.labels.has(HIV))
            .map(|part| part.path.clone())
            .collect();
        has.join(" ")
    };
    assert_eq!(raise("note[7]", [99; 32]), "note[0] note[1]");
    assert_eq!(
        raise("reaction[3]", [99; 32]),
        "note[0] note[1] reaction[0]"
    );
    assert_eq!(
        raise("reaction[0]", [99; 32]),
        "note[0] note[1] reaction[0]"
    );
    assert_eq!(raise("status", digest(2)), "note[0] status note[1]");
    assert_eq!(
        raise("code", digest(0)),
        "code note[0] status note[1] reaction[0]"
    );
    assert_eq!(raise("gone", [99; 32]), "");
}

/// Labels that are raised reach the elements in which people write, and those alone.
#[test]
fn a_raise_reaches_the_words_of_the_item() {
    let worded = [
        "note[0]",
        "content[0]",
        "conclusion",
        "description",
        "comment",
        "section[0]",
        "presentedForm[0]",
        "patientInstruction",
        "valueString",
    ];
    let mut parts = vec![piece("code", &[], vec![]), piece("bodySite", &[], vec![])];
    parts.extend(worded.iter().map(|path| piece(path, &[], vec![])));
    parts.push(piece("onsetDateTime", &[], vec![]));
    let outcome = Outcome::Raised(LabelSet::of([HIV]));
    let after = carried_out(parts, &[record(1, 1, seen("bodySite", digest(1), outcome))]);
    for part in &after {
        let expected = part.path == "bodySite" || worded.contains(&part.path.as_str());
        assert_eq!(part.labels.has(HIV), expected, "{}", part.path);
    }
}

/// What waits says so; each conflict has words of its own, and a record tells nothing of what was said.
#[test]
fn what_waits_is_told_plainly() {
    assert!(Waiting::default().is_empty());
    let waits = piece("code", &[Label::Unclassified], vec![]);
    assert!(!waiting(&[waits], &[digest(0)], &[]).is_empty());
    assert!(waiting(&[piece("code", &[], vec![])], &[digest(0)], &[]).is_empty());
    assert_eq!(
        Conflict::CameUnrestricted.words(),
        "It came marked as not restricted, and our rules find something sensitive in it."
    );
    assert_eq!(
        Conflict::WordsAgainstCode.words(),
        "Its code is ordinary, and its words say something sensitive."
    );
    let told = format!("{:?}", record(1, 1, Act::KeptPrivate));
    assert!(told.starts_with("Record { id: "), "{told}");
    assert!(!told.contains("Kept"), "{told}");
}

/// The labels of an item are those of all its parts together (POLICY §1).
#[test]
fn an_item_has_the_labels_of_its_parts() {
    let item = of(
        "Condition",
        "one",
        &json!({"code": ordinary(), "note": [{"text": "used heroin"}], "bodySite": [{"text": "HIV"}]}),
    );
    let world = label(&[item]);
    let labelled: &Labelled = &world.0["Condition/one"];
    assert!(labelled.labels().has(Label::Opioids) && labelled.labels().has(HIV));
}
