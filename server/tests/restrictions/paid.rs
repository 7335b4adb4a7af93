//! What was paid for in full (LAW C4, 164.522(a)(1)(vi)).

use crate::office_labels::officer::JORDANS;
use crate::restrictions::{WHY, filled, offered, restriction_of, say};
use crate::support::records::{JORDAN, PRACTICE};
use crate::support::{Picks, TestPortal};
use domain::decide::{Action, Decider};
use domain::id::ItemId;
use domain::item::ItemKind;
use domain::party::{Membership, Party, Role, Span, Viewer};
use domain::purpose::Purpose;
use domain::state::RestrictionState;
use portal::import::person_id;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Chart, Event};

const PROGRAM: &str = "Harbor Light";
const PLAN: &str = "Northwind Health Plan";

/// Whether somebody who works for that plan would be kept from an item by a restriction, whatever else opens it.
async fn is_kept_back(portal: &TestPortal, of: domain::id::ItemId) -> bool {
    let patient = portal.patient_id("Jordan Reyes").await;
    let chart = portal.portal.store().chart(patient).await;
    let chart = chart.expect("an answer").expect("a chart");
    let now = portal.portal.now();
    let plan = chart
        .state
        .restrictions
        .iter()
        .flat_map(|one| one.recipients.iter())
        .find_map(|party| match party {
            Party::Organization(plan) => Some(*plan),
            Party::Person(_) => None,
        })
        .expect("a plan");
    let viewer = Viewer {
        person: domain::id::PersonId(uuid::Uuid::from_u128(9)),
        role: Role::Billing,
        subject_of: None,
        memberships: vec![Membership {
            organization: plan,
            role: Role::Billing,
            span: Span {
                from: now,
                until: None,
            },
        }],
    };
    let decider = Decider::new(&viewer, Action::View, Purpose::Payment, now, &chart.state);
    let item = chart.items.iter().find(|item| item.id == of).expect("it");
    let binds = chart.state.restrictions.iter().any(|one| {
        one.binds(now) && one.items.contains(&of) && one.recipients == [Party::Organization(plan)]
    });
    binds && decider.labels(item).is_none()
}

/// A visit that came from the program.
async fn visit_of_program(portal: &TestPortal) -> ItemId {
    let patient = portal.patient_id("Jordan Reyes").await;
    let chart = portal.portal.store().chart(patient).await;
    let chart = chart.expect("an answer").expect("a chart");
    let mut jordan = portal.jordan().await;
    for visit in chart
        .items
        .iter()
        .filter(|item| item.kind == ItemKind::Encounter)
    {
        let path = format!("/restrictions/new?item={}", visit.id);
        let page = jordan.get(&path).await.expect(200);
        if offered(&page, "organization", PROGRAM).is_some() {
            return visit.id;
        }
    }
    panic!("no visit of the program");
}

/// It works at once, can't be refused or ended by the organization, only asked about; the patient alone ends it.
#[tokio::test]
async fn it_must_be_agreed_to() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let visit = visit_of_program(&portal).await;
    let page = jordan.get(&format!("/records/{visit}")).await.expect(200);
    let way = format!("/restrictions/new?item={visit}");
    assert!(page.links().contains(&way));
    let page = jordan
        .get(&way)
        .await
        .expect(200)
        .shows("It is about the item that you chose");
    // A person is no health plan.
    let form = filled(&page, PROGRAM, "Okafor").choose("paid", "yes");
    jordan
        .submit(&form)
        .await
        .expect(422)
        .shows("This is for a health plan only.")
        .shows(WHY);
    let form = filled(&page, PROGRAM, PLAN).choose("paid", "yes");
    let asked = jordan.submit(&form).await.expect(303);
    let id = restriction_of(&asked);
    jordan
        .get(&format!("/restrictions/{id}"))
        .await
        .expect(200)
        .shows("In force: they must keep it back");
    assert!(is_kept_back(&portal, visit).await);

    let mut officer = portal.solberg().await;
    let path = format!("/office/restrictions/{id}");
    let page = officer
        .get(&path)
        .await
        .expect(200)
        .shows("you can't refuse or end it");
    let text = page.text();
    assert!(!text.contains("We do not agree") && !text.contains("End what we agreed to"));
    for said in ["refuse", "end"] {
        let body = format!("say={said}&words=We+would+rather+not+do+that");
        officer
            .post(&path, body)
            .await
            .expect(422)
            .shows("you can't refuse or end it");
    }
    say(&mut officer, id, "question", "Can you show us the receipt?")
        .await
        .shows("Can you show us the receipt?")
        .shows("In force: they must keep it back");
    assert!(
        is_kept_back(&portal, visit).await,
        "a question changes nothing"
    );
    say(&mut officer, id, "agree", "")
        .await
        .shows("In force: they said yes");
    officer
        .post(&path, "say=end&words=We+would+rather+not+do+that")
        .await
        .expect(422)
        .shows("you can't refuse or end it");
    assert!(is_kept_back(&portal, visit).await);

    let asked = portal.portal.store().restriction(patient, id).await;
    let (restriction, request) = asked.expect("an answer").expect("it");
    assert!(matches!(restriction.state, RestrictionState::Agreed { .. }));
    assert_eq!(request.questions.len(), 1);
    let events = portal.since(patient, 0).await;
    assert!(events.iter().any(|one| matches!(
        one.body.event,
        Event::RestrictionQuestioned { restriction } if restriction == id
    )));
    portal.assert_sound().await;
}

/// A visit and how it is billed: a claim for it, and what the plan made of that claim; and a claim of something else.
fn billed() -> Vec<Value> {
    let of = |kind: &str, id: &str, rest: &Value| {
        let mut resource = json!({
            "resourceType": kind,
            "id": id,
            "meta": { "source": format!("http://demo.confide.example/fhir/Organization/{PRACTICE}") },
            "patient": { "reference": JORDANS },
            "created": "2026-09-07",
        });
        for (name, value) in rest.as_object().expect("an object") {
            resource[name] = value.clone();
        }
        resource
    };
    let line = json!([{ "sequence": 1, "encounter": [{ "reference": "Encounter/paid-visit" }] }]);
    let mut visit = of("Encounter", "paid-visit", &json!({ "status": "finished" }));
    visit["subject"] = json!({ "reference": JORDANS });
    visit.as_object_mut().expect("an object").remove("patient");
    visit["period"] = json!({ "start": "2026-09-07", "end": "2026-09-07" });
    vec![
        visit,
        of("Claim", "paid-claim", &json!({ "item": line })),
        of(
            "ExplanationOfBenefit",
            "paid-benefit",
            &json!({ "claim": { "reference": "Claim/paid-claim" } }),
        ),
        of("Claim", "paid-other", &json!({ "use": "claim" })),
    ]
}

/// What came after the patient asked: what the plan made of the claim, another claim for the visit, and the answer to it.
fn later() -> Vec<Value> {
    let [_, mut claim, mut benefit, mut answer] = <[Value; 4]>::try_from(billed()).expect("four");
    benefit["id"] = "paid-benefit-later".into();
    claim["id"] = "paid-claim-later".into();
    answer["resourceType"] = "ClaimResponse".into();
    answer["id"] = "paid-answer".into();
    answer["request"] = json!({ "reference": "Claim/paid-claim-later" });
    vec![benefit, claim, answer]
}

/// LAW C4, 164.522(a)(1)(vi): the plan gets no claim for it: none that is there, and none that comes later.
#[tokio::test]
async fn its_claims_are_kept_back_too() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let known = store.items(patient).await.expect("items");
    let known: BTreeSet<ItemId> = known.iter().map(|item| item.id).collect();
    portal.add(JORDAN, &billed()).await;
    let mut jordan = portal.jordan().await;
    let opens_all = Picks {
        purposes: &["payment"],
        ..Picks::OKAFOR_TREATS
    };
    jordan.share(&opens_all).await;
    let items = store.items(patient).await.expect("items");
    let mut new = items.iter().filter(|item| !known.contains(&item.id));
    let visit = new.find(|item| item.kind == ItemKind::Encounter);
    let visit = visit.expect("the visit").id;
    let page = jordan.get(&format!("/restrictions/new?item={visit}")).await;
    let form = filled(&page.expect(200), "Maple Street", PLAN).choose("paid", "yes");
    let id = restriction_of(&jordan.submit(&form).await.expect(303));
    portal.add(JORDAN, &later()).await;

    let asked = store.restriction(patient, id).await.expect("an answer");
    let (restriction, _) = asked.expect("it");
    assert_eq!(restriction.items, [visit]);
    let Some(Party::Organization(plan)) = restriction.recipients.first().copied() else {
        panic!("a plan")
    };
    // Somebody of the plan to whom a consent opens everything.
    let now = portal.portal.now();
    let viewer = Viewer {
        person: person_id("Practitioner/prac-okafor"),
        role: Role::Billing,
        subject_of: None,
        memberships: vec![Membership {
            organization: plan,
            role: Role::Billing,
            span: Span {
                from: now,
                until: None,
            },
        }],
    };
    let chart = store.chart(patient).await.expect("an answer");
    let mut chart = chart.expect("a chart");
    let seen = |chart: &Chart| -> usize {
        let (action, purpose) = (Action::Export, Purpose::Payment);
        let decider = Decider::new(&viewer, action, purpose, now, &chart.state);
        let claims = chart.items.iter().filter(|item| {
            item.kind == ItemKind::Claim
                && !known.contains(&item.id)
                && decider.labels(item).is_some()
        });
        claims.count()
    };
    assert_eq!(seen(&chart), 1, "only the other claim");
    chart.state.restrictions.clear();
    assert_eq!(seen(&chart), 6, "without the restriction, all of them");
    portal.assert_sound().await;
}

/// Without an item nothing was paid for.
#[tokio::test]
async fn it_is_about_one_service() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let page = jordan.get("/restrictions/new").await.expect(200);
    let form = filled(&page, PROGRAM, PLAN).choose("segments", "substance-use");
    let body = format!("{}&paid=yes", form.encoded());
    jordan
        .post("/restrictions/new", body)
        .await
        .expect(422)
        .shows("Choose at least one part.");
}
