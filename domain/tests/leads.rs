//! Where parts lead: a reference tells of what it leads to, and is decided with it (POLICY §2, §4.2, §4.7b; LAW C4).

use crate::decide_case::{Case, ITEM, restriction, terms};
use crate::world::label;
use domain::consent::Scope;
use domain::id::{BatchId, ItemId, PersonId, ReviewId};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::labeling::review::{
    Act, Carried, Outcome, PartSeen, Parts, Record, apply, carry, digests,
};
use domain::party::{Party, Role};
use domain::purpose::Purpose;
use serde_json::{Value, json};
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

/// What was said of items by their identity.
type Said<'a> = &'a [(&'a str, Act)];

/// The record as an import keeps it: labelled by the rules, with what was said carried out, and carried on.
fn kept(resources: &[Value], said: Said<'_>) -> Vec<Carried> {
    let mut record: Vec<Carried> = label(resources)
        .0
        .into_iter()
        .map(|(identity, mut labelled)| {
            let resource = resources.iter().find(|one| {
                format!("{}/{}", one["resourceType"], one["id"]).replace('"', "") == identity
            });
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
    let sprain = record
        .iter_mut()
        .find(|item| item.facts.id == id_of("Condition/sprain"))
        .expect("it");
    for (part, basis) in sprain.facts.parts.iter_mut().zip(&mut sprain.basis) {
        part.labels = part.labels.without(Label::PatientRequested);
        basis.retain(|one| one.label != Label::PatientRequested);
    }
    carry(&mut record);
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
    let resources = [first.clone(), painkiller()];
    let labelled = label(&resources).0.remove("Condition/sprain").expect("it");
    let digests = digests(first.as_object().expect("an object"));
    let at = labelled.parts.iter().position(|part| part.path == "code");
    let at = at.expect("a code");
    let act = Act::Reviewed {
        parts: vec![PartSeen {
            path: "code".to_owned(),
            digest: digests[at],
            labels: labelled.parts[at].labels,
        }],
        outcome: Outcome::Raised(LabelSet::of([Label::Hiv])),
        because: "I have read it.".to_owned(),
    };
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
