//! Where parts lead: a reference tells of what it leads to, and is decided with it (POLICY §2, §4.2, §4.7b; LAW C4).

use crate::decide_case::{Case, ITEM, restriction, terms};
use crate::world::{ICD10, LOINC, RXNORM, World, concept, label, ordinary, to};
use domain::consent::Scope;
use domain::id::{BatchId, ItemId, PersonId, ReviewId};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::labeling::review::{
    Act, Carried, Outcome, PartSeen, Parts, Record, apply, carry, digests,
};
use domain::labeling::{Examiner, LabelledPart, examine, leads, parts};
use domain::party::{Party, Role};
use domain::purpose::Purpose;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const OTHER: ItemId = ItemId(Uuid::from_u128(0x77));
const VISIT: ItemId = ItemId(Uuid::from_u128(0x78));

/// A case whose part leads to another item.
fn leading(labels: &[Label]) -> Case {
    Case::new(labels).with(|case| case.item.parts[0].leads_to = vec![VISIT, OTHER])
}

/// POLICY §4.2: what leads to an item that a restriction keeps back is kept back with it; the rest of its item is not.
#[test]
fn what_leads_to_a_restricted_item_is_restricted() {
    let case = leading(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    assert!(case.permits());
    let restricted = case.with(|case| {
        let mut restriction = restriction(&[]);
        restriction.items = vec![OTHER];
        case.state.restrictions.push(restriction);
    });
    assert!(!restricted.permits());
    let elsewhere = restricted
        .clone()
        .with(|case| case.item.parts[0].leads_to = vec![VISIT]);
    assert!(elsewhere.permits());
    // So for the privacy officer who reviews it.
    let review = leading(&[]).in_review();
    assert!(review.permits());
    let mut state = restricted.state.clone();
    state.under_review = vec![ITEM];
    state.restrictions[0].recipients.clear();
    assert!(!review.with(|case| case.state = state).permits());
}

/// POLICY §4.7b: a consent that leaves an item out leaves out what leads to it; another consent may open that.
#[test]
fn what_leads_to_an_item_left_out_is_left_out() {
    let mut narrow = terms(&[Label::Hiv]);
    narrow.what = Scope {
        items_excluded: vec![OTHER],
        ..narrow.what
    };
    let case = leading(&[Label::Hiv]).consent(narrow);
    assert!(!case.permits());
    let elsewhere = case
        .clone()
        .with(|case| case.item.parts[0].leads_to = vec![VISIT]);
    assert!(elsewhere.permits());
    assert!(case.consent(terms(&[Label::Hiv])).permits());
}

/// POLICY §4.1: what leads to an item that is withheld from the patient is withheld from them.
#[test]
fn what_leads_to_a_withheld_item_is_withheld() {
    let case = leading(&[]).by_patient();
    assert!(case.permits());
    let withheld = case.with(|case| case.state.withheld = vec![OTHER]);
    assert!(!withheld.permits());
}

/// LAW C4, 164.522(a)(1)(vi): toward the plan, the claims for a service that was paid for in full are kept back: those
/// known when it was asked, and those that come later and lead to the service, its visit or such a claim. Other claims of
/// the patient are not, and what is no claim is not.
#[test]
fn the_claims_of_what_was_paid_in_full_are_kept_back() {
    let of = |kind: ItemKind, leads_to: Vec<ItemId>| {
        Case::new(&[])
            .role(Role::Billing)
            .purpose(Purpose::Payment)
            .kind(kind, "item[0]")
            .with(|case| {
                let mut opens = terms(&[Label::General]);
                opens.purposes = domain::purpose::PurposeSet::of([Purpose::Payment]);
                *case = case.clone().consent(opens);
                case.item.parts[0].leads_to = leads_to;
                let mut restriction = restriction(&[]);
                restriction.recipients = vec![Party::Person(case.viewer.person)];
                restriction.items = vec![OTHER];
                restriction.billing = vec![VISIT];
                restriction.paid_in_full = true;
                case.state.restrictions.push(restriction);
            })
    };
    assert!(of(ItemKind::Claim, Vec::new()).permits());
    assert!(!of(ItemKind::Claim, vec![OTHER]).permits());
    assert!(!of(ItemKind::Claim, vec![VISIT]).permits());
    let known =
        of(ItemKind::Claim, Vec::new()).with(|case| case.state.restrictions[0].billing.push(ITEM));
    assert!(!known.permits());
    // All of the claim, not only the line that leads there.
    let lines = of(ItemKind::Claim, Vec::new()).with(|case| {
        case.item.parts.push(PartFacts {
            path: "item[1]".to_owned(),
            labels: LabelSet::EMPTY,
            leads_to: vec![VISIT],
        });
    });
    assert!(!lines.permits());
    let treating = |leads_to: Vec<ItemId>| {
        of(ItemKind::Result, leads_to)
            .role(Role::Clinician)
            .purpose(Purpose::Treatment)
            .consent(terms(&[Label::General]))
    };
    assert!(treating(vec![VISIT]).permits());
    assert!(!treating(vec![OTHER]).permits());
}

fn id_of(identity: &str) -> ItemId {
    ItemId::derived("test", identity)
}

fn identity_of(resource: &Value) -> String {
    format!("{}/{}", resource["resourceType"], resource["id"]).replace('"', "")
}

/// What was said of items by their identity.
type Said<'a> = &'a [(&'a str, Act)];

/// The record as an import keeps it: labelled by the rules, with what was said carried out, and carried on.
fn kept(resources: &[Value], said: Said<'_>) -> Vec<Carried> {
    let mut record: Vec<Carried> = label(resources)
        .0
        .into_iter()
        .map(|(identity, mut labelled)| {
            let resource = resources.iter().find(|one| identity_of(one) == identity);
            let resource = resource.expect("it").as_object().expect("an object");
            let records = records(&identity, said);
            let digests = digests(resource);
            apply(&mut Parts::of(&mut labelled, &digests), &records, 0);
            let facts = ItemFacts {
                id: id_of(&identity),
                resource_type: labelled.resource_type,
                kind: labelled.kind,
                sources: Vec::new(),
                authors: Vec::new(),
                service: None,
                when: None,
                recorded: chrono::DateTime::UNIX_EPOCH,
                batch: BatchId(Uuid::nil()),
                parts: labelled
                    .parts
                    .iter()
                    .map(|part| PartFacts {
                        path: part.path.clone(),
                        labels: part.labels,
                        leads_to: part.leads_to.iter().map(|to| id_of(to)).collect(),
                    })
                    .collect(),
                identifying: labelled.identifying,
            };
            let basis = labelled.parts.into_iter().map(|part| part.basis).collect();
            Carried { facts, basis }
        })
        .collect();
    carry(&mut record);
    record
}

fn records(identity: &str, said: Said<'_>) -> Vec<Record> {
    said.iter()
        .filter(|(of, _)| *of == identity)
        .map(|(_, act)| Record {
            id: ReviewId(Uuid::from_u128(1)),
            item: id_of(identity),
            by: PersonId(Uuid::from_u128(1)),
            at: chrono::DateTime::UNIX_EPOCH,
            act: act.clone(),
        })
        .collect()
}

/// A reviewer raises HIV on the part at that path.
fn raised(resource: &Value, path: &str) -> Act {
    let resource = resource.as_object().expect("an object");
    let mut split = parts::split(resource).into_iter();
    let at = split.position(|part| part.path == path);
    Act::Reviewed {
        parts: vec![PartSeen {
            path: path.to_owned(),
            digest: digests(resource)[at.expect("the part")],
            labels: LabelSet::EMPTY,
        }],
        outcome: Outcome::Raised(LabelSet::of([Label::Hiv])),
        because: "I have read it.".to_owned(),
    }
}

/// Says something of one item of a record, as the store does between two imports.
fn say(record: &mut [Carried], resource: &Value, act: Act) {
    let identity = identity_of(resource);
    let item = record
        .iter_mut()
        .find(|item| item.facts.id == id_of(&identity));
    let Carried { facts, basis } = item.expect("the item");
    let mut parts: Vec<LabelledPart> = facts
        .parts
        .iter()
        .zip(basis.iter())
        .map(|(part, basis)| LabelledPart {
            path: part.path.clone(),
            labels: part.labels,
            basis: basis.clone(),
            review: None,
            conflict: None,
            leads_to: Vec::new(),
        })
        .collect();
    let digests = digests(resource.as_object().expect("an object"));
    let mut said = Parts {
        parts: &mut parts,
        identifying: &facts.identifying,
        digests: &digests,
    };
    apply(
        &mut said,
        &records(&identity, &[(identity.as_str(), act)]),
        0,
    );
    for ((known, basis), part) in facts.parts.iter_mut().zip(basis).zip(parts) {
        known.labels = part.labels;
        *basis = part.basis;
    }
    carry(record);
}

/// A label of one item goes, whatever it rests on, and what it gave to others with it.
fn take_back(record: &mut [Carried], identity: &str, label: Label) {
    let item = record
        .iter_mut()
        .find(|item| item.facts.id == id_of(identity));
    let Carried { facts, basis } = item.expect("the item");
    for (part, basis) in facts.parts.iter_mut().zip(basis) {
        part.labels = part.labels.without(label);
        basis.retain(|one| one.label != label);
    }
    carry(record);
}

fn labels(record: &[Carried], identity: &str, path: &str) -> LabelSet {
    let item = record.iter().find(|item| item.facts.id == id_of(identity));
    let parts = &item.expect("the item").facts.parts;
    let part = parts.iter().find(|part| part.path == path);
    part.expect("the part").labels
}

const PATIENT: &str = "Patient/1";

fn sprain() -> Value {
    json!({
        "resourceType": "Condition", "id": "sprain",
        "subject": { "reference": PATIENT },
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "44465007" }], "text": "Sprain of ankle" },
    })
}

fn painkiller() -> Value {
    json!({
        "resourceType": "MedicationRequest", "id": "painkiller", "status": "active", "intent": "order",
        "subject": { "reference": PATIENT },
        "medicationCodeableConcept": { "coding": [{ "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "5640", "display": "ibuprofen" }] },
        "reasonReference": [{ "reference": "Condition/sprain", "display": "Sprain of ankle" }],
    })
}

/// POLICY §2, `PRS`: what leads to an item that the patient keeps private is private, whatever it says of it; the rest of
/// its own item is not. Taken back, it goes.
#[test]
fn what_leads_to_a_private_item_is_private() {
    let resources = [sprain(), painkiller()];
    let open = kept(&resources, &[]);
    let reason = "reasonReference[0]";
    let prs = |record: &[Carried], identity: &str, path: &str| {
        labels(record, identity, path).has(Label::PatientRequested)
    };
    assert!(!prs(&open, "MedicationRequest/painkiller", reason));
    let mut record = kept(&resources, &[("Condition/sprain", Act::KeptPrivate)]);
    assert!(prs(&record, "Condition/sprain", "code"));
    assert!(prs(&record, "MedicationRequest/painkiller", reason));
    assert!(!prs(
        &record,
        "MedicationRequest/painkiller",
        "medicationCodeableConcept"
    ));
    // Carried again it stays; taken back, nothing of it is left.
    carry(&mut record);
    assert!(prs(&record, "MedicationRequest/painkiller", reason));
    take_back(&mut record, "Condition/sprain", Label::PatientRequested);
    assert_eq!(record.len(), open.len());
    for (after, before) in record.iter().zip(&open) {
        assert!(after.facts == before.facts && after.basis == before.basis);
    }
}

/// POLICY §2: labels that a reviewer raised go with the references to the item, over two that lead to one another too.
#[test]
fn raised_labels_travel_with_references() {
    let mut first = sprain();
    first["evidence"] = json!([{ "detail": [{ "reference": "MedicationRequest/painkiller" }] }]);
    let act = raised(&first, "code");
    let resources = [first, painkiller()];
    let record = kept(&resources, &[("Condition/sprain", act)]);
    let reason = labels(
        &record,
        "MedicationRequest/painkiller",
        "reasonReference[0]",
    );
    assert!(reason.has(Label::Hiv));
    let drug = labels(
        &record,
        "MedicationRequest/painkiller",
        "medicationCodeableConcept",
    );
    // The whole item is about its reason, as it would be had a code said so.
    assert!(drug.has(Label::Hiv));
}

/// POLICY §2: what a reviewer raised on an item is its own, though the same label had come along a reference before: it
/// stays when that goes.
#[test]
fn a_raise_outlives_the_same_label_that_came_by_reference() {
    let resources = [sprain(), painkiller()];
    let drug = "medicationCodeableConcept";
    let mut record = kept(
        &resources,
        &[("Condition/sprain", raised(&sprain(), "code"))],
    );
    say(&mut record, &painkiller(), raised(&painkiller(), drug));
    take_back(&mut record, "Condition/sprain", Label::Hiv);
    assert!(!labels(&record, "Condition/sprain", "code").has(Label::Hiv));
    for path in [drug, "status", "subject"] {
        assert!(labels(&record, "MedicationRequest/painkiller", path).has(Label::Hiv));
    }
    // As it would be had it all been said before an import.
    let again = kept(
        &resources,
        &[("MedicationRequest/painkiller", raised(&painkiller(), drug))],
    );
    for (said, imported) in record.iter().zip(&again) {
        assert!(said.facts == imported.facts);
    }
}

/// A heart rate of that id.
fn heart_rate(id: &str) -> Value {
    json!({"resourceType": "Observation", "id": id, "status": "final", "code": concept(LOINC, "8867-4")})
}

/// A claim of one line that is about what the claim names so.
fn claim(more: &Value) -> Value {
    let mut claim = json!({"resourceType": "Claim", "id": "claim", "type": ordinary(), "total": {"value": 1, "currency": "USD"}});
    let map = claim.as_object_mut().expect("an object");
    map.extend(more.as_object().expect("an object").clone());
    claim
}

/// Items, where the code of each stands (as a pointer, and as the part's path), and what takes a label from it by the rules.
fn givers_and_takers() -> Vec<(Value, [&'static str; 2], Vec<Value>)> {
    let origin = |kind: &str| to(&format!("{kind}/origin"));
    let code = ["/code", "code"];
    vec![
        (
            json!({"resourceType": "Condition", "id": "origin", "code": {}}),
            code,
            vec![
                json!({"resourceType": "MedicationRequest", "id": "m", "status": "active",
                    "medicationCodeableConcept": concept(RXNORM, "5640"), "reasonReference": [origin("Condition")]}),
                json!({"resourceType": "EpisodeOfCare", "id": "e", "status": "active", "type": [ordinary()],
                    "diagnosis": [{"condition": origin("Condition")}]}),
                json!({"resourceType": "CarePlan", "id": "c", "status": "active", "category": [ordinary()],
                    "activity": [{"detail": {"status": "completed", "reasonReference": [origin("Condition")]}}]}),
                json!({"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed",
                    "questionnaire": "http://example.org/q", "item": [
                        {"linkId": "1", "answer": [{"valueReference": origin("Condition")}], "item": [{"linkId": "1.1"}]},
                        {"linkId": "2", "answer": [{"valueBoolean": true}]}]}),
                claim(
                    &json!({"diagnosis": [{"sequence": 1, "diagnosisReference": origin("Condition")}],
                    "item": [{"sequence": 1, "diagnosisSequence": [1], "productOrService": ordinary()}]}),
                ),
            ],
        ),
        (
            json!({"resourceType": "DiagnosticReport", "id": "origin", "status": "final", "code": {},
                "result": [to("Observation/o")]}),
            code,
            vec![heart_rate("o")],
        ),
        (
            json!({"resourceType": "Observation", "id": "origin", "status": "final", "code": {},
                "hasMember": [to("Observation/o")]}),
            code,
            vec![
                heart_rate("o"),
                json!({"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": ordinary(),
                    "result": [to("Observation/o")]}),
            ],
        ),
        (
            json!({"resourceType": "Encounter", "id": "origin", "status": "finished", "type": [{}]}),
            ["/type/0", "type[0]"],
            vec![
                json!({"resourceType": "Procedure", "id": "p", "status": "completed", "code": ordinary(),
                    "encounter": origin("Encounter")}),
                json!({"resourceType": "Condition", "id": "c", "code": ordinary(), "encounter": origin("Encounter")}),
            ],
        ),
        (
            json!({"resourceType": "MedicationRequest", "id": "origin", "status": "active", "medicationCodeableConcept": {}}),
            ["/medicationCodeableConcept", "medicationCodeableConcept"],
            vec![
                json!({"resourceType": "MedicationDispense", "id": "d", "status": "completed",
                    "medicationCodeableConcept": concept(RXNORM, "5640"), "authorizingPrescription": [origin("MedicationRequest")]}),
                claim(&json!({"prescription": origin("MedicationRequest"),
                    "item": [{"sequence": 1, "productOrService": ordinary()}]})),
            ],
        ),
        (
            json!({"resourceType": "Procedure", "id": "origin", "status": "completed", "code": {}}),
            code,
            vec![
                json!({"resourceType": "Procedure", "id": "piece", "status": "completed", "code": ordinary(),
                    "partOf": [origin("Procedure")]}),
            ],
        ),
    ]
}

/// Where HIV stands in a record.
fn hiv(resources: &[Value], record: &[Carried]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for identity in resources.iter().map(identity_of) {
        let item = record.iter().find(|item| item.facts.id == id_of(&identity));
        let parts = item.expect("the item").facts.parts.iter();
        let labelled = parts.filter(|part| part.labels.has(Label::Hiv));
        found.extend(labelled.map(|part| format!("{identity} {}", part.path)));
    }
    found
}

/// POLICY §2: a label that a person raised goes where one goes that a code gives.
#[test]
fn what_a_person_raises_goes_where_a_code_takes_it() {
    for (origin, [pointer, path], takers) in givers_and_takers() {
        let coded_as = |code: &str| {
            let mut origin = origin.clone();
            *origin.pointer_mut(pointer).expect("its code") = concept(ICD10, code);
            let mut resources = vec![origin];
            resources.extend(takers.iter().cloned());
            resources
        };
        let coded = coded_as("B20");
        let by_code = hiv(&coded, &kept(&coded, &[]));
        for taker in &takers {
            let identity = identity_of(taker);
            assert!(by_code.iter().any(|part| part.starts_with(&identity)));
        }
        let plain = coded_as("I10");
        assert!(hiv(&plain, &kept(&plain, &[])).is_empty());
        let identity = identity_of(&origin);
        let record = kept(&plain, &[(identity.as_str(), raised(&plain[0], path))]);
        assert_eq!(hiv(&plain, &record), by_code, "{identity}");
    }
}

/// POLICY §2: results are about what their report is about, and a mark is an item's own: of a private report they are not
/// private. Taken back, what the report gave goes.
#[test]
fn a_report_gives_its_results_what_it_is_about_and_no_mark() {
    let report = json!({"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": ordinary(),
        "result": [to("Observation/o")]});
    let resources = [report.clone(), heart_rate("o")];
    let said = [
        ("DiagnosticReport/r", Act::KeptPrivate),
        ("DiagnosticReport/r", raised(&report, "code")),
    ];
    let mut record = kept(&resources, &said);
    assert!(labels(&record, "DiagnosticReport/r", "code").has(Label::PatientRequested));
    for path in ["code", "status"] {
        let of_result = labels(&record, "Observation/o", path);
        assert!(of_result == LabelSet::of([Label::Hiv]), "{path}");
    }
    take_back(&mut record, "DiagnosticReport/r", Label::Hiv);
    assert!(hiv(&resources, &record).is_empty());
}

/// The ground of a label that came along a reference names the item it came from, whatever the order of the record.
#[test]
fn a_carried_label_names_the_item_it_came_from() {
    let mut other = sprain();
    other["id"] = json!("other");
    let mut result = heart_rate("o");
    result["focus"] = json!([to("Condition/sprain"), to("Condition/other")]);
    let said = [
        ("Condition/sprain", raised(&sprain(), "code")),
        ("Condition/other", raised(&other, "code")),
    ];
    let record = kept(&[sprain(), other, result], &said);
    let item = record
        .iter()
        .find(|item| item.facts.resource_type == "Observation")
        .expect("the result");
    let parts = item.facts.parts.iter().zip(&item.basis);
    for (path, from) in [("focus[0]", "sprain"), ("focus[1]", "other")] {
        let (_, basis) = parts
            .clone()
            .find(|(part, _)| part.path == path)
            .expect("it");
        let carried = basis.iter().find(|one| one.rule == "review.carried");
        let id = id_of(&format!("Condition/{from}"));
        let named = carried.expect("a ground").from.clone();
        assert_eq!(named, Some(format!("Condition/{id}")), "{path}");
    }
    let mut back = record.clone();
    back.reverse();
    carry(&mut back);
    back.reverse();
    for (one, other) in record.iter().zip(&back) {
        assert!(one.facts == other.facts && one.basis == other.basis);
    }
}

/// POLICY §2, never weakened: what has no form any more that can be labelled keeps the labels that the rules gave it, and
/// gives them to what refers to it. What people said of it comes from what they said.
#[test]
fn what_can_not_be_examined_any_more_keeps_its_labels() {
    let mut coded = sprain();
    coded["code"] = concept(ICD10, "F11.20");
    let record = kept(
        core::slice::from_ref(&coded),
        &[("Condition/sprain", raised(&coded, "code"))],
    );
    let Carried { facts, basis } = &record[0];
    let mut broken = sprain();
    broken["note"] = json!("a text where a list belongs");
    let mut examiner = Examiner::default();
    assert!(examiner.examine(&broken, None).is_err());
    let examined = vec![
        examiner
            .examine_kept(&broken, None, facts, basis)
            .expect("an object"),
        examine(&painkiller()).expect("a readable resource"),
    ];
    let world = World::settle(examined, &[]);
    // The note was no part then: it may be of any that were.
    for path in ["code", "subject", "note"] {
        assert!(
            world.has("Condition/sprain", path, Label::Opioids),
            "{path}"
        );
        assert!(!world.has("Condition/sprain", path, Label::Hiv), "{path}");
    }
    let reason = world.part("MedicationRequest/painkiller", "reasonReference[0]");
    assert!(reason.labels.has(Label::Opioids));
    assert_eq!(reason.leads_to, ["Condition/sprain"]);
    assert!(
        examiner
            .examine_kept(&json!([]), None, facts, basis)
            .is_err()
    );
}

/// Where parts lead is found without labelling, and is the same.
#[test]
fn leads_are_found_by_themselves() {
    let resources = [sprain(), painkiller()];
    let examined = resources.iter().map(|one| examine(one).expect("readable"));
    let found = leads(examined.collect());
    let world = label(&resources);
    for (resource, found) in resources.iter().zip(&found) {
        let parts = world.0[&identity_of(resource)].parts.iter();
        let known: Vec<Vec<String>> = parts.map(|part| part.leads_to.clone()).collect();
        assert_eq!(*found, known);
    }
    assert!(
        found
            .concat()
            .concat()
            .contains(&"Condition/sprain".to_owned())
    );
}
